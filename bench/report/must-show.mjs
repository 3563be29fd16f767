import { contenders } from '../contenders/all.mjs';
import { quantile, ratio } from '../harness/statistics.mjs';
import { shareOfBare } from './engine-section.mjs';
import { short, whole } from './format.mjs';
import { fit } from './scale-section.mjs';

/** How each demand stands, as a Markdown list: met or missed, the number, and the middle half of the rounds. */
export function mustShow(results) {
  return [
    ...speed(results.otp),
    ...otherHashes(results.otp),
    ...tokens(results.engines),
    linear(results.windows),
    sizeless(results.scale),
    bundle(results.bundles),
    imports(results.imports),
  ];
}

const wrongFromText = 'verifyFromText SHA1 1 wrong';
const wrongKept = 'verifyKept SHA1 1 wrong';
const generateKept = 'generateKept SHA1 1';

function speed(otp) {
  return [
    ['Verify from text, wrong code, ±1', wrongFromText, 'otpauth', 4],
    ['Verify from text, wrong code, ±1', wrongFromText, 'otplib', 20],
    ['Verify with a kept secret, wrong code, ±1', wrongKept, 'otpauth', 5],
    ['Verify with a kept secret, wrong code, ±1', wrongKept, 'notp', 3],
    ['Generate with a kept secret', generateKept, 'otpauth', 5],
    ['Generate with a kept secret', generateKept, 'notp', 2.5],
    ['Generate with a kept secret', generateKept, 'limit: noble blocks', 0.5],
  ].map(([title, id, peer, target]) =>
    timesAsFast(`${title}: at least ${target}× ${peer}`, otp[id], peer, target),
  );
}

function timesAsFast(title, samples, peer, target) {
  const { median, low, high } = ratio(samples[peer], samples.countersign);
  return line(median >= target, title, `${short(median)}× (${short(low)} to ${short(high)})`);
}

function otherHashes(otp) {
  const limits = contenders.filter(({ isLimit }) => isLimit).map(({ name }) => name);
  return ['SHA256', 'SHA512'].flatMap((algorithm) =>
    [
      `generateKept ${algorithm} 1`,
      `verifyFromText ${algorithm} 1 wrong`,
      `verifyKept ${algorithm} 1 wrong`,
    ].map((id) => aheadOfAll(id, otp[id], limits)),
  );
}

function aheadOfAll(id, { countersign, ...others }, limits) {
  const ratios = Object.entries(others)
    .filter(([name]) => !limits.includes(name))
    .map(([name, samples]) => ({ name, times: ratio(samples, countersign).median }));
  const next = ratios.reduce((best, peer) => (peer.times < best.times ? peer : best));
  return line(next.times > 1, `Ahead of every peer: ${id}`, `${short(next.times)}× ${next.name}, the next`);
}

function tokens(engines) {
  return engines
    .filter(({ engine, processes, concurrency }) => engine !== 'memory' && processes * concurrency === 64)
    .flatMap((result) => ['issue', 'redeem'].map((act) => throughput(result, act)));
}

function throughput(result, act) {
  const title = `${act} on ${result.title}, ${result.processes} × ${result.concurrency}: at least 75 % of the bare two commands`;
  if (result.rates === null) return line(null, title, 'no engine answers');
  const { median, low, high } = shareOfBare(result, act);
  // Rounded down, so that 74.9 does not read like enough.
  const [percent, from, to] = [median, low, high].map((share) => Math.floor(100 * share));
  return line(median >= 0.75, title, `${percent} % (${from} to ${to})`);
}

function linear(windows) {
  const { base, slope } = fit(windows);
  const errors = Object.entries(windows).map(([steps, samples]) =>
    Math.abs(quantile(samples) / (base + slope * Number(steps)) - 1),
  );
  const percent = Math.round(100 * Math.max(...errors));
  return line(percent <= 10, 'Cost linear in the window', `at most ${percent} % off the line`);
}

function sizeless([small, large]) {
  const growth = ratio(large.microseconds, small.microseconds).median;
  const title = `Cost of a redemption does not grow from ${whole(small.size)} to ${whole(large.size)} tokens`;
  return line(growth <= 1.25, title, `${short(growth)}× as long`);
}

function bundle({ countersign }) {
  const { gzipped } = countersign;
  return line(gzipped <= 8000, 'OTP bundle of at most 8,000 bytes gzipped', `${whole(gzipped)} bytes`);
}

function imports({ countersign, otpauth }) {
  const { median, low, high } = ratio(countersign, otpauth);
  const found = `${short(median)}× its time (${short(low)} to ${short(high)})`;
  return line(median <= 1, 'Import takes no longer than importing otpauth', found);
}

function line(isMet, title, found) {
  const mark = isMet === null ? 'SKIPPED' : isMet ? 'met' : '**missed**';
  return `- ${mark}: ${title}. ${found}.`;
}
