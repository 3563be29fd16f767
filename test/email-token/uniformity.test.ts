import { describe, expect, it } from 'vitest';
import { randomDigits } from '../../src/internal/random.js';

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

/** Of decimal digits against the uniform distribution. */
function chiSquare(values: readonly number[]): number {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  const expected = values.length / 10;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
