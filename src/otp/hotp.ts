import { assertInteger, failValue, readOptions } from '../internal/asserts.js';
import { codeNumber, equal, findNearest, formatCode, NO_MATCH, NOT_A_CODE, readCode } from './code.js';
import { type Digits, MAX_COUNTER, type OtpParameters, resolveParameters } from './parameters.js';
import { assertSecret, type Secret } from './secret.js';

/** Options of {@link generateHotp}. */
export interface GenerateHotpOptions extends OtpParameters {
  /** C, the counter: an integer from 0 to 2^53 - 1. */
  readonly counter: number;
}

/** Options of {@link verifyHotp} and {@link resynchronizeHotp}. */
export interface VerifyHotpOptions extends OtpParameters {
  /** The next counter expected: `nextCounter` of the last match, which you stored; an integer from 0 to 2^53 - 1. */
  readonly counter: number;
  /**
   * How many counters beyond `counter` are tried, for codes that were shown and never used: an integer from 0 to 1,000;
   * 10 by default, 100 in {@link resynchronizeHotp}. Each one multiplies an attacker's chance (RFC 4226 section 7.4).
   */
  readonly lookAhead?: number | undefined;
}

/** A counter-based code that was right. */
export interface HotpMatch {
  /** The counter of the code; after a resynchronisation, that of the second code. */
  readonly counter: number;
  /** The next counter expected: store it before letting anyone in. */
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
  const own = readOptions('options', options, generateNames);
  const { algorithm, digits } = resolveParameters(own);
  const { counter } = own;
  assertInteger('counter', counter, 0, MAX_COUNTER);
  return formatCode(secret.counterMac(algorithm)(counter), digits);
}

/**
 * Verifies a counter-based code (RFC 4226 section 7.2), looking ahead and never back.
 *
 * Store `nextCounter` in the same transaction that lets the person in; that uses the code up.
 *
 * @param secret - the device's secret
 * @param code - what the person typed, of any type; spaces, dashes and invisible characters are skipped, and digits of
 *   every script are read
 * @param options - `counter`: the next one expected; `lookAhead`: 0 to 1,000, 10 by default; `algorithm`: 'SHA1' by
 *   default; `digits`: 6 by default
 * @returns a frozen match, or null; if two counters have the same code, the nearest
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
  const counter = findNearest((at) => equal(codeAt(at), typed), first, last);
  return counter === NO_MATCH ? null : matchAt(counter, first);
}

/**
 * Finds the counter of a device that has run ahead, from two codes in a row (RFC 4226 section 7.4).
 *
 * @param secret - the device's secret
 * @param codes - two codes that the device showed one after the other, each read as {@link verifyHotp} reads one
 * @param options - `counter`: the next one expected; `lookAhead`: how far ahead the first code may be, 0 to 1,000,
 *   100 by default; `algorithm`: 'SHA1' by default; `digits`: 6 by default
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
  const prepared = prepare(secret, options, DEFAULT_RESYNCHRONIZE_LOOK_AHEAD);
  assertPair(codes);
  const typed = readCode(codes[0], prepared.digits);
  const typedNext = readCode(codes[1], prepared.digits);
  if (typed === NOT_A_CODE || typedNext === NOT_A_CODE) return null;
  const counter = findPair(prepared, typed, typedNext);
  return counter === NO_MATCH ? null : matchAt(counter + 1, prepared.first);
}

const MAX_LOOK_AHEAD = 1000;
/** Google Authenticator for Android shows the code of the second counter first, and people skip a few. */
const DEFAULT_LOOK_AHEAD = 10;
const DEFAULT_RESYNCHRONIZE_LOOK_AHEAD = 100;

const generateNames = ['algorithm', 'digits', 'counter'];
const verifyNames = ['algorithm', 'digits', 'counter', 'lookAhead'];

/** A checked search: the code number of each counter, and the first and last counter to look at. */
interface Search {
  readonly codeAt: (counter: number) => number;
  readonly first: number;
  readonly last: number;
  readonly digits: Digits;
}

function prepare(secret: Secret, options: VerifyHotpOptions, defaultLookAhead: number): Search {
  assertSecret(secret);
  const own = readOptions('options', options, verifyNames);
  const { algorithm, digits } = resolveParameters(own);
  const { counter, lookAhead = defaultLookAhead } = own;
  assertInteger('counter', counter, 0, MAX_COUNTER);
  assertInteger('lookAhead', lookAhead, 0, MAX_LOOK_AHEAD);
  const mac = secret.counterMac(algorithm);
  const last = Math.min(counter + lookAhead, MAX_COUNTER);
  return { codeAt: (at) => codeNumber(mac(at), digits), first: counter, last, digits };
}

/**
 * Finds the lowest counter whose code is `typed` and whose successor's code is `typedNext`. Computes every candidate,
 * matched or not, as {@link findNearest} does.
 */
function findPair({ codeAt, first, last }: Search, typed: number, typedNext: number): number {
  let match = NO_MATCH;
  const start = Math.min(last, MAX_COUNTER - 1);
  let isNext = equal(codeAt(start + 1), typedNext);
  for (let counter = start; counter >= first; counter--) {
    const number = codeAt(counter);
    match += equal(number, typed) * isNext * (counter - match);
    isNext = equal(number, typedNext);
  }
  return match;
}

function assertPair(codes: unknown): void {
  if (!Array.isArray(codes) || codes.length !== 2) failValue('codes', 'an array of two codes');
}

function matchAt(counter: number, expected: number): HotpMatch {
  return Object.freeze({ counter, nextCounter: counter + 1, drift: counter - expected });
}
