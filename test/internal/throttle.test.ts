import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockOf,
  clearDelay,
  countFailure,
  type FailurePolicy,
  type Failures,
  failuresExpireAt,
  lockedUntil,
  noFailures,
} from '../../src/internal/throttle.js';

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2030, 0);

/** The defaults of `createEmailTokens` and `createTwoFactor`. */
const policy: FailurePolicy = {
  freeFailures: 4,
  firstDelaySeconds: 30,
  maxDelaySeconds: 86_400,
  maxFailures: 50,
  failureWindowSeconds: 30 * 86_400,
};

describe('the delay after failures in a row', () => {
  it('is none for four, then 30 s and twice as much each time, up to a day', () => {
    let failures = noFailures;
    let now = START;
    const delays: number[] = [];
    for (let failure = 1; failure <= 20; failure++) {
      const counted = countFailure(failures, { now, policy });
      const retryAt = counted.block?.retryAt ?? now;
      delays.push((retryAt - now) / SECOND);
      ({ failures } = counted);
      now = retryAt;
    }
    const doubling = [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 30_720, 61_440];
    expect(delays).toEqual([0, 0, 0, 0, ...doubling, 86_400, 86_400, 86_400, 86_400]);
  });

  it('ends at its instant and not a millisecond before', () => {
    const failures: Failures = { at: [START], inARow: 5 };
    const before = { now: START + 30 * SECOND - 1, policy };
    expect(blockOf(failures, before)).toEqual({ reason: 'delayed', retryAt: START + 30 * SECOND });
    expect(blockOf(failures, { now: START + 30 * SECOND, policy })).toBeNull();
  });

  it('is cleared by a success, and the total is not', () => {
    const failures: Failures = { at: [START, START + 1], inARow: 7 };
    const cleared = clearDelay(failures);
    expect(cleared).toEqual({ at: [START, START + 1], inARow: 0 });
    expect(blockOf(cleared, { now: START + 1, policy })).toBeNull();
    expect(clearDelay(cleared)).toBe(cleared);
  });

  it('begins from one again when every failure has left the window', () => {
    const failures: Failures = { at: [START], inARow: 12 };
    const counted = countFailure(failures, { now: START + 30 * DAY, policy });
    expect(counted).toEqual({ failures: { at: [START + 30 * DAY], inARow: 1 }, count: 1, block: null });
  });

  it('never lasts longer than the rolling window, after which the failures are forgotten', () => {
    const long = { ...policy, maxDelaySeconds: 30 * 86_400, failureWindowSeconds: 86_400, maxFailures: 100 };
    const failures: Failures = { at: [START], inARow: 30 };
    expect(blockOf(failures, { now: START, policy: long })).toEqual({
      reason: 'delayed',
      retryAt: START + DAY,
    });
    expect(blockOf(failures, { now: START + DAY, policy: long })).toBeNull();
    expect(failuresExpireAt(failures, long)).toBe(START + DAY);
  });
});

describe('the lock of too many failures', () => {
  const fifty: Failures = { at: Array.from({ length: 50 }, (_, index) => START + index * HOUR), inARow: 0 };

  it('begins with the fiftieth in 30 days, and ends when the first of them is 30 days old', () => {
    const now = START + 49 * HOUR;
    const before = { at: fifty.at.slice(0, 49), inARow: 0 };
    expect(lockedUntil(before, { now, policy })).toBeNull();
    expect(countFailure(before, { now, policy })).toMatchObject({
      count: 50,
      block: { reason: 'locked', retryAt: START + 30 * DAY },
    });
    expect(lockedUntil(fifty, { now: START + 30 * DAY - 1, policy })).toBe(START + 30 * DAY);
    expect(lockedUntil(fifty, { now: START + 30 * DAY, policy })).toBeNull();
  });

  it('is said before a delay', () => {
    const block = blockOf({ ...fifty, inARow: 50 }, { now: START + 49 * HOUR, policy });
    expect(block?.reason).toBe('locked');
  });

  it('stays through a success', () => {
    expect(blockOf(clearDelay(fifty), { now: START + 50 * HOUR, policy })?.reason).toBe('locked');
  });
});

describe('failuresExpireAt', () => {
  it('is never where there are none, and otherwise the end of the window of the newest', () => {
    expect(failuresExpireAt(noFailures, policy)).toBe(-Infinity);
    expect(failuresExpireAt({ at: [START, START + 5], inARow: 0 }, policy)).toBe(START + 5 + 30 * DAY);
  });
});

describe('a guesser who waits for every delay, with any policy', () => {
  const policies = fc.record({
    freeFailures: fc.integer({ min: 0, max: 10 }),
    firstDelaySeconds: fc.integer({ min: 1, max: 86_400 }),
    maxDelaySeconds: fc.integer({ min: 60, max: 30 * 86_400 }),
    maxFailures: fc.integer({ min: 1, max: 100 }),
    failureWindowSeconds: fc.integer({ min: 86_400, max: 366 * 86_400 }),
  });

  it('never has more failures in one window than the policy allows, and the list stays that short', () => {
    fc.assert(
      fc.property(policies, fc.infiniteStream(fc.boolean()), (any, successes) => {
        let failures = noFailures;
        let now = START;
        const counted: number[] = [];
        for (let guess = 0; guess < 250; guess++) {
          now = blockOf(failures, { now, policy: any })?.retryAt ?? now + 1;
          if (blockOf(failures, { now, policy: any }) !== null) continue;
          ({ failures } = countFailure(failures, { now, policy: any }));
          counted.push(now);
          if (successes.next().value === true) failures = clearDelay(failures);
          expect(failures.at.length).toBeLessThanOrEqual(any.maxFailures);
        }
        const window = any.failureWindowSeconds * 1000;
        for (const [index, at] of counted.entries())
          expect((counted[index + any.maxFailures] ?? Infinity) - at).toBeGreaterThanOrEqual(window);
      }),
      { numRuns: 40 },
    );
  });
});
