import { describe, expect, it } from 'vitest';
import { readClock } from '../../src/internal/asserts.js';
import { notAfter } from '../../src/internal/throttle.js';

const instant = Date.UTC(2030, 0);

describe('readClock', () => {
  it('gives whole milliseconds, whatever the fraction that a clock adds', () => {
    const readings = [instant, instant + 0.2, instant + 0.999];
    const clock = readClock('now', () => readings.shift());
    expect([clock(), clock(), clock()]).toEqual([instant, instant, instant]);
  });

  it.each([undefined, null, 5, 'now', {}])('refuses %o, which is no function', (now) => {
    expect(() => readClock('now', now)).toThrow(
      /^now must be a function that returns milliseconds since 1970; it is /,
    );
  });

  it('fails loudly at every reading in seconds, with the way out', () => {
    const clock = readClock('now', () => Date.now() / 1000);
    expect(clock).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(clock).toThrow(
      /^now\(\) must be milliseconds since 1970; it looks like seconds: pass milliseconds or a Date$/,
    );
  });
});

describe('notAfter', () => {
  it('counts later instants as now', () => {
    expect(notAfter([1, 5, 9, 7], 6)).toEqual([1, 5, 6, 6]);
  });

  it('gives the same list back where none is later', () => {
    const instants = [1, 5, 6];
    expect(notAfter(instants, 6)).toBe(instants);
  });
});
