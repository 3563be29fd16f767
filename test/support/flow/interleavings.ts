import { afterAll, describe, expect, it } from 'vitest';
import { factorAfterwards, faultsOf, runInterleaved } from './interleaving.js';

/** Registers the tests: so many orders of what people and processes do. */
export function describeInterleavings(seeds: number): void {
  describe(`promises 1, 7 and 14: in ${seeds} orders in which logins and changes of a factor meet`, () => {
    const seen = new Map<string, number>();

    afterAll(() => {
      const counts = [...seen].sort().map(([what, times]) => `${what} ${times}`);
      process.stderr.write(`interleavings: ${counts.join(', ')}\n`);
    });

    it('no code counts twice, no factor is weaker than what was proved, and no void ticket lets in', async () => {
      for (let seed = 0; seed < seeds; seed++) {
        const run = await runInterleaved(seed);
        for (const { kind, answer } of run.acts) {
          const what = `${kind}: ${answer}`;
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
        expect(faultsOf(run), `seed ${seed}`).toEqual([]);
        const { told, letIn } = await factorAfterwards(run);
        expect(new Set(letIn), `seed ${seed}`).toEqual(new Set([told]));
      }
    }, 600_000);

    it('and all of it has happened', () => {
      for (const kind of ['mail login', 'app login', 'recovery login', 'replace', 'deactivate', 'renew']) {
        expect(seen.get(`${kind}: yes`), kind).toBeGreaterThan(seeds / 100);
        expect(seen.get(`${kind}: no`), kind).toBeGreaterThan(seeds / 100);
      }
      for (const what of [
        'stale login: yes',
        'stale login: no',
        'confirm: yes',
        'confirm: no',
        'erase: yes',
      ]) {
        expect(seen.get(what), what).toBeGreaterThan(seeds / 100);
      }
    });
  });
}
