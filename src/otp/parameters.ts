import { assertInteger, failValue } from '../internal/asserts.js';

/** The hash under the HMAC, spelt as authenticator apps want it in an otpauth URI. */
export type Algorithm = 'SHA1' | 'SHA256' | 'SHA512';

/** How many digits a code has (RFC 4226 section 5.3). */
export type Digits = 6 | 7 | 8;

/** Parameters of every code, beside its secret and counter. */
export interface OtpParameters {
  /** `'SHA1'` (the default), `'SHA256'` or `'SHA512'`. Several apps use SHA-1 whatever the URI says: see {@link checkCompatibility}. */
  readonly algorithm?: Algorithm | undefined;
  /** Digits of a code: 6 (the default), 7 or 8. */
  readonly digits?: Digits | undefined;
}

/** Parameters of a time-based code (RFC 6238 section 4.1). */
export interface TotpParameters extends OtpParameters {
  /** X, seconds per time step: an integer from 1 to 86,400; 30 by default. */
  readonly period?: number | undefined;
  /** T0, where counting begins, in seconds since 1970: an integer from 0; 0 by default. */
  readonly t0?: number | undefined;
}

/** Beyond this integer a JavaScript number no longer counts by ones. */
export const MAX_COUNTER = 9_007_199_254_740_991;
/** A day. KeePassXC cuts longer periods. */
export const MAX_PERIOD = 86_400;

/** Parameters with their defaults in place. */
export interface ResolvedParameters {
  readonly algorithm: Algorithm;
  readonly digits: Digits;
  readonly period: number;
  readonly t0: number;
}

/** Asserts the parameters and fills in the defaults; HOTP ignores `period` and `t0`. */
export function resolveParameters(options: TotpParameters): ResolvedParameters {
  const { algorithm = 'SHA1', digits = 6, period = 30, t0 = 0 } = options;
  assertAlgorithm(algorithm);
  assertInteger('digits', digits, 6, 8);
  assertInteger('period', period, 1, MAX_PERIOD);
  assertInteger('t0', t0, 0, MAX_COUNTER);
  return { algorithm, digits, period, t0 };
}

function assertAlgorithm(value: unknown): asserts value is Algorithm {
  if (value === 'SHA1' || value === 'SHA256' || value === 'SHA512') return;
  failValue('algorithm', "exactly 'SHA1', 'SHA256' or 'SHA512'");
}
