import { assertString } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';

/** Who a secret belongs to, as an authenticator app shows it. */
export interface Label {
  /** The service: not blank, no colon, no control character. */
  readonly issuer: string;
  /** The customer at that service, for example a customer number: not blank, no colon, no control character, no leading space. */
  readonly account: string;
}

/** Asserts that issuer and account can be told apart again by every app. */
export function assertLabel({ issuer, account }: { issuer: unknown; account: unknown }): void {
  assertPart('issuer', issuer);
  assertPart('account', account);
  // Apps, and the key URI format, skip spaces behind the colon.
  if (account.startsWith(' ')) fail('account', 'must not begin with a space');
}

function assertPart(name: string, value: unknown): asserts value is string {
  assertString(name, value);
  if (value.trim() === '') fail(name, 'must not be blank');
  if (value.includes(':')) fail(name, 'must not hold a colon, which separates issuer and account');
  if (/\p{Cc}/u.test(value)) fail(name, 'must not hold a control character');
  if (/\p{Surrogate}/u.test(value)) fail(name, 'must be well-formed Unicode');
}

function fail(name: string, what: string): never {
  throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} ${what}`);
}
