import { describe, expect, it } from 'vitest';
import { testClock } from '../../src/testing/test-clock.js';

describe('testClock', () => {
  it('stands still until it is told to move', () => {
    const { now, set, advance } = testClock(1000);
    expect(now()).toBe(1000);
    advance(500);
    expect(now()).toBe(1500);
    set(new Date(10));
    expect(now()).toBe(10);
    advance(-5);
    expect(now()).toBe(5);
  });

  it('starts in 2030 if nobody says when', () => {
    expect(new Date(testClock().now()).toISOString()).toBe('2030-01-01T00:00:00.000Z');
  });

  it('refuses what is no instant', () => {
    const clock = testClock(0);
    const act = [
      (): unknown => testClock(NaN),
      () => {
        clock.set(new Date('x'));
      },
      () => {
        clock.advance(Infinity);
      },
    ];
    for (const each of act) expect(each).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
    expect(clock.now()).toBe(0);
  });
});
