import { failType } from './asserts.js';
import { CountersignError } from './errors.js';

/** A clock, in whole milliseconds since 1970. */
export type Clock = () => number;

/**
 * Wraps an application's clock so that its mistakes fail loudly: seconds would make every token 1,000 times as
 * long-lived, and a fraction of a millisecond is no integer to a database.
 */
export function readClock(name: string, now: unknown): Clock {
  if (typeof now !== 'function') failType(name, 'a function that returns milliseconds since 1970', now);
  return () => readMilliseconds(`${name}()`, (now as () => unknown)());
}

/** Reads milliseconds since 1970 and drops fractions; a number that looks like seconds is refused. */
export function readMilliseconds(name: string, value: unknown): number {
  const expected = 'milliseconds since 1970, from 0 to 8.64e15';
  if (typeof value !== 'number') failType(name, expected, value);
  if (!(value >= 0 && value <= MAX_MILLISECONDS)) {
    throw new CountersignError('ERR_OUT_OF_RANGE', `${name} must be ${expected}`);
  }
  if (value < MIN_MILLISECONDS) {
    const message = `${name} looks like seconds: pass milliseconds, or a Date`;
    throw new CountersignError('ERR_OUT_OF_RANGE', message);
  }
  return Math.floor(value);
}

/** The same instants, those later than `now` counted as `now`; the same list if there are none. */
export function notAfter(instants: readonly number[], now: number): readonly number[] {
  return instants.some((instant) => instant > now)
    ? instants.map((instant) => Math.min(instant, now))
    : instants;
}

/** In milliseconds this is March 1973; in seconds it is the year 5138. */
const MIN_MILLISECONDS = 1e11;
/** The last instant of a Date (ECMA-262 section 21.4.1.1). */
const MAX_MILLISECONDS = 8.64e15;
