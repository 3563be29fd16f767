import { assertInteger, assertOptions, failType } from '../internal/asserts.js';
import { codeNumber, formatCode, NOT_A_CODE, readCode } from './code.js';
import { MAX_COUNTER, otpOptionNames, resolveParameters, type OtpParameters } from './parameters.js';
import { type CodeAt, equal, NO_MATCH, scanDown } from './scan.js';
import { assertSecret, counterMac, type Secret } from './secret.js';

/** Options of {@link generateHotp}. */
export interface GenerateHotpOptions extends OtpParameters {
  /** C, the counter: an integer from 0 to 2^53 - 1. */
  readonly counter: number;
}

/** Options of {@link verifyHotp} and {@link resynchronizeHotp}. */
export interface VerifyHotpOptions extends OtpParameters {
  /** The next counter expected: an integer from 0 to 2^53 - 1; what `nextCounter` of the last match said. */
  readonly counter: number;
  /**
   * How many counters beyond `counter` are tried, for codes that were shown and never used: an integer from 0
   * to 1,000. Each one multiplies an attacker's chance (RFC 4226 section 7.4).
   */
  readonly lookAhead?: number | undefined;
}

/** A counter-based code that was right. */
export interface HotpMatch {
  /** The counter of the code; of the second one after a resynchronisation. */
  readonly counter: number;
  /** What to store as the next counter expected, before letting anyone in. */
  readonly nextCounter: number;
  /** How far the matched counter is ahead of the expected one. */
  readonly drift: number;
}

/**
 * Generates the code of a counter (RFC 4226 section 5).
 *
 * @param secret - the device's secret
 * @param options - `counter`: 0 to 2^53 - 1; `algorithm`: 'SHA1' by default; `digits`: 6 by default
 * @returns the code, with its leading zeros
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @example
 * ```ts
 * import { generateHotp, Secret } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(generateHotp(secret, { counter: 1 })); // 287082
 * ```
 */
export function generateHotp(secret: Secret, options: GenerateHotpOptions): string {
  assertSecret(secret);
  assertOptions('options', options, generateNames);
  const { algorithm, digits } = resolveParameters(options);
  assertInteger('counter', options.counter, 0, MAX_COUNTER);
  return formatCode(counterMac(secret, algorithm)(options.counter), digits);
}

/**
 * Verifies a counter-based code (RFC 4226 section 7.2), looking ahead and never back.
 *
 * Store `nextCounter` in the same transaction that lets the person in; the code is then worth nothing.
 *
 * @param secret - the device's secret
 * @param code - what the person typed, whatever that is; white space and dashes are skipped
 * @param options - `counter`: the next one expected; `lookAhead`: 0 to 1,000, 10 by default; `algorithm`, `digits`
 * @returns a frozen match, or null; of two counters with the same code the nearest
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`; never because
 *   of `code`
 * @example
 * ```ts
 * import { Secret, verifyHotp } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const match = verifyHotp(secret, '969429', { counter: 1 });
 * console.log(match); // { counter: 3, nextCounter: 4, drift: 2 }
 * ```
 */
export function verifyHotp(secret: Secret, code: unknown, options: VerifyHotpOptions): HotpMatch | null {
  const { codeAt, first, last, digits } = prepare(secret, options, DEFAULT_LOOK_AHEAD);
  const typed = readCode(code, digits);
  if (typed === NOT_A_CODE) return null;
  const counter = scanDown(codeAt, typed, first, last);
  return counter === NO_MATCH ? null : matchAt(counter, first);
}

/**
 * Finds the counter of a device that has run ahead, from two codes in a row (RFC 4226 section 7.4).
 *
 * @param secret - the device's secret
 * @param codes - two codes that the device showed one after the other
 * @param options - `counter`: the next one expected; `lookAhead`: how far ahead the first code may be, 0 to 1,000,
 *   100 by default; `algorithm`, `digits`
 * @returns a frozen match whose `counter` is the second code's, or null
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`; never because
 *   of what is in `codes`
 * @example
 * ```ts
 * import { resynchronizeHotp, Secret } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const match = resynchronizeHotp(secret, ['254676', '287922'], { counter: 0 });
 * console.log(match?.nextCounter); // 7
 * ```
 */
export function resynchronizeHotp(
  secret: Secret,
  codes: readonly [unknown, unknown],
  options: VerifyHotpOptions,
): HotpMatch | null {
  const { codeAt, first, last, digits } = prepare(secret, options, DEFAULT_RESYNCHRONIZE_LOOK_AHEAD);
  assertPair(codes);
  const typed = readCode(codes[0], digits);
  const typedNext = readCode(codes[1], digits);
  if (typed === NOT_A_CODE || typedNext === NOT_A_CODE) return null;
  const counter = scanPairs(codeAt, typed, typedNext, first, Math.min(last, MAX_COUNTER - 1));
  return counter === NO_MATCH ? null : matchAt(counter + 1, first);
}

const MAX_LOOK_AHEAD = 1000;
/** Google Authenticator for Android shows the code of the second counter first, and people skip a few. */
const DEFAULT_LOOK_AHEAD = 10;
const DEFAULT_RESYNCHRONIZE_LOOK_AHEAD = 100;

const generateNames = [...otpOptionNames, 'counter'];
const verifyNames = [...generateNames, 'lookAhead'];

function prepare(secret: Secret, options: VerifyHotpOptions, defaultLookAhead: number) {
  assertSecret(secret);
  assertOptions('options', options, verifyNames);
  const { algorithm, digits } = resolveParameters(options);
  const { counter, lookAhead = defaultLookAhead } = options;
  assertInteger('counter', counter, 0, MAX_COUNTER);
  assertInteger('lookAhead', lookAhead, 0, MAX_LOOK_AHEAD);
  const mac = counterMac(secret, algorithm);
  const codeAt: CodeAt = (at) => codeNumber(mac(at), digits);
  return { codeAt, first: counter, last: Math.min(counter + lookAhead, MAX_COUNTER), digits };
}

/** The oldest counter of the first code whose successor has the second; all are computed, as in `scanDown`. */
function scanPairs(codeAt: CodeAt, typed: number, typedNext: number, first: number, last: number): number {
  let match = NO_MATCH;
  let isNext = equal(codeAt(last + 1), typedNext);
  for (let counter = last; counter >= first; counter--) {
    const number = codeAt(counter);
    match += equal(number, typed) * isNext * (counter - match);
    isNext = equal(number, typedNext);
  }
  return match;
}

function assertPair(codes: unknown): void {
  if (!Array.isArray(codes) || codes.length !== 2) failType('codes', 'an array of two codes', codes);
}

function matchAt(counter: number, expected: number): HotpMatch {
  return Object.freeze({ counter, nextCounter: counter + 1, drift: counter - expected });
}
