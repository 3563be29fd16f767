import { afterEach, describe, expect, it, vi } from 'vitest';
import { randomBytes, randomDigits, randomLetters, randomText } from '../../src/internal/random.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Has the platform's generator give these bytes, then zeros. */
function drawing(...values: number[]): void {
  vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    const bytes = array as Uint8Array;
    for (let i = 0; i < bytes.length; i++) bytes[i] = values.shift() ?? 0;
    return array;
  });
}

describe('randomBytes', () => {
  it('asks the generator for as many bytes, each time', () => {
    const draws = vi.spyOn(globalThis.crypto, 'getRandomValues');
    expect(randomBytes(20)).toHaveLength(20);
    expect(randomBytes(12)).not.toEqual(randomBytes(12));
    expect(draws.mock.calls.map(([array]) => (array as Uint8Array).byteLength)).toEqual([20, 12, 12]);
  });

  it('passes on that the generator failed', () => {
    vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation(() => {
      throw new Error('no entropy');
    });
    expect(() => randomText(24)).toThrow('no entropy');
  });
});

describe('randomDigits', () => {
  it('makes each digit of equally many bytes, and draws again what would favour some', () => {
    const made = new Map<string, number>();
    for (let byte = 0; byte < 250; byte++) {
      drawing(byte);
      const digit = randomDigits(1);
      made.set(digit, (made.get(digit) ?? 0) + 1);
      vi.restoreAllMocks();
    }
    expect([...made.entries()].sort()).toEqual(Array.from('0123456789', (digit) => [digit, 25]));
    for (let byte = 250; byte < 256; byte++) {
      drawing(byte, 7);
      expect(randomDigits(1)).toBe('7');
      vi.restoreAllMocks();
    }
  });

  it('keeps leading zeros', () => {
    drawing(0, 0, 10, 20, 3, 42);
    expect(randomDigits(6)).toBe('000032');
  });
});

describe('randomLetters', () => {
  it('has the length that was asked for, however many bytes were drawn again', () => {
    drawing(255, 255, 255, 1, 255, 2, 3, 4);
    expect(randomLetters('abc', 4)).toBe('bcab');
  });

  it('takes an alphabet of 256', () => {
    const alphabet = String.fromCharCode(...Array.from({ length: 256 }, (_, unit) => unit));
    drawing(255, 0);
    expect(randomLetters(alphabet, 2)).toBe('\u00ff\u0000');
  });
});

describe('randomText', () => {
  it('holds every character of base64url about as often as any other, and nothing else', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 4000; i++)
      for (const character of randomText(32)) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect([...counts.keys()].join('')).toMatch(/^[\w-]{64}$/);
    // 2,000 of each on average, with a standard deviation of 44.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(350);
  });
});
