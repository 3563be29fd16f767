import { describe, expect, it } from 'vitest';
import { BOUND_MS, fuzz, type Target } from './fuzz/run-fuzzer.js';
import { BranchLog } from './fuzz/instrument.js';
import { fuzzAll } from './fuzz/main.js';

describe('fuzzed text from outside, and damaged records', () => {
  it('give an answer or an error of this package, in bounded time', async () => {
    const results = await fuzzAll({ count: 40_000, seed: Number(process.env['PROOF_SEED'] ?? 1) });
    expect(results.flatMap(({ faults }) => faults)).toEqual([]);
    expect(results).toHaveLength(8);
    for (const { slowestMs, branches, answers } of results) {
      expect(slowestMs).toBeLessThan(BOUND_MS);
      expect(branches).toBeGreaterThan(10);
      expect(Object.keys(answers).length).toBeGreaterThan(1);
    }
  });
});

describe('the fuzzer itself', () => {
  const target: Omit<Target, 'run'> = {
    name: 'planted',
    share: 1,
    maxLength: 100,
    seeds: ['abc'],
    words: [],
  };
  const options = { count: 20_000, seed: 1, corpus: [] };

  it('finds an error that is none of the package', async () => {
    const run = (text: string): string => {
      if (text.includes('(')) throw new TypeError('planted');
      return 'ok';
    };
    const { faults } = await fuzz({ ...target, run }, { ...options, branches: new BranchLog(0) });
    expect(faults.length).toBeGreaterThan(0);
  });

  it('gets behind a row of branches by keeping what reached each of them', async () => {
    const branches = new BranchLog(4);
    const run = (text: string): string => {
      const depth = ['X', 'Y', 'Z', 'W'].findIndex((letter, index) => text[index] !== letter);
      for (let branch = 0; branch < depth; branch++) branches.mark(branch);
      if (depth < 0) throw new Error('reached');
      return 'ok';
    };
    const { faults } = await fuzz({ ...target, run }, { ...options, branches });
    expect(faults.length).toBeGreaterThan(0);
  });

  it('finds an input that takes too long', async () => {
    const run = (text: string): string => {
      const end = performance.now() + (text.includes(')') ? BOUND_MS + 5 : 0);
      while (performance.now() < end);
      return 'ok';
    };
    const { faults } = await fuzz(
      { ...target, run },
      { ...options, count: 2000, branches: new BranchLog(0) },
    );
    expect(faults[0]?.what).toMatch(/^took \d/);
  });
});
