import { _SHA1 } from '@noble/hashes/legacy.js';
import { _SHA256, _SHA512 } from '@noble/hashes/sha2.js';
import { createHmac } from 'node:crypto';
import { bytes } from './subject.mjs';

const hashes = { SHA1: _SHA1, SHA256: _SHA256, SHA512: _SHA512 };
const algorithms = Object.keys(hashes);

/**
 * What the hash alone costs: two of noble's compressions a code, and two more for a secret that is not kept.
 * Nothing is formatted or compared.
 */
/** @type {import('./subject.mjs').Contender} */
export const blockLimit = {
  name: 'limit: noble blocks',
  isLimit: true,
  algorithms,
  generateFromText: (job) => compressions(job, 2 + 2),
  generateKept: (job) => compressions(job, 2),
  verifyFromText: (job) => compressions(job, 2 + 2 * codesOf(job)),
  verifyKept: (job) => compressions(job, 2 * codesOf(job)),
};

/** What OpenSSL's HMAC costs through Node's interface, a call a code. */
/** @type {import('./subject.mjs').Contender} */
export const opensslLimit = {
  name: 'limit: createHmac',
  isLimit: true,
  algorithms,
  generateKept: (job) => hmacs(job, 1),
  verifyKept: (job) => hmacs(job, codesOf(job)),
};

function codesOf({ window }) {
  return 2 * window + 1;
}

function compressions({ algorithm }, count) {
  const hash = new hashes[algorithm]();
  const block = new DataView(new ArrayBuffer(hash.blockLen));
  return () => {
    for (let i = 0; i < count; i++) hash.process(block, 0);
  };
}

function hmacs({ algorithm }, count) {
  const counter = Buffer.alloc(8);
  return () => {
    for (let i = 0; i < count; i++) {
      counter.writeUInt32BE(i, 4);
      createHmac(algorithm, bytes).update(counter).digest();
    }
  };
}
