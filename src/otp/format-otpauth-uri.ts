import { assertInteger, assertOptions, assertString, failType } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import { assertLabel, type Label } from './label.js';
import { MAX_COUNTER, otpOptionNames, resolveClock, resolveOtp, type TotpParameters } from './parameters.js';
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
  const fields = [
    ['secret', secret.toBase32()],
    ['issuer', issuer],
    ...parameterFields(type, options),
    ...counterFields(type, options.counter),
    ...imageFields(image),
  ];
  const query = fields.map(([name, value]) => `${name}=${percentEncode(String(value))}`).join('&');
  return `otpauth://${type}/${percentEncode(issuer)}:${percentEncode(account)}?${query}`;
}

/** Asserts a type of an otpauth URI. */
export function assertType(type: unknown): asserts type is 'totp' | 'hotp' {
  if (type !== 'totp' && type !== 'hotp') failType('type', "'totp' or 'hotp'", type);
}

const optionNames = [...otpOptionNames, 'period', 't0', 'type', 'issuer', 'account', 'counter', 'image'];

type Field = readonly [name: string, value: string | number];

/** All as soon as one differs from the default: some apps take the others from elsewhere than the standard. */
function parameterFields(type: 'totp' | 'hotp', options: FormatOtpauthUriOptions): Field[] {
  const { algorithm, digits } = resolveOtp(options);
  const { period, t0 } = resolveClock(options);
  if (t0 !== 0)
    throw new CountersignError('ERR_INVALID_ARGUMENT', 't0 must be 0: an otpauth URI cannot say it');
  if (type === 'hotp' && options.period !== undefined) {
    throw new CountersignError('ERR_INVALID_ARGUMENT', 'period does not go with type hotp');
  }
  if (algorithm === 'SHA1' && digits === 6 && period === 30) return [];
  const common: Field[] = [
    ['algorithm', algorithm],
    ['digits', digits],
  ];
  return type === 'totp' ? [...common, ['period', period]] : common;
}

/** Google Authenticator on iOS and Aegis refuse a hotp URI without a counter. */
function counterFields(type: 'totp' | 'hotp', counter: unknown): Field[] {
  if (type === 'hotp') {
    const first = counter ?? 0;
    assertInteger('counter', first, 0, MAX_COUNTER);
    return [['counter', first]];
  }
  if (counter !== undefined)
    throw new CountersignError('ERR_INVALID_ARGUMENT', 'counter goes with type hotp only');
  return [];
}

function imageFields(image: unknown): Field[] {
  if (image === undefined) return [];
  assertString('image', image);
  if (!/^https:\/\/[\x21-\x7e]+$/.test(image)) {
    throw new CountersignError('ERR_INVALID_ARGUMENT', 'image must be an https address in ASCII');
  }
  return [['image', image]];
}

/** RFC 3986 with nothing left to interpretation: `encodeURIComponent` leaves `! ' ( ) *`, and a `+` is a plus to some apps. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
