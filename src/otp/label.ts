import { failType } from '../internal/asserts.js';
import { hasControl } from '../internal/characters.js';

/** Who a secret belongs to, as an authenticator app shows it. */
export interface Label {
  /** The service: not blank, no colon, no control character. */
  readonly issuer: string;
  /** The customer at that service, for example a customer number: not blank, no colon, no control character, no leading space. */
  readonly account: string;
}

/** Asserts that issuer and account can be told apart again by every app. */
export function assertLabel({ issuer, account }: { issuer: unknown; account: unknown }): void {
  assertPart('issuer', issuer, /\S/);
  // Apps, and the key URI format, skip spaces behind the colon.
  assertPart('account', account, /^[^ ].*\S|^\S/s);
}

function assertPart(name: string, value: unknown, form: RegExp): void {
  if (typeof value === 'string' && form.test(value) && !value.includes(':') && !hasControl(value)) return;
  failType(name, 'text without colon, control characters and leading space', value);
}
