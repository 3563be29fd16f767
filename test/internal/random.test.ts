import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
    for (let i = 0; i < 40; i++) random.randomText(18);
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
    for (let i = 0; i < 300; i++) given.push(...Buffer.from(random.randomText(16), 'base64url'));
    draws.mockReset();
    expect(given).toEqual(drawn.slice(0, given.length).map((value) => value & 255));
  });

  it('leave nothing behind of what they were made of', () => {
    let pool = new Uint8Array(0);
    draws.mockImplementation((array) => {
      pool = array as Uint8Array<ArrayBuffer>;
      return array instanceof Uint8Array ? array.fill(7) : array;
    });
    random.randomText(18);
    random.randomDigits(6);
    draws.mockReset();
    expect([...pool.subarray(0, 22)]).toEqual(Array<number>(22).fill(0));
    expect(pool[22]).toBe(7);
  });

  it.each([1001, -1001])('are drawn anew when the clock has moved by %i ms', (ms) => {
    random.randomText(18);
    vi.setSystemTime(Date.now() + ms);
    random.randomText(18);
    expect(draws).toHaveBeenCalledTimes(2);
  });

  it('do not repeat the pool when the generator fails', () => {
    random.randomText(1024);
    draws.mockImplementation(() => {
      throw new Error('no entropy');
    });
    expect(() => random.randomText(18)).toThrow('no entropy');
    expect(() => random.randomText(18)).toThrow('no entropy');
    draws.mockReset();
  });
});

describe('random bytes for secrets and nonces', () => {
  it('are drawn at once, never ahead', () => {
    random.randomText(18);
    random.randomBytes(20);
    random.randomBytes(20);
    expect(draws).toHaveBeenCalledTimes(3);
  });
});
