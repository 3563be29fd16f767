import { expect, it } from 'vitest';
import { measureAll, welch } from './timing/measure.js';

it('shows no difference between right and wrong beginnings, and a large one for the control', async () => {
  const results = await measureAll(1500);
  const [control, ...others] = results;
  expect(Math.abs(control?.t ?? 0)).toBeGreaterThan(4.5);
  expect(others).toHaveLength(4);
  // A busy machine makes single outliers: a real difference would be hundreds of standard errors, as the control's is.
  for (const { name, t } of others) expect(Math.abs(t), name).toBeLessThan(10);
});

it('computes Welch\u2019s t', () => {
  expect(welch([1, 2, 3], [1, 2, 3])).toBe(0);
  // Means 2 and 5, variances 1 and 1, three of each: (2 - 5) / sqrt(2 / 3).
  expect(welch([1, 2, 3], [4, 5, 6])).toBeCloseTo(-3.674, 3);
});
