import { failRange, failValue, readMilliseconds, readOptions } from '../internal/asserts.js';
import { resolveParameters } from './parameters.js';

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
 * Tells which time step an instant falls in and how long an app still shows its code (RFC 6238 section 4.2).
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
