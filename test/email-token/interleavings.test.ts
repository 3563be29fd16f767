import { afterAll, describe, expect, it } from 'vitest';
import { brokenStores } from '../support/broken-stores.js';
import { quickOrFull } from '../support/harness/length.js';
import { type Run, runInterleaving } from '../support/token-interleaving.js';
import { describeRun, violations } from '../support/token-oracle.js';

/** A seed to run alone, to see what happened in it. */
const replayed = process.env['INTERLEAVING_SEED'];
const seedCount = Number(process.env['INTERLEAVINGS'] ?? quickOrFull(2_000, 20_000));
const blocks = [0, 1, 2, 3];

describe('promises 1, 2 and 3, whatever the order in which issues, guesses, revocations and faults meet', () => {
  const answers = new Map<string, number>();

  afterAll(() => {
    const seen = [...answers].map(([answer, times]) => `${answer} ${times}`).join(', ');
    process.stderr.write(`interleavings, answers seen: ${seen}\n`);
  });

  it.skipIf(replayed !== undefined).each(blocks)(
    `hold in a quarter of ${seedCount} interleavings: number %i`,
    async (block) => {
      const size = seedCount / blocks.length;
      for (let seed = block * size; seed < (block + 1) * size; seed++) note(await assertHealthy(seed));
    },
  );

  if (replayed !== undefined) {
    it('hold in the interleaving that INTERLEAVING_SEED names', async () => {
      process.stderr.write(`${describeRun(await assertHealthy(Number(replayed)))}\n`);
    });
  }

  it('can be replayed: the same seed gives the same answers in the same order', async () => {
    for (let seed = 0; seed < 50; seed++)
      expect(describeRun(await runInterleaving(seed))).toBe(describeRun(await runInterleaving(seed)));
  });

  it.skipIf(replayed !== undefined)('were put to the test: every kind of answer has been seen', () => {
    const seen = [...answers.keys()];
    for (const answer of ['ok', 'unknown', 'exhausted', 'ERR_STORE_FAILED'])
      expect(seen).toContain(`right ${answer}`);
    for (const answer of ['mismatch', 'exhausted', 'unknown']) expect(seen).toContain(`wrong ${answer}`);
    for (const answer of ['ok', 'ERR_SEND_FAILED', 'ERR_STORE_FAILED'])
      expect(seen).toContain(`issue ${answer}`);
  });

  function note(run: Run): void {
    for (const { act, answer } of run.acts)
      answers.set(`${act} ${answer}`, (answers.get(`${act} ${answer}`) ?? 0) + 1);
  }
});

describe('promises 1, 2 and 3 are seen to break on a store that', () => {
  it.each(Object.entries(brokenStores))('%s', async (_, makeStore) => {
    const isNoticed = async (seed: number): Promise<boolean> =>
      violations(await runInterleaving(seed, { makeStore, faultRate: 0 })).length > 0;
    let seed = 0;
    while (seed < 500 && !(await isNoticed(seed))) seed++;
    expect(seed).toBeLessThan(500);
  });
});

async function assertHealthy(seed: number): Promise<Run> {
  const run = await runInterleaving(seed);
  const broken = violations(run);
  const replay = `INTERLEAVING_SEED=${seed} npx vitest run test/email-token/interleavings.test.ts`;
  const report = broken.length === 0 ? '' : [...broken, describeRun(run), `replay: ${replay}`].join('\n');
  expect(report).toBe('');
  return run;
}
