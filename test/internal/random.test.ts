import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BASE64URL } from '../../src/internal/bytes.js';
import type * as Random from '../../src/internal/random.js';

// Each test has a module, and so a pool, of its own.
let random: typeof Random;
const draws = vi.spyOn(globalThis.crypto, 'getRandomValues');

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.resetModules();
  random = await import('../../src/internal/random.js');
  draws.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('random texts and digits', () => {
  it('ask the generator seldom', () => {
    for (let i = 0; i < 40; i++) random.randomText(24);
    expect(draws).toHaveBeenCalledTimes(1);
  });

  it('are made of every byte that was drawn, once and in order', () => {
    const drawn: number[] = [];
    draws.mockImplementation((array) => {
      const bytes = array as Uint8Array;
      for (let i = 0; i < bytes.length; i++) drawn.push((bytes[i] = (drawn.length * 131) >>> 3));
      return array;
    });
    const given: number[] = [];
    for (let i = 0; i < 300; i++) given.push(...Array.from(random.randomText(16), sextetOf));
    draws.mockReset();
    expect(given).toEqual(drawn.slice(0, given.length).map((value) => value & 63));
  });

  it('leave nothing behind of what they were made of', () => {
    let pool = new Uint8Array(0);
    draws.mockImplementation((array) => {
      pool = array as Uint8Array<ArrayBuffer>;
      return array instanceof Uint8Array ? array.fill(7) : array;
    });
    random.randomText(24);
    random.randomDigits(6);
    draws.mockReset();
    expect([...pool.subarray(0, 28)]).toEqual(Array<number>(28).fill(0));
    expect(pool[28]).toBe(7);
  });

  it.each([1001, -1001])('are drawn anew when the clock has moved by %i ms', (ms) => {
    random.randomText(24);
    vi.setSystemTime(Date.now() + ms);
    random.randomText(24);
    expect(draws).toHaveBeenCalledTimes(2);
  });

  it('do not repeat the pool when the generator fails', () => {
    random.randomText(4096);
    draws.mockImplementation(() => {
      throw new Error('no entropy');
    });
    expect(() => random.randomText(24)).toThrow('no entropy');
    expect(() => random.randomText(24)).toThrow('no entropy');
    draws.mockReset();
  });
});

describe('random bytes for secrets and nonces', () => {
  it('are drawn at once, never ahead', () => {
    random.randomText(24);
    random.randomBytes(20);
    random.randomBytes(20);
    expect(draws).toHaveBeenCalledTimes(3);
  });
});

describe('a random text', () => {
  it('holds every character of base64url about as often as any other', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 4000; i++)
      for (const character of random.randomText(32)) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual(Array.from(BASE64URL).sort());
    // 2,000 of each on average, with a standard deviation of 44.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(350);
  });
});

function sextetOf(character: string): number {
  return BASE64URL.indexOf(character);
}
