import { assertInteger, failRange, failValue, readMilliseconds, readOptions } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import {
  codeNumber,
  type Compare,
  equal,
  findNewest,
  formatCode,
  NO_MATCH,
  NOT_A_CODE,
  readCode,
} from './code.js';
import { MAX_COUNTER, resolveParameters, type TotpParameters } from './parameters.js';
import { assertSecret, type Secret } from './secret.js';

/**
 * Lets a code be used any number of times while it is shown, which RFC 6238 section 5.2 forbids: anyone who reads it
 * over a shoulder or on a proxy can log in with it. Pass it as `lastTimeStep` only in tests, or to tell a used code
 * from a wrong one.
 */
export const allowReplay: unique symbol = /* @__PURE__ */ Symbol.for('countersign.allowReplay');

/** Options of {@link generateTotp}. */
export interface GenerateTotpOptions extends TotpParameters {
  /** When: a Date or milliseconds since 1970, see {@link Instant}; now by default. */
  readonly at?: Instant | undefined;
}

/** The time steps accepted around the current one: each one multiplies an attacker's chance. */
export interface TotpWindow {
  /** Steps before it: an integer from 0 to 10. */
  readonly past: number;
  /** Steps after it: an integer from 0 to 10. */
  readonly future: number;
}

/** Options of {@link verifyTotp}. */
export interface VerifyTotpOptions extends TotpParameters {
  /**
   * The newest time step already used: `timeStep` of the last match, which you stored; null if there was none.
   * Only later steps are accepted. {@link allowReplay} opts out.
   */
  readonly lastTimeStep: number | null | typeof allowReplay;
  /** The steps accepted around the current one; one each way by default. RFC 6238 section 5.2 recommends `{ past: 1, future: 0 }`. */
  readonly window?: TotpWindow | undefined;
  /**
   * The learned offset of the device's clock (RFC 6238 section 6): `drift` of the last match, which you stored; an integer
   * of steps from -1,000 to 1,000; 0 by default. The window around that step is accepted beside the one around the current
   * step, so that a device whose clock has been corrected gets in as well.
   */
  readonly drift?: number | undefined;
  /** When: a Date or milliseconds since 1970, see {@link Instant}; now by default. */
  readonly at?: Instant | undefined;
}

/** A time-based code that was right. */
export interface TotpMatch {
  /** The step of the code: store it as `lastTimeStep` before letting anyone in. */
  readonly timeStep: number;
  /** Its distance from the current step, by the verifier's own clock: store it as the learned drift. */
  readonly drift: number;
}

/**
 * Generates the code of an instant (RFC 6238 section 4).
 *
 * @param secret - the device's secret
 * @param options - `at`: a Date or milliseconds since 1970, now by default; `algorithm`: 'SHA1' by default; `digits`: 6 by
 *   default; `period`: seconds, 30 by default; `t0`: seconds, 0 by default
 * @returns the code, with its leading zeros
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @example
 * ```ts
 * import { generateTotp, Secret } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(generateTotp(secret, { at: new Date('1970-01-01T00:00:59Z'), digits: 8 })); // 94287082
 * ```
 */
export function generateTotp(secret: Secret, options: GenerateTotpOptions = {}): string {
  assertSecret(secret);
  const own = readOptions('options', options, generateNames);
  const { algorithm, digits, period, t0 } = resolveParameters(own);
  const timeStep = timeStepAt(millisecondsOf(own.at), period, t0);
  return formatCode(secret.counterMac(algorithm)(timeStep), digits);
}

/**
 * Verifies a time-based code (RFC 6238 section 5.2), each step at most once.
 *
 * Store `timeStep` of the match as the next `lastTimeStep` with a conditional update (`… where last_time_step < $1`)
 * before letting anyone in: if two requests send the same code, one of them must lose.
 *
 * @param secret - the device's secret
 * @param code - what the person typed, of any type; spaces, dashes and invisible characters are skipped, and digits of
 *   every script are read
 * @param options - `lastTimeStep`: required, see {@link VerifyTotpOptions}; `window`: `{ past: 1, future: 1 }` by
 *   default, at most 10 each way; `drift`: learned steps, 0 by default; `at`: a Date or milliseconds since 1970, now by
 *   default; `algorithm`: 'SHA1' by default; `digits`: 6 by default; `period`: seconds, 30 by default; `t0`: seconds, 0
 *   by default
 * @returns a frozen match, or null; if two steps have the same code, the newest
 * @throws {@link CountersignError} `ERR_REPLAY_GUARD_MISSING`, `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`,
 *   `ERR_UNKNOWN_OPTION`; never because of `code`
 * @example
 * ```ts
 * import { Secret, verifyTotp } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const at = new Date('1970-01-01T00:01:00Z');
 * const match = verifyTotp(secret, '287 082', { lastTimeStep: null, at });
 * console.log(match); // { timeStep: 1, drift: -1 }
 * console.log(verifyTotp(secret, '287 082', { lastTimeStep: 1, at })); // null
 * ```
 */
export function verifyTotp(secret: Secret, code: unknown, options: VerifyTotpOptions): TotpMatch | null {
  assertSecret(secret);
  assertPresent(options);
  const own = readOptions('options', options, verifyNames);
  const newestUsed = readLastTimeStep(own.lastTimeStep);
  const { algorithm, digits, period, t0 } = resolveParameters(own);
  const window = own.window === undefined ? defaultWindow : readWindow(own.window);
  const { drift = 0 } = own;
  assertInteger('drift', drift, -MAX_DRIFT, MAX_DRIFT);
  const current = timeStepAt(millisecondsOf(own.at), period, t0);
  const typed = readCode(code, digits);
  if (typed === NOT_A_CODE) return null;
  const mac = secret.counterMac(algorithm);
  const compare: Compare = (step) => equal(codeNumber(mac(step), digits), typed) * Number(step > newestUsed);
  const timeStep = findAround(compare, current, drift, window);
  return timeStep === NO_MATCH ? null : Object.freeze({ timeStep, drift: timeStep - current });
}

/** The window of {@link verifyTotp} if the caller passes none. */
export const defaultWindow: TotpWindow = { past: 1, future: 1 };

/** Reads a window: its own properties, checked. */
export function readWindow(window: TotpWindow): TotpWindow {
  const own = readOptions('window', window, windowNames);
  assertInteger('window.past', own.past, 0, MAX_WINDOW);
  assertInteger('window.future', own.future, 0, MAX_WINDOW);
  return own;
}

const MAX_WINDOW = 10;
const MAX_DRIFT = 1000;

const generateNames = ['algorithm', 'digits', 'period', 't0', 'at'];
const windowNames = ['past', 'future'];
const verifyNames = ['algorithm', 'digits', 'period', 't0', 'at', 'lastTimeStep', 'window', 'drift'];

/**
 * Finds the newest matching step in the windows around the current step and around the learned one. Where they overlap
 * each step is computed once.
 */
function findAround(compare: Compare, current: number, drift: number, { past, future }: TotpWindow): number {
  const older = current + Math.min(drift, 0);
  const newer = current + Math.max(drift, 0);
  const newerFirst = Math.max(newer - past, 0);
  const match = findNewest(compare, newerFirst, newer + future);
  const olderMatch = findNewest(compare, Math.max(older - past, 0), Math.min(older + future, newerFirst - 1));
  return Math.max(match, olderMatch);
}

/** The newest step already used; -1 for none. */
function readLastTimeStep(lastTimeStep: unknown): number {
  if (lastTimeStep === null || lastTimeStep === allowReplay) return -1;
  if (lastTimeStep === undefined) failUnguarded();
  assertInteger('lastTimeStep', lastTimeStep, 0, MAX_COUNTER);
  return lastTimeStep;
}

function assertPresent(options: unknown): void {
  if (options === undefined) failUnguarded();
}

/** Absent is not the same as null: forgetting the guard must fail loudly, in JavaScript too. */
function failUnguarded(): never {
  const message = 'lastTimeStep is required: the newest step already used, null for none, or allowReplay';
  throw new CountersignError('ERR_REPLAY_GUARD_MISSING', message);
}

/**
 * An instant: a Date from 1970 on, or milliseconds since 1970 as `Date.now()` gives them. A number below 1e11 (March 1973) is
 * refused, since it is almost certainly in seconds; fractions of a millisecond are dropped.
 */
export type Instant = Date | number;

/** Options of {@link totpValidity}. */
export interface TotpValidityOptions {
  /** When: a Date or milliseconds since 1970, see {@link Instant}; now by default. */
  readonly at?: Instant | undefined;
  /** X, seconds per time step: an integer from 1 to 86,400; 30 by default. */
  readonly period?: number | undefined;
  /** T0, where counting begins, in seconds since 1970: an integer from 0; 0 by default. */
  readonly t0?: number | undefined;
}

/** The time step of an instant, and how long its code is shown. */
export interface TotpValidity {
  /** T, the number of the step. */
  readonly timeStep: number;
  /** The first instant at which an app shows the code. */
  readonly validFrom: Date;
  /** The instant at which an app shows the next one. */
  readonly validUntil: Date;
  /** Whole seconds until then, rounded up: from 1 to the period. */
  readonly remainingSeconds: number;
}

/**
 * Returns the time step that an instant falls in, and how long an app still shows its code (RFC 6238 section 4.2).
 *
 * @param options - `at`: a Date or milliseconds since 1970, now by default; `period`: seconds, 30 by default; `t0`:
 *   seconds, 0 by default
 * @returns the step, its first instant, the first one after it, and the whole seconds that remain
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @example
 * ```ts
 * import { totpValidity } from 'countersign';
 *
 * const { timeStep, remainingSeconds } = totpValidity({ at: new Date('1970-01-01T00:00:50Z') });
 * console.log(timeStep, remainingSeconds); // 1 10
 * ```
 */
export function totpValidity(options: TotpValidityOptions = {}): TotpValidity {
  const own = readOptions('options', options, ['at', 'period', 't0']);
  const { period, t0 } = resolveParameters(own);
  const now = millisecondsOf(own.at);
  const timeStep = timeStepAt(now, period, t0);
  const from = (t0 + timeStep * period) * 1000;
  const until = from + period * 1000;
  return {
    timeStep,
    validFrom: new Date(from),
    validUntil: new Date(until),
    remainingSeconds: Math.ceil((until - now) / 1000),
  };
}

/** T = (now - T0) / X, rounded down (RFC 6238 section 4.2), in doubles: right far beyond 2038 and 2106. */
export function timeStepAt(milliseconds: number, period: number, t0: number): number {
  const seconds = Math.floor(milliseconds / 1000) - t0;
  if (seconds < 0) failRange('at', 'at or after t0, which is 1970 by default');
  return Math.floor(seconds / period);
}

/** Whole milliseconds since 1970 of an {@link Instant}; of now if it is absent. */
export function millisecondsOf(at: unknown): number {
  if (at === undefined) return Date.now();
  if (!(at instanceof Date)) return readMilliseconds('at', at);
  const milliseconds = at.getTime();
  if (!Number.isInteger(milliseconds)) failValue('at', 'a valid Date or milliseconds since 1970');
  return milliseconds;
}
