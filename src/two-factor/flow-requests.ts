import {
  assertAddress,
  assertName,
  assertOptionalBoolean,
  assertString,
  failType,
  failValue,
  readOptions,
} from '../internal/asserts.js';
import type { Algorithm, Digits } from '../otp/parameters.js';
import type { Secret } from '../otp/secret.js';
import type { Instant } from '../otp/totp.js';

/** The factor while no app is active. */
export type Fallback = 'email' | 'none';

/** Arguments of {@link TwoFactor.begin}. Call it after the password was right, or with `email: null`. */
export interface BeginRequest {
  /**
   * The customer: from 1 to 512 characters. Pass the primary key that your database returned, never what was typed:
   * another spelling is another account.
   */
  readonly userId: string;
  /**
   * The address on file. Pass null for an unknown customer and for a wrong password: the answer looks like a login by
   * mail, but nothing is sent, and the customer's own tokens are left alone.
   */
  readonly email: string | null;
  /** What the code will be for: `'login'` by default. Pass the same to `complete`. */
  readonly purpose?: string | undefined;
  /** The language of the mail, such as `'de'` or `'en-GB'`; English by default. */
  readonly locale?: string | undefined;
  /**
   * Any value: it is passed on to `render`, `send` and the events. The built-in mails read `timeZone` from it, such as
   * `'Europe/Berlin'`.
   */
  readonly context?: unknown;
  /** The value of the customer's browser cookie, as the request had it; see {@link CompleteResult}. */
  readonly browser?: unknown;
  /**
   * Says that your own table notes an app for this customer. If the store has lost its record, the answer is then
   * `lost`, and never a weaker factor.
   */
  readonly expect?: 'authenticator' | undefined;
}

/** Arguments of {@link TwoFactor.complete}. */
export interface CompleteRequest {
  /** The customer that `begin` was called with. */
  readonly userId: string;
  /** The purpose that `begin` was called with: `'login'` by default. */
  readonly purpose?: string | undefined;
  /** What `begin` returned, kept in the session of the half-done login. */
  readonly challenge: unknown;
  /** What the person typed, whatever that is: the digits of the app or the mail, a recovery code, or the long code. */
  readonly code: unknown;
  /** The value of the customer's browser cookie, as the request had it. */
  readonly browser?: unknown;
  /** Whether the person ticked "remember this browser"; false by default. It needs `browsers.rememberSeconds`. */
  readonly remember?: boolean | undefined;
}

/** Arguments of {@link TwoFactor.beginActivation}. */
export interface ActivationRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** What the app shows beside the issuer, for example the customer number; see {@link formatOtpauthUri}. */
  readonly account: string;
  /** The customer's name for this app: from 1 to 100 characters; `'Authenticator app'` by default. */
  readonly name?: string | undefined;
  /** The service's name in the app; the `issuer` option by default. */
  readonly issuer?: string | undefined;
}

/** Arguments of {@link TwoFactor.confirmActivation}. */
export interface ConfirmRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** What the person typed as the code of the new app. */
  readonly code: unknown;
  /**
   * Needed while an app is active: a current code of an active app, a recovery code, or the `proof` that `complete`
   * returned for a recovery code.
   */
  readonly proof?: unknown;
}

/** Arguments of {@link TwoFactor.renewRecoveryCodes}. */
export interface CodeRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** What the person typed, whatever that is. */
  readonly code: unknown;
}

/** Arguments of {@link TwoFactor.deactivate}. */
export interface DeactivateRequest extends CodeRequest {
  /** Which app: its id from `status`, or `'all'`. It may be left out while there is only one. */
  readonly app?: string | undefined;
}

/** Arguments of {@link TwoFactor.adopt}. */
export interface AdoptRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** The secret that the customer's app holds already. */
  readonly secret: Secret;
  /** `'SHA1'` (the default), `'SHA256'` or `'SHA512'`. */
  readonly algorithm?: Algorithm | undefined;
  /** 6 (the default), 7 or 8. */
  readonly digits?: Digits | undefined;
  /** Seconds per time step: from 1 to 86,400; 30 by default. */
  readonly period?: number | undefined;
  /** The newest time step that the other system accepted; none by default. */
  readonly lastTimeStep?: number | undefined;
  /** The learned offset of the app's clock in steps, from -10 to 10; 0 by default. */
  readonly drift?: number | undefined;
  /** The customer's name for this app: from 1 to 100 characters; `'Authenticator app'` by default. */
  readonly name?: string | undefined;
  /** When the app was activated in the other system; now by default. */
  readonly activatedAt?: Instant | undefined;
  /** Whether to make recovery codes; false by default, since a migration has nobody to show them to. */
  readonly recoveryCodes?: boolean | undefined;
}

/** Arguments of {@link TwoFactor.forgetBrowsers}. */
export interface ForgetBrowsersRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** Which browser: the value of its cookie, or its id from `status`; all of them if it is left out. */
  readonly browser?: unknown;
}

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

/** Asserts a user id that is passed on its own. */
export function assertUserId(userId: unknown): asserts userId is string {
  if (typeof userId === 'object') failType('userId', 'text, not an object', userId);
  assertName('userId', userId);
}
