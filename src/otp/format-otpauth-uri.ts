import { assertInteger, assertString, failRange, failValue, readOptions } from '../internal/asserts.js';
import { hasControl } from '../internal/characters.js';
import { MAX_COUNTER, resolveParameters, type TotpParameters } from './parameters.js';
import { assertSecret, type Secret } from './secret.js';

/** The name of a secret, as an authenticator app shows it. */
export interface Label {
  /** The service: 1 to 200 characters, not blank, without colon and control characters. */
  readonly issuer: string;
  /**
   * The customer at that service, for example a customer number: 1 to 200 characters, not blank, without colon, control
   * characters and leading space.
   */
  readonly account: string;
}

/** Options of {@link formatOtpauthUri}. */
export interface FormatOtpauthUriOptions extends Label, TotpParameters {
  /** `'totp'` (the default) or `'hotp'`. */
  readonly type?: 'totp' | 'hotp' | undefined;
  /** The first counter of a `'hotp'` secret: an integer from 0 to 2^53 - 1; 0 by default. */
  readonly counter?: number | undefined;
  /** The https address of a picture, in ASCII; FreeOTP shows it, other apps ignore it. */
  readonly image?: string | undefined;
}

/**
 * Formats the otpauth URI that an authenticator app scans, in the form that every app reads: issuer in both
 * places, `secret` first, pure ASCII, and the parameters either all or, when they are the defaults, not at all.
 *
 * @param secret - the secret to hand over: the URI contains it
 * @param options - `issuer` and `account`: required, see {@link Label}; `type`: 'totp' by default; `counter`: 0 by default,
 *   for 'hotp' only; `image`; `algorithm`: 'SHA1' by default; `digits`: 6 by default; `period`: seconds, 30 by default, for
 *   'totp' only; `t0` only as 0, since a URI cannot say it
 * @returns the URI, at most 2,331 characters: what a QR code holds
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @see The source of each rule: https://github.com/google/google-authenticator/wiki/Key-Uri-Format and the parsers
 *   of the apps named in the compatibility guide
 * @example
 * ```ts
 * import { formatOtpauthUri, Secret } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(formatOtpauthUri(secret, { issuer: 'Example Hosting', account: '12345' }));
 * // otpauth://totp/Example%20Hosting:12345?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example%20Hosting
 * ```
 */
export function formatOtpauthUri(secret: Secret, options: FormatOtpauthUriOptions): string {
  assertSecret(secret);
  const own = readOptions('options', options, formatOptionNames);
  const { type = 'totp', image } = own;
  assertType(type);
  assertLabel(own);
  const issuer = percentEncode(own.issuer);
  const query = [`secret=${secret.toBase32()}`, `issuer=${issuer}`, ...parameterFields(type, own)];
  if (image !== undefined) query.push(`image=${percentEncode(checkedImage(image))}`);
  const uri = `otpauth://${type}/${issuer}:${percentEncode(own.account)}?${query.join('&')}`;
  if (uri.length > MAX_URI_LENGTH) failLong();
  return uri;
}

/** Asserts that every app can tell issuer and account apart. */
export function assertLabel({ issuer, account }: { issuer: unknown; account: unknown }): void {
  assertLabelPart('issuer', issuer);
  assertLabelPart('account', account);
  // The key URI format lets apps skip spaces behind the colon.
  if (account.startsWith(' ')) failValue('account', 'text without a leading space, which apps drop');
}

/** The names of the options of {@link formatOtpauthUri}. */
export const formatOptionNames: readonly string[] = [
  'algorithm',
  'digits',
  'period',
  't0',
  'type',
  'issuer',
  'account',
  'counter',
  'image',
];

const MAX_LABEL_LENGTH = 200;
/** The bytes that the largest QR code, version 40, holds at level M (ISO/IEC 18004, table 7). */
const MAX_URI_LENGTH = 2331;

function assertType(type: unknown): void {
  if (type !== 'totp' && type !== 'hotp') failValue('type', "'totp' or 'hotp'");
}

function assertLabelPart(name: string, value: unknown): asserts value is string {
  assertString(name, value);
  if (value.length > MAX_LABEL_LENGTH) failRange(name, `at most ${MAX_LABEL_LENGTH} characters long`);
  if (!/\S/.test(value)) failValue(name, 'text that is not blank');
  if (value.includes(':'))
    failValue(name, 'text without a colon, which separates issuer and account in the URI');
  if (hasControl(value)) failValue(name, 'text without control characters and halves of surrogate pairs');
}

/**
 * All as soon as one differs: some apps take the others from elsewhere than the standard. The counter always:
 * Google Authenticator for iOS and Aegis refuse a hotp URI without one.
 */
function parameterFields(type: 'totp' | 'hotp', options: FormatOtpauthUriOptions): string[] {
  const { algorithm, digits, period, t0 } = resolveParameters(options);
  const { counter = 0 } = options;
  assertInteger('counter', counter, 0, MAX_COUNTER);
  assertApplicable(type, options, t0);
  const isDefault = algorithm === 'SHA1' && digits === 6 && period === 30;
  const shape = isDefault ? [] : [`algorithm=${algorithm}`, `digits=${digits}`];
  if (type === 'hotp') return [...shape, `counter=${counter}`];
  return isDefault ? shape : [...shape, `period=${period}`];
}

function assertApplicable(type: 'totp' | 'hotp', options: FormatOtpauthUriOptions, t0: number): void {
  if (type === 'totp' && options.counter !== undefined)
    failValue('counter', "left out unless type is 'hotp'");
  if (type === 'hotp' && options.period !== undefined) failValue('period', "left out if type is 'hotp'");
  if (t0 > 0) failValue('t0', '0 or left out: an otpauth URI cannot say it');
}

function failLong(): never {
  const expected = `at most ${MAX_URI_LENGTH} characters long, which a QR code holds: shorten issuer, account or image`;
  return failRange('the otpauth URI', expected);
}

function checkedImage(image: unknown): string {
  assertString('image', image);
  if (!/^https:\/\/[\x21-\x7e]+$/.test(image)) failValue('image', 'an https address in ASCII');
  return image;
}

/** RFC 3986 with nothing left to interpretation: `encodeURIComponent` leaves `! ' ( ) *`, and a `+` is a plus to some apps. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
