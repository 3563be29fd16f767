import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
// The root package's own, so that the page is formatted like every other file.
import { format, resolveConfig } from 'prettier';
import { flowActs } from './flow.mjs';
import { libraries } from './libraries.mjs';
import { jobs, median, ratio } from './otp.mjs';

export const target = join(import.meta.dirname, '../docs/benchmarks.md');

/** The text of docs/benchmarks.md. */
export async function page({ otp, sizes, engines, flow }, pace) {
  const parts = [
    '# Benchmarks',
    '`npm run bench` writes this page.',
    howMeasured(pace),
    '## What has to be shown',
    demands({ otp, sizes, engines, flow }).map(line).join('\n'),
    '## One-time passwords',
    'Acts a second; in brackets, how many times as fast countersign is. A dash: the library does not offer it.',
    ...['SHA1', 'SHA256', 'SHA512'].flatMap((hash) => [
      `### ${hash.replace('SHA', 'SHA-')}`,
      otpTable(hash, otp),
    ]),
    '## Mailed tokens',
    'Calls of the client for each act, and milliseconds from call to answer, one act after the other. The mail costs nothing here.',
    engineTable(engines),
    ...flowSection(flow),
    '## Sizes',
    'Bundled by esbuild for a browser, minified, in bytes: secrets from Base32, generate, verify, and the URI.',
    table(
      ['', 'minified', 'gzipped'],
      Object.entries(sizes).map(([name, size]) => [name, whole(size.minified), whole(size.gzipped)]),
    ),
  ];
  return format(parts.join('\n\n'), { ...(await resolveConfig(target)), filepath: target });
}

const actTitles = {
  generateKept: 'Generate with a kept secret',
  verifyFromText: 'Verify from Base32 text, wrong code',
  verifyKept: 'Verify with a kept secret, wrong code',
};

/** Each line that must hold: title, what was found, and whether that is enough; null where it could not be measured. */
export function demands({ otp, sizes, engines, flow }) {
  return [
    speed('Verify from Base32 text, wrong code', otp['verifyFromText SHA1'], 'otpauth', 3),
    speed('Verify from Base32 text, wrong code', otp['verifyFromText SHA1'], 'otplib', 12),
    speed('Verify with a kept secret, wrong code', otp['verifyKept SHA1'], 'otpauth', 4),
    speed('Verify with a kept secret, wrong code', otp['verifyKept SHA1'], 'notp', 3),
    speed('Generate with a kept secret', otp['generateKept SHA1'], 'otpauth', 4),
    speed('Generate with a kept secret', otp['generateKept SHA1'], 'notp', 2.5),
    ...Object.entries(actTitles).flatMap(([act, title]) => [
      speed(`${title}, SHA-256`, otp[`${act} SHA256`], fastestPeer(otp[`${act} SHA256`]), 1.3),
      speed(`${title}, SHA-512`, otp[`${act} SHA512`], fastestPeer(otp[`${act} SHA512`]), 0.8),
    ]),
    atMost('The OTP bundle, gzipped', sizes.countersign.gzipped, 9500),
    atMost('… beside otpauth’s', sizes.countersign.gzipped, sizes.otpauth.gzipped - 1),
    atMost('… beside otplib’s', sizes.countersign.gzipped, sizes.otplib.gzipped - 1),
    atMost(
      'An application that imports only `isCountersignError`, gzipped',
      sizes['countersign, only `isCountersignError`'].gzipped,
      999,
    ),
    ...Object.entries(engines).map(([title, acts]) => roundTrips(title, acts)),
    ...Object.entries(flow)
      .filter(([title]) => title !== PEER)
      .map(([title, { crowd }]) => onlyOne(title, crowd)),
  ];
}

function speed(title, samples, peer, least) {
  const times = ratio(samples, peer, 'countersign');
  return { title: `${title}: at least ${least}× ${peer}`, found: `${short(times)}×`, isMet: times >= least };
}

function fastestPeer({ countersign: _, ...peers }) {
  const [[name]] = Object.entries(peers).sort(([, a], [, b]) => median(a) - median(b));
  return name;
}

function atMost(title, bytes, most) {
  return {
    title: `${title}: at most ${whole(most)} bytes`,
    found: `${whole(bytes)} bytes`,
    isMet: bytes <= most,
  };
}

function roundTrips(engine, acts) {
  const title = `${engine}: two round trips for each act`;
  if (acts === null) return { title, found: 'no engine answers', isMet: null };
  const found = [acts.issue.roundTrips, acts.redeem.roundTrips];
  return {
    title,
    found: `issue ${found[0]}, redeem ${found[1]}`,
    isMet: found.every((count) => count === 2),
  };
}

function onlyOne(title, { accepted }) {
  const found = `${accepted} accepted`;
  return {
    title: `${title}: of many clients that send one code at once, one gets in`,
    found,
    isMet: accepted === 1,
  };
}

/** Runs in the same run, on the same PostgreSQL. */
const PEER = 'better-auth';

/** The section about the speed of `begin` and `complete`. */
export function flowSection(flow) {
  const rows = Object.entries(flow).flatMap(([title, { acts }]) =>
    flowActs
      .filter((act) => acts[act] !== undefined)
      .map((act) => flowRow(title, act, acts[act], flow[PEER])),
  );
  const crowds = Object.entries(flow).map(([title, { crowd }]) => [title, crowd.accepted, short(crowd.ms)]);
  return [
    '## The two-factor flow',
    'Statements of each act, and milliseconds from call to answer: one customer at a time, and all customers at a time over 16 connections. `begin, mail` is beside the `send-otp` of better-auth’s two-factor plugin, `complete` beside its `verify-otp` and `verify-totp`, on the same PostgreSQL in the same run, in turns. In brackets, how many times as long better-auth takes. Its `verify` also writes the session, which countersign leaves to the application; its password step, hashing included, is not measured.',
    table(['', 'act', 'statements', 'alone, p50', 'alone, p99', 'together, p50', 'together, p99'], rows),
    'Many clients of one account send the same right code at once: how many get in, and the milliseconds until all have their answer.',
    table(['', 'accepted', 'ms'], crowds),
  ];
}

function flowRow(title, act, samples, peer) {
  const cell = (how, share) => {
    const own = quantile(samples[how], share);
    const theirs = title === PEER ? undefined : peer?.acts[act]?.[how];
    return theirs === undefined ? short(own) : `${short(own)} (${short(quantile(theirs, share) / own)}×)`;
  };
  const cells = ['alone', 'together'].flatMap((how) => [cell(how, 0.5), cell(how, 0.99)]);
  return [title, act, short(samples.statements), ...cells];
}

function quantile(samples, share) {
  return [...samples].sort((a, b) => a - b)[Math.floor((samples.length - 1) * share)];
}

function line({ title, found, isMet }) {
  return `- ${isMet === null ? 'skipped' : isMet ? 'met' : '**missed**'}: ${title}. ${found}.`;
}

function otpTable(hash, otp) {
  const columns = jobs.filter((job) => job.hash === hash).map(({ id }) => otp[id]);
  const cell = (samples, name) => {
    if (samples[name] === undefined) return '–';
    const rate = rounded(1e9 / median(samples[name]));
    return name === 'countersign' ? rate : `${rate} (${short(ratio(samples, name, 'countersign'))}×)`;
  };
  const rows = Object.keys(libraries)
    .filter((name) => columns.some((samples) => samples[name] !== undefined))
    .map((name) => [name, ...columns.map((samples) => cell(samples, name))]);
  return table(
    ['', 'generate, from text', 'generate, kept secret', 'verify, from text', 'verify, kept secret'],
    rows,
  );
}

function engineTable(engines) {
  const rows = Object.entries(engines).flatMap(([title, acts]) =>
    acts === null
      ? [[title, 'skipped: no engine answers', '', '']]
      : ['issue', 'redeem'].map((act) => [title, act, acts[act].roundTrips, acts[act].ms.toFixed(2)]),
  );
  return table(['', 'act', 'calls', 'ms'], rows);
}

function howMeasured({ rounds, sampleMs }) {
  const [{ model }] = cpus();
  const machine = `${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`;
  return `## How it was measured

- ${new Date().toISOString().slice(0, 10)}, Node ${process.version} with OpenSSL ${process.versions.openssl}, ${machine}; load average ${loadavg()[1].toFixed(1)} at the end.
- ${Object.keys(libraries)
    .slice(1)
    .map((name) => `${name} ${versionOf(name)}`)
    .join(', ')}.
- Before a library is timed it must give the right answers: the codes of one step before to one step after now, no code of two steps away.
- Each column is a process of its own. In it the libraries take turns: ${rounds} rounds, one sample of ${sampleMs} ms each a round, in an order that changes. Figures are medians over the rounds; ratios are medians of the ratios within each round.
- “From text” starts from the Base32 text each time, “kept secret” keeps what the library lets a caller keep. Codes that are verified are wrong, and the window is one step each way.
- otpauth, notp, speakeasy and time2fa hash with \`node:crypto\`, which is OpenSSL in C. countersign, otplib and @oslojs/otp hash in JavaScript and run everywhere.`;
}

/** Read from the file, since not every package exports its package.json. */
function versionOf(name) {
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  for (;;) {
    const manifest = readManifest(folder);
    if (manifest?.name === name && manifest.version !== undefined) return manifest.version;
    folder = dirname(folder);
  }
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return null;
  }
}

function whole(number) {
  return Math.round(number).toLocaleString('en-US');
}

function short(number) {
  return number >= 100 ? whole(number) : number.toFixed(number >= 10 ? 1 : 2);
}

/** A benchmark has three figures at most. */
function rounded(number) {
  return Number(number.toPrecision(3)).toLocaleString('en-US');
}

function table(heads, rows) {
  const rule = heads.map((_, column) => (column === 0 ? '---' : '--:'));
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
