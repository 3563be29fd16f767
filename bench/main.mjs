import { writeFileSync } from 'node:fs';
import { measureAll } from './measure-all.mjs';
import { chart } from './report/chart.mjs';
import { describeRun } from './report/machine.mjs';
import { mustShow } from './report/must-show.mjs';
import { page } from './report/page.mjs';

const isQuick = process.argv.includes('--quick');

const quick = {
  otp: { rounds: 10, sampleMs: 1.5, warmUpMs: 50 },
  engines: { rounds: 3, phaseMs: 40 },
  scale: { sizes: [1_000, 50_000], rounds: 10 },
  imports: 3,
};

const full = {
  otp: { rounds: 100, sampleMs: 5, warmUpMs: 200 },
  engines: { rounds: 24, phaseMs: 300 },
  scale: { sizes: [1_000, 1_000_000], rounds: 100 },
  imports: 500,
};

const start = performance.now();
const pace = isQuick ? quick : full;
const results = await measureAll(pace);
const run = describeRun(pace);
const text = await page(run, results);

print(text);
print(mustShow(results).join('\n'));
if (isQuick) print('A quick look is too noisy to keep: docs/benchmarks.md stays as it is.');
else write();
print(`${Math.round((performance.now() - start) / 1000)} s`);

function write() {
  const docs = new URL('../docs/', import.meta.url);
  writeFileSync(new URL('benchmarks.md', docs), text);
  writeFileSync(new URL('benchmarks.svg', docs), chart(results));
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
