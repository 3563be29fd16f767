import { failType, readMilliseconds } from './asserts.js';

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

/** The same instants, those later than `now` counted as `now`; the same list if there are none. */
export function notAfter(instants: readonly number[], now: number): readonly number[] {
  return instants.some((instant) => instant > now)
    ? instants.map((instant) => Math.min(instant, now))
    : instants;
}
