import { fileURLToPath } from 'node:url';
import { inFreshProcess } from './harness/in-fresh-process.mjs';
import { otpTables } from './otp/otp-jobs.mjs';
import { answers, engines } from './tokens/engines.mjs';
import { measureEngine } from './tokens/measure-engine.mjs';
import { bundleSizes } from './weight/bundle-sizes.mjs';
import { importTimes } from './weight/import-times.mjs';
import { installSize } from './weight/install-size.mjs';
import { installPacked } from './weight/packed.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Runs every job once, saying on stderr what it is at. */
export async function measureAll(pace) {
  const packed = installPacked();
  const folderOf = (name) => (name === 'countersign' ? packed : here);
  return {
    otp: await measureOtp(pace.otp),
    windows: await measureWindows(pace.otp),
    engines: await measureEngines(pace.engines),
    scale: await measureScale(pace.scale),
    imports: measureImports(folderOf, pace.imports),
    bundles: await bundleSizes(folderOf),
    installs: measureInstalls(folderOf),
  };
}

async function measureOtp(pace) {
  const samples = {};
  for (const job of otpTables.flatMap(({ jobs }) => jobs)) {
    say(job.id);
    samples[job.id] = await inFreshProcess(new URL('otp/otp-task.mjs', import.meta.url), { job, pace });
  }
  return samples;
}

function measureWindows(pace) {
  say('windows');
  const windows = [0, 1, 2, 5, 10];
  return inFreshProcess(new URL('otp/window-task.mjs', import.meta.url), { windows, pace });
}

/** Four processes share the 64 of one. */
const crews = [
  { processes: 1, concurrency: 1 },
  { processes: 1, concurrency: 64 },
  { processes: 4, concurrency: 16 },
];

async function measureEngines(pace) {
  const results = [];
  for (const [engine, { title, port, ...rest }] of Object.entries(engines)) {
    const isThere = await answers({ port, ...rest });
    // A memory store belongs to one process.
    for (const crew of port === null ? crews.slice(0, 2) : crews) {
      say(
        `${title}, ${crew.processes} × ${crew.concurrency}${isThere ? '' : ': SKIPPED, no engine answers'}`,
      );
      const rates = isThere ? await measureEngine({ engine, ...crew }, pace) : null;
      results.push({ engine, title, ...crew, rates });
    }
  }
  return results;
}

function measureScale({ sizes, rounds }) {
  say(`memoryStore with ${sizes.join(' and ')} live tokens`);
  const flags = ['--expose-gc', '--max-old-space-size=6000'];
  return inFreshProcess(new URL('tokens/scale-task.mjs', import.meta.url), { sizes, rounds }, flags);
}

function measureImports(folderOf, rounds) {
  say('import times');
  return importTimes(['countersign', 'otpauth', 'otplib'], folderOf, rounds);
}

const installed = [
  'countersign',
  'otpauth',
  'otplib',
  '@oslojs/otp',
  'notp',
  'speakeasy',
  'time2fa',
  'totp-generator',
];

function measureInstalls(folderOf) {
  return Object.fromEntries(installed.map((name) => [name, installSize(name, folderOf(name))]));
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
