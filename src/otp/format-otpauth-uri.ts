import { assertInteger, assertOptions, failType } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import { assertLabel, type Label } from './label.js';
import { MAX_COUNTER, otpOptionNames, resolveParameters, type TotpParameters } from './parameters.js';
import { assertSecret, type Secret } from './secret.js';

/** Options of {@link formatOtpauthUri}. */
export interface FormatOtpauthUriOptions extends Label, TotpParameters {
  /** `'totp'` (the default) or `'hotp'`. */
  readonly type?: 'totp' | 'hotp' | undefined;
  /** The first counter of a `'hotp'` secret: an integer from 0 to 2^53 - 1; 0 by default. */
  readonly counter?: number | undefined;
  /** An https address of a picture; FreeOTP shows it, other apps ignore it. */
  readonly image?: string | undefined;
}

/**
 * Formats the otpauth URI that an authenticator app scans, in the form that every app reads: issuer in both
 * places, `secret` first, pure ASCII, and the parameters either all or, when they are the defaults, not at all.
 *
 * @param secret - the secret to hand over: the URI contains it
 * @param options - `issuer` and `account`: required, see {@link Label}; `type`; `counter` (hotp only); `image`;
 *   `algorithm`, `digits`, `period`; `t0` only as 0, since a URI cannot say it
 * @returns the URI
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
  assertOptions('options', options, optionNames);
  const { type = 'totp', issuer, account, image } = options;
  assertType(type);
  assertLabel({ issuer, account });
  const name = percentEncode(issuer);
  const query = [`secret=${secret.toBase32()}`, `issuer=${name}`, ...parameterFields(type, options)];
  if (image !== undefined) query.push(`image=${percentEncode(checkedImage(image))}`);
  return `otpauth://${type}/${name}:${percentEncode(account)}?${query.join('&')}`;
}

/** Asserts a type of an otpauth URI. */
export function assertType(type: unknown): asserts type is 'totp' | 'hotp' {
  if (type !== 'totp' && type !== 'hotp') failType('type', "'totp' or 'hotp'", type);
}

const optionNames = [...otpOptionNames, 'period', 't0', 'type', 'issuer', 'account', 'counter', 'image'];

/**
 * All as soon as one differs: some apps take the others from elsewhere than the standard. The counter always:
 * Google Authenticator on iOS and Aegis refuse a hotp URI without one.
 */
function parameterFields(type: 'totp' | 'hotp', options: FormatOtpauthUriOptions): string[] {
  const { algorithm, digits, period, t0 } = resolveParameters(options);
  const { counter = 0 } = options;
  assertInteger('counter', counter, 0, MAX_COUNTER);
  const isHotp = type === 'hotp';
  if (t0 > 0 || (isHotp ? options.period : options.counter) !== undefined) {
    const message = 'counter is for hotp, period for totp, and t0 for neither';
    throw new CountersignError('ERR_INVALID_ARGUMENT', message);
  }
  const isDefault = algorithm === 'SHA1' && digits === 6 && period === 30;
  const shape = isDefault ? [] : [`algorithm=${algorithm}`, `digits=${digits}`];
  if (isHotp) return [...shape, `counter=${counter}`];
  return isDefault ? shape : [...shape, `period=${period}`];
}

function checkedImage(image: unknown): string {
  if (typeof image === 'string' && /^https:\/\/[\x21-\x7e]+$/.test(image)) return image;
  return failType('image', 'an https address in ASCII', image);
}

/** RFC 3986 with nothing left to interpretation: `encodeURIComponent` leaves `! ' ( ) *`, and a `+` is a plus to some apps. */
function percentEncode(text: string): string {
  // Most customer numbers have nothing to encode.
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
