import { describe, expect, it } from 'vitest';
import { notAfter, readClock, readMilliseconds } from '../../src/internal/clock.js';

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
    expect(clock).toThrow(/^now\(\) looks like seconds: pass milliseconds, or a Date$/);
  });
});

describe('readMilliseconds', () => {
  it.each([1e11, instant, 8.64e15])('takes %i', (value) => {
    expect(readMilliseconds('at', value)).toBe(value);
  });

  it.each([0, 1, 99_999_999_999, 4_102_444_800])('refuses %i, which looks like seconds', (value) => {
    expect(() => readMilliseconds('at', value)).toThrow('at looks like seconds');
  });

  it.each([NaN, Infinity, -Infinity, -1, 8.64e15 + 2])('refuses %d, which is out of range', (value) => {
    const read = (): number => readMilliseconds('at', value);
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(read).toThrow(/^at must be milliseconds since 1970, from 0 to 8.64e15$/);
  });

  it.each([undefined, null, String(instant), BigInt(instant), new Date(instant)])(
    'refuses %o, which is no number',
    (value) => {
      const read = (): number => readMilliseconds('at', value);
      expect(read).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
      expect(read).toThrow(/^at must be milliseconds since 1970, from 0 to 8.64e15; it is /);
    },
  );
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
