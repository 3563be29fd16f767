import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/two-factor/explain-policy.js';
import { guessForAYear, type Rhythm, rhythms } from '../support/flow/guesser.js';
import { loosest, policies } from '../support/flow/policies.js';
import { seeded } from '../support/faults/seeded.js';
import { DAY, SECOND } from '../support/flow/time.js';

/** Waits at random, from a second to two days. */
function atRandom(seed: number): Rhythm {
  const random = seeded(seed);
  return (now, retryAt) => Math.max(now + SECOND + Math.floor(random.next() ** 6 * 2 * DAY), retryAt);
}

/** All of it takes ten minutes: `PROOF=full npx vitest run --project long test/two-factor/explain-policy`. */
const isFull = process.env['PROOF'] === 'full';

const all: readonly (readonly [string, Rhythm])[] = [
  ...Object.entries(rhythms),
  ...Array.from({ length: isFull ? 10 : 1 }, (_, seed) => [`at random, ${seed}`, atRandom(seed)] as const),
];

const cases = Object.entries(policies).flatMap(([name, policy]) =>
  (['email', 'app'] as const).flatMap((factor) =>
    [true, false].map((hasHelp) => ({ name, policy, factor, hasHelp })),
  ),
);

describe('explainPolicy beside an independent attacker', () => {
  it.each(cases)('$name, $factor, with help: $hasHelp', async ({ name, policy, factor, hasHelp }) => {
    const odds = explainPolicy(policy)[factor];
    const stated = hasHelp ? odds.guessesPerYear : odds.alone.guessesPerYear;
    const found: [number, string][] = [];
    for (const [title, rhythm] of all) {
      const { evaluatedAt } = await guessForAYear(policy, { factor, hasHelp, rhythm });
      found.push([evaluatedAt.length, title]);
    }
    const [best = 0, title = ''] = found.sort(([a], [b]) => b - a)[0] ?? [];
    const whose = hasHelp ? 'with every help' : 'alone';
    process.stderr.write(
      `${name}, ${factor}, ${whose}: stated ${stated}, best attacker ${best} (${title}), chance ` +
        `${((hasHelp ? odds : odds.alone).chancePerYear * 100).toFixed(3)} %\n`,
    );
    expect(best).toBeLessThanOrEqual(stated);
    expect(best).toBeGreaterThanOrEqual(0.9 * stated);
  });

  const loose = (['email', 'app'] as const).flatMap((factor) =>
    [true, false].map((hasHelp) => ({ factor, hasHelp })),
  );

  it.each(isFull ? loose : loose.slice(0, 1))(
    'the loosest settings, $factor, with help: $hasHelp',
    async ({ factor, hasHelp }) => {
      const odds = explainPolicy(loosest)[factor];
      const stated = hasHelp ? odds.guessesPerYear : odds.alone.guessesPerYear;
      const rhythm = rhythms['as soon as allowed'] ?? atRandom(0);
      const { evaluatedAt } = await guessForAYear(loosest, { factor, hasHelp, rhythm });
      process.stderr.write(
        `the loosest settings, ${factor}, with help ${hasHelp}: stated ${stated}, attacker ${evaluatedAt.length}, chance ` +
          `${((hasHelp ? odds : odds.alone).chancePerYear * 100).toFixed(3)} %\n`,
      );
      expect(evaluatedAt.length).toBeLessThanOrEqual(stated);
      expect(evaluatedAt.length).toBeGreaterThanOrEqual(0.9 * stated);
    },
    300_000,
  );
});
