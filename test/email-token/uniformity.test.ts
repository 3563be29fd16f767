import { describe, expect, it } from 'vitest';
import { randomDigits } from '../../src/internal/random.js';

const UINT32 = 2 ** 32;

describe.each([6, 7, 8])('a code of %i digits', (digits) => {
  const space = 10 ** digits;
  const cycles = Math.floor(UINT32 / space);

  it('is made by equally many draws, whichever it is', () => {
    const limit = cycles * space;
    const accepted = (value: number): boolean => drawsTaken(digits, [value, 0]) === 1;
    for (const value of [0, space - 1, space, limit - space, limit - 1]) expect(accepted(value)).toBe(true);
    for (const value of [limit, limit + 1, UINT32 - 2, UINT32 - 1]) expect(accepted(value)).toBe(false);
  });

  it('comes from the draw after those that were past the limit', () => {
    const draws = [UINT32 - 1, cycles * space, 42];
    expect(randomDigits(digits, () => draws.shift() ?? NaN)).toBe('42'.padStart(digits, '0'));
  });

  it('keeps its leading zeros', () => {
    expect(randomDigits(digits, () => 0)).toBe('0'.repeat(digits));
    expect(randomDigits(digits, () => space + 7)).toBe('7'.padStart(digits, '0'));
  });
});

it('every code of six digits comes up once in each cycle of draws', () => {
  for (const cycle of [0, 1, 4293]) {
    const seen = new Uint8Array(1_000_000);
    for (let draw = 0; draw < 1_000_000; draw++)
      mark(seen, Number(randomDigits(6, () => cycle * 1_000_000 + draw)));
    expect(seen.every((count) => count === 1)).toBe(true);
  }
});

describe('the digits of 200,000 codes', () => {
  /** Of chi-square with 9 degrees of freedom: once in about a hundred million. */
  const critical = 56;

  it('are uniform at every place', () => {
    const codes = Array.from({ length: 200_000 }, () => randomDigits(6));
    for (let place = 0; place < 6; place++)
      expect(chiSquare(codes.map((code) => Number(code[place])))).toBeLessThan(critical);
  });

  it('do not follow from the digit before', () => {
    const codes = Array.from({ length: 200_000 }, () => randomDigits(6));
    for (let place = 1; place < 6; place++) {
      const steps = codes.map((code) => (Number(code[place]) - Number(code[place - 1]) + 10) % 10);
      expect(chiSquare(steps)).toBeLessThan(critical);
    }
  });

  it('would be seen to lean if one code in ten had no leading zero', () => {
    const codes = Array.from({ length: 200_000 }, (_, index) =>
      index % 10 === 0 ? String(100_000 + (Number(randomDigits(6)) % 900_000)) : randomDigits(6),
    );
    expect(chiSquare(codes.map((code) => Number(code[0])))).toBeGreaterThan(critical);
  });
});

/** How many draws a code takes. */
function drawsTaken(digits: number, values: readonly number[]): number {
  let taken = 0;
  randomDigits(digits, () => values[taken++] ?? 0);
  return taken;
}

/** Of decimal digits against the uniform distribution. */
function chiSquare(values: readonly number[]): number {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  const expected = values.length / 10;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function mark(counts: Uint8Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
