import { expect, it } from 'vitest';
import { playHistories } from './play-histories.js';

it('finds no violation in 400 simulated histories', { timeout: 600_000 }, async () => {
  const { violations } = await playHistories({ from: 1000, count: 400 });
  expect(violations).toEqual([]);
});
