import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { bytes, libraries } from './libraries.mjs';

const acts = ['generateFromText', 'generateKept', 'verifyFromText', 'verifyKept'];

/** What is measured; each job runs in a process of its own, so that none meets code which another one has compiled. */
export const jobs = ['SHA1', 'SHA256', 'SHA512'].flatMap((hash) =>
  acts.map((act) => ({ id: `${act} ${hash}`, act, hash })),
);

/**
 * Measures every job.
 *
 * @param {{ rounds: number, sampleMs: number }} pace
 * @returns {Promise<Record<string, Record<string, number[]>>>} by job and library, nanoseconds an act, a number a round
 */
export async function measureOtp(pace) {
  const results = {};
  for (const { id } of jobs) {
    const child = fork(import.meta.filename, [id, JSON.stringify(pace)]);
    const [samples] = await once(child, 'message');
    results[id] = samples;
  }
  return results;
}

/** The value in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** How many times as long one library takes as another: the median of the ratios within each round. */
export function ratio(samples, slower, faster) {
  return median(samples[slower].map((time, round) => time / samples[faster][round]));
}

/** The libraries take turns, one short sample each a round, so that whatever else the machine does meets all alike. */
function measureJob({ act, hash }, { rounds, sampleMs }) {
  const entries = Object.entries(libraries)
    .filter(([, library]) => library[act] !== undefined && library.hashes.includes(hash))
    .map(([name, library]) => ({ name, run: library[act](hash), samples: [], count: 1 }));
  for (const { name, run } of entries) checkAnswers(name, run, act, hash);
  for (const entry of entries) entry.count = countFor(entry.run, sampleMs, wrongCode(hash));
  for (let round = -5; round < rounds; round++) {
    const code = wrongCode(hash);
    for (const { run, samples, count } of rotated(entries, round + 5)) {
      const time = timeOf(run, count, code);
      if (round >= 0) samples.push(time);
    }
  }
  return Object.fromEntries(entries.map(({ name, samples }) => [name, samples]));
}

/** Another first one each round, and every other round backwards: no library always follows the same one. */
function rotated(entries, round) {
  const first = round % entries.length;
  const order = [...entries.slice(first), ...entries.slice(0, first)];
  return round % 2 === 0 ? order : order.toReversed();
}

/** How many acts fill a sample, by the fastest of many short tries; the act is compiled meanwhile. */
function countFor(run, sampleMs, code) {
  const end = performance.now() + 200;
  let time = Infinity;
  for (let count = 1; performance.now() < end; count = Math.ceil(2e5 / time)) {
    time = Math.min(time, timeOf(run, count, code));
  }
  return Math.ceil((sampleMs * 1e6) / time);
}

/** Kept where the compiler cannot prove that it is not looked at. */
export let last;

function timeOf(run, count, code) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) last = run(code);
  return Number(process.hrtime.bigint() - start) / count;
}

/** Nothing is timed that does not do the whole job, and do it right. */
function checkAnswers(name, run, act, hash) {
  const step = currentStep();
  const found = act.startsWith('generate')
    ? [run()]
    : [-2, -1, 0, 1, 2].map((offset) => run(codeOf(step + offset, hash)));
  const expected = act.startsWith('generate') ? [codeOf(step, hash)] : [false, true, true, true, false];
  // The libraries read the clock themselves: a check that meets the end of a step says nothing.
  if (currentStep() !== step) return checkAnswers(name, run, act, hash);
  assert.deepEqual(found, expected, `${name}, ${act} with ${hash}`);
}

function currentStep() {
  return Math.floor(Date.now() / 30_000);
}

/** The code of a time step by RFC 4226 and OpenSSL. */
function codeOf(timeStep, hash) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(timeStep));
  const digest = createHmac(hash, bytes).update(counter).digest();
  return String((digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/** A code that is wrong in every step around now. */
function wrongCode(hash) {
  const right = [-3, -2, -1, 0, 1, 2, 3].map((offset) => codeOf(currentStep() + offset, hash));
  return ['111111', '222222', '333333', '444444', '555555', '666666', '777777', '888888'].find(
    (code) => !right.includes(code),
  );
}

// In the process that `measureOtp` has forked.
if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  const [id, pace] = process.argv.slice(2);
  process.send(
    measureJob(
      jobs.find((job) => job.id === id),
      JSON.parse(pace),
    ),
  );
  process.disconnect();
}
