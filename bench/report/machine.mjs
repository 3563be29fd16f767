import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { versionOf } from '../weight/install-size.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));

/** Everything beside the numbers that a reader needs to judge them. */
export function describeRun(pace) {
  const [{ model }] = cpus();
  return {
    pace,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`,
    load: loadavg()[1].toFixed(1),
    node: process.version,
    openssl: process.versions.openssl,
    versions: peers.map((name) => `${name} ${versionOf(name, here)}`),
  };
}

const peers = [
  'otpauth',
  'otplib',
  '@oslojs/otp',
  'notp',
  'speakeasy',
  'time2fa',
  'totp-generator',
  '@noble/hashes',
  'redis',
  'pg',
];
