import { assertAddress, assertName } from '../email-token/request.js';
import { assertOptions, assertString } from '../internal/asserts.js';
import type { BeginRequest } from './contract.js';

/** Asserts whom a request is about, and that it holds nothing besides that and the `others`. */
export function assertRequest(request: unknown, others: readonly string[]): void {
  assertOptions('request', request, ['userId', ...others]);
  assertName('userId', (request as Record<string, unknown>)['userId']);
}

/** Asserts a wish to begin a login. */
export function assertBeginRequest(request: BeginRequest): void {
  assertRequest(request, ['email', 'locale']);
  const { email, locale } = request as { email: unknown; locale: unknown };
  if (email !== null) assertAddress('email', email);
  if (locale !== undefined) assertString('locale', locale);
}
