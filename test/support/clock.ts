/** Durations in milliseconds. */
export const SECOND = 1000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** The period of a TOTP code, in milliseconds. */
export const STEP: number = 30 * SECOND;

/** An instant to start from, long after every published test vector. */
export const START: number = Date.UTC(2030, 0);

/** The clock that most tests use: it moves only when it is told to. */
export { testClock, type TestClock } from '../../src/testing/test-clock.js';
