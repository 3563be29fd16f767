import {
  assertOptionalBoolean,
  assertString,
  failType,
  failValue,
  readOptions,
} from '../internal/asserts.js';
import { assertAddress, assertName } from '../internal/names.js';
import type { BeginRequest, CompleteRequest } from './flow-requests.js';

/** Reads arguments that name a customer. */
export function readRequest<Request extends { readonly userId: string }>(
  request: Request,
  others: readonly string[],
): Request {
  const own = readOptions('request', request, ['userId', ...others]);
  assertName('userId', own.userId);
  return own;
}

/** Reads the arguments of `begin`. */
export function readBeginRequest(request: BeginRequest): BeginRequest {
  const names = ['email', 'purpose', 'locale', 'context', 'browser', 'expect'];
  const own = readRequest(request, names);
  if (own.email !== null) assertAddress('email', own.email);
  if (own.purpose !== undefined) assertName('purpose', own.purpose);
  if (own.locale !== undefined) assertString('locale', own.locale);
  const expect: unknown = own.expect;
  if (expect !== undefined && expect !== 'authenticator') failValue('expect', "'authenticator' or left out");
  return own;
}

/** Reads the arguments of `complete`; challenge, code and browser may be anything. */
export function readCompleteRequest(request: CompleteRequest): CompleteRequest {
  const names = ['purpose', 'challenge', 'code', 'browser', 'remember'];
  const own = readRequest(request, names);
  if (own.purpose !== undefined) assertName('purpose', own.purpose);
  assertOptionalBoolean('remember', own.remember);
  return own;
}

/** Asserts a customer that stands for itself. */
export function assertUserId(userId: unknown): asserts userId is string {
  if (typeof userId === 'object') failType('userId', 'text, not an object', userId);
  assertName('userId', userId);
}
