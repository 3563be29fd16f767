import { describe, expect, it } from 'vitest';
import { equal, NO_MATCH, scanDown, scanUp } from '../../src/otp/scan.js';

/** Codes by counter, and the counters that were asked for. */
function recorder(codes: Record<number, number>) {
  const asked: number[] = [];
  const codeAt = (counter: number): number => {
    asked.push(counter);
    return codes[counter] ?? 999_999;
  };
  return { asked, codeAt };
}

describe('scanUp', () => {
  it.each([3, 4, 5, 6, 7, 8])('computes the whole window for a match at %i, or for none', (counter) => {
    const { asked, codeAt } = recorder({ [counter]: 42 });
    expect(scanUp(codeAt, 42, 3, 7, 0)).toBe(counter > 7 ? NO_MATCH : counter);
    expect(asked).toEqual([3, 4, 5, 6, 7]);
  });

  it('computes the steps below `from` as well, but accepts none of them', () => {
    const { asked, codeAt } = recorder({ 4: 42 });
    expect(scanUp(codeAt, 42, 3, 7, 5)).toBe(NO_MATCH);
    expect(asked).toHaveLength(5);
  });

  it('finds the newest of two steps with the same code, so that it cannot be used twice', () => {
    expect(scanUp(recorder({ 4: 42, 6: 42 }).codeAt, 42, 3, 7, 0)).toBe(6);
  });

  it('finds steps beyond 2^32', () => {
    const step = 2 ** 52 + 3;
    expect(scanUp(recorder({ [step]: 0 }).codeAt, 0, step - 1, step + 1, 0)).toBe(step);
  });
});

describe('scanDown', () => {
  it.each([3, 5, 7, 8])('computes all counters for a match at %i, or for none', (counter) => {
    const { asked, codeAt } = recorder({ [counter]: 42 });
    expect(scanDown(codeAt, 42, 3, 7)).toBe(counter > 7 ? NO_MATCH : counter);
    expect(asked).toHaveLength(5);
  });

  it('finds the nearest of two counters with the same code, so that the server does not run ahead', () => {
    expect(scanDown(recorder({ 4: 42, 6: 42 }).codeAt, 42, 3, 7)).toBe(4);
  });
});

it('compares any two code numbers without a branch', () => {
  const numbers = [0, 1, 2, 999_999, 1_000_000, 99_999_999, 2 ** 31 - 1];
  for (const a of numbers) for (const b of numbers) expect(equal(a, b)).toBe(a === b ? 1 : 0);
});
