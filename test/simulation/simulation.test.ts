import { describe, expect, it } from 'vitest';
import { playHistories } from './play-histories.js';

describe('a simulated installation with faults, clock steps, process deaths and an attacker', () => {
  it('accepts no code twice, says no yes without a write, never weakens a factor and lets the owner in', async () => {
    const { violations, logins, acts } = await playHistories({ from: 1, count: 40 });
    expect(violations).toEqual([]);
    // The histories must be worth playing: with no login there is nothing to break.
    expect(logins).toBeGreaterThan(20);
    expect(acts).toBeGreaterThan(1000);
  });

  it('plays the same history for the same seed', async () => {
    const first = await playHistories({ from: 7, count: 1 });
    const again = await playHistories({ from: 7, count: 1 });
    expect(again).toEqual(first);
  });
});
