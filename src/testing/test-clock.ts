import { failType } from '../internal/asserts.js';

/** A clock that moves only when it is told to. */
export interface TestClock {
  /** The instant, in ms since 1970; may be passed on by itself. */
  now: () => number;
  /** Sets the instant, which may go back. */
  set: (instant: number | Date) => void;
  /** Moves the instant by that many milliseconds. */
  advance: (ms: number) => void;
}

/**
 * A clock for tests: pass its `now` to everything that takes a `now`.
 *
 * @param start - the first instant, a Date or ms since 1970; default 2030-01-01T00:00:00Z
 * @returns the clock
 * @throws CountersignError `ERR_INVALID_ARGUMENT` for an instant or a distance that is not a finite number
 * @example
 * ```ts
 * import { memoryStore } from 'countersign';
 * import { testClock } from 'countersign/testing';
 *
 * const clock = testClock();
 * const store = memoryStore({ now: clock.now });
 * clock.advance(15 * 60_000); // a quarter of an hour later
 * ```
 */
export function testClock(start: number | Date = Date.UTC(2030, 0)): TestClock {
  let time = toMs('start', start);
  return {
    now: () => time,
    set: (instant) => {
      time = toMs('instant', instant);
    },
    advance: (ms) => {
      time += toMs('ms', ms);
    },
  };
}

function toMs(name: string, instant: number | Date): number {
  const ms = Number(instant);
  if (!Number.isFinite(ms)) failType(name, 'a valid instant or number of milliseconds', instant);
  return ms;
}
