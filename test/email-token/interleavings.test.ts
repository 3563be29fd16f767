import { afterAll, describe, expect, it } from 'vitest';
import { brokenStores } from '../support/tokens/broken-stores.js';
import { type Run, runInterleaving } from '../support/tokens/interleaving.js';
import { quickOrFull } from '../support/harness/length.js';
import { describeRun, violations } from '../support/tokens/oracle.js';

/** A seed to run alone, to see what happened in it. */
const replayed = process.env['INTERLEAVING_SEED'];
const seedCount = Number(process.env['INTERLEAVINGS'] ?? quickOrFull(200, 8000));
const blocks = [0, 1, 2, 3];

describe('the promises, whatever the order in which requests, guesses, revocations and faults meet', () => {
  const answers = new Map<string, number>();

  afterAll(() => {
    const seen = [...answers].map(([answer, times]) => `${answer} ${times}`).join(', ');
    process.stderr.write(`interleavings, answers seen: ${seen}\n`);
  });

  it.skipIf(replayed !== undefined).each(blocks)(
    `hold in a quarter of ${seedCount} interleavings: number %i`,
    async (block) => {
      const size = seedCount / blocks.length;
      const broken: string[] = [];
      for (let seed = block * size; seed < (block + 1) * size; seed++)
        broken.push(...reportOf(note(await runInterleaving(seed))));
      expect(broken).toEqual([]);
    },
    300_000,
  );

  it.runIf(replayed !== undefined)('hold in the interleaving that INTERLEAVING_SEED names', async () => {
    const run = await runInterleaving(Number(replayed));
    process.stderr.write(`${describeRun(run)}\n`);
    expect(reportOf(run)).toEqual([]);
  });

  it('can be replayed: the same seed gives the same answers in the same order', async () => {
    for (let seed = 0; seed < 15; seed++)
      expect(describeRun(await runInterleaving(seed))).toBe(describeRun(await runInterleaving(seed)));
  });

  it.skipIf(replayed !== undefined)('were put to the test: every kind of answer has been seen', () => {
    const seen = [...answers.keys()];
    for (const answer of ['ok', 'replayed', 'exhausted', 'superseded', 'unknown', 'ERR_STORE_FAILED'])
      expect(seen).toContain(`right ${answer}`);
    for (const answer of ['mismatch', 'exhausted', 'delayed', 'unknown'])
      expect(seen).toContain(`wrong ${answer}`);
    for (const answer of ['ok', 'ERR_SEND_FAILED', 'ERR_STORE_FAILED'])
      expect(seen).toContain(`ask ${answer}`);
    for (const act of [
      'old superseded',
      'old ok',
      'stranger mismatch',
      'ask elsewhere ok',
      'erase ok',
      'revoke ok',
    ])
      expect(seen).toContain(act);
  });

  function note(run: Run): Run {
    for (const { act, answer } of run.acts)
      answers.set(`${act} ${answer}`, (answers.get(`${act} ${answer}`) ?? 0) + 1);
    return run;
  }
});

describe('the promises are seen to break on a store that', () => {
  it.each(Object.entries(brokenStores))('%s', async (_, makeStore) => {
    const isNoticed = async (seed: number): Promise<boolean> =>
      violations(await runInterleaving(seed, { makeStore, faultRate: 0 })).length > 0;
    let seed = 0;
    while (seed < 500 && !(await isNoticed(seed))) seed++;
    expect(seed).toBeLessThan(500);
  });
});

function reportOf(run: Run): string[] {
  const broken = violations(run);
  if (broken.length === 0) return [];
  const replay = `INTERLEAVING_SEED=${run.seed} npx vitest run test/email-token/interleavings.test.ts`;
  return [[...broken, describeRun(run), `replay: ${replay}`].join('\n')];
}
