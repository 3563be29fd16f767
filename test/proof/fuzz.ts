/**
 * Fuzzes what reads text from outside: `npx tsx test/proof/fuzz.ts [count] [seed] [keep]`. With `keep` the inputs that
 * reached new branches are written into test/proof/corpus, from which the next run starts.
 */
import { fuzzAll } from './fuzz/main.js';
import type { TargetResult } from './fuzz/run-fuzzer.js';

const [count = '1000000', seed = '1', keep] = process.argv.slice(2);

// Most inputs end in an error, and its stack would take longer than all the rest.
Error.stackTraceLimit = 3;

function print({ faults, corpus, answers, seconds, slowestMs, ...rest }: TargetResult): void {
  const perSecond = Math.round(rest.inputs / seconds);
  const figures = {
    ...rest,
    seconds: Math.round(seconds),
    perSecond,
    kept: corpus.length,
    slowestMs: slowestMs.toFixed(2),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n  ${JSON.stringify(answers)}\n`);
  for (const fault of faults) process.stdout.write(`FAULT ${JSON.stringify(fault)}\n`);
}

const results = await fuzzAll({
  count: Number(count),
  seed: Number(seed),
  keepsCorpus: keep === 'keep',
  report: print,
});
const sum = (of: (result: TargetResult) => number): number =>
  results.reduce((total, each) => total + of(each), 0);
const total = {
  seed: Number(seed),
  inputs: sum(({ inputs }) => inputs),
  seconds: Math.round(sum(({ seconds }) => seconds)),
  slowestMs: Math.max(...results.map(({ slowestMs }) => slowestMs)).toFixed(2),
  faults: sum(({ faults }) => faults.length),
};
process.stdout.write(`${JSON.stringify(total)}\n`);
process.exitCode = total.faults === 0 ? 0 : 1;
