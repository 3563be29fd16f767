import { expect, it } from 'vitest';
import { attackPolicies } from './policy/attack-year.js';

it('no attacker has more guesses evaluated in a year than explainPolicy states', async () => {
  const rows = await attackPolicies({ policies: 1, seed: 1, strategies: 1 });
  expect(rows).toHaveLength(4);
  for (const { best, stated } of rows) {
    expect(best).toBeLessThanOrEqual(stated);
    expect(best).toBeGreaterThan(0);
  }
});
