import { createHmac } from 'node:crypto';

/**
 * What every contender works on: the 20-byte key of RFC 4226 and a label.
 *
 * @typedef {object} Job
 * @property {'SHA1' | 'SHA256' | 'SHA512'} algorithm
 * @property {number} window steps accepted each way
 */

/**
 * A library, by what it can do. Each member makes the act to be timed; one that is missing is not supported.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {boolean} [isLimit] a bound rather than a library
 * @property {boolean} [isAsync] its acts return promises
 * @property {readonly string[]} algorithms
 * @property {(job: Job) => () => unknown} [generateFromText]
 * @property {(job: Job) => () => unknown} [generateKept]
 * @property {(job: Job) => (code: string) => unknown} [verifyFromText]
 * @property {(job: Job) => (code: string) => unknown} [verifyKept]
 * @property {() => () => string} [buildUri]
 * @property {() => () => unknown} [parseUri]
 * @property {(parsed: unknown) => string} [secretOf] the Base32 secret of what `parseUri` returned
 */

export const text = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
export const bytes = Buffer.from('12345678901234567890');
export const issuer = 'Example Hosting';
export const account = '12345';
export const uri = `otpauth://totp/Example%20Hosting:12345?secret=${text}&issuer=Example%20Hosting`;

/** The time step of an instant. */
export function stepAt(milliseconds) {
  return Math.floor(milliseconds / 30_000);
}

/** The right code of a time step, by RFC 4226 and OpenSSL: what contenders are checked against. */
export function codeOf(timeStep, algorithm) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(timeStep));
  const digest = createHmac(algorithm, bytes).update(counter).digest();
  const offset = digest[digest.length - 1] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/** A code that is wrong for every step that any job looks at. */
export function wrongCode(timeStep, algorithm) {
  const taken = new Set();
  for (let step = timeStep - 50; step <= timeStep + 50; step++) taken.add(codeOf(step, algorithm));
  let code = 123456;
  while (taken.has(String(code))) code++;
  return String(code);
}
