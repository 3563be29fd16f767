import { createHash } from 'node:crypto';
import { sha1 } from '@noble/hashes/legacy.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressSha1, sha1Initial } from '../../src/otp/sha1.js';

/** SHA-1 by the letter (FIPS 180-4 sections 5.1.1 and 6.1), over the compression function. */
function hash(message: Uint8Array): string {
  const size = Math.ceil((message.length + 9) / 64) * 64;
  const padded = new DataView(new ArrayBuffer(size));
  new Uint8Array(padded.buffer).set(message);
  padded.setUint8(message.length, 0x80);
  padded.setUint32(size - 4, message.length * 8);
  let state = sha1Initial;
  for (let offset = 0; offset < size; offset += 64) {
    const block = Int32Array.from({ length: 16 }, (_, i) => padded.getInt32(offset + 4 * i));
    state = compressSha1(state, block);
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

describe('the compression of SHA-1', () => {
  it.each([
    ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
  ])('gives the digest of %j that FIPS 180 prints', (text, digest) => {
    expect(hash(new TextEncoder().encode(text))).toBe(digest);
  });

  it('agrees with OpenSSL and with noble for every length up to five blocks', () => {
    for (let length = 0; length <= 320; length++) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 255);
      expect(hash(message)).toBe(createHash('sha1').update(message).digest('hex'));
      expect(hash(message)).toBe(Buffer.from(sha1(message)).toString('hex'));
    }
  });

  it('agrees with OpenSSL for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (message) => {
        expect(hash(message)).toBe(createHash('sha1').update(message).digest('hex'));
      }),
      { numRuns: 2000 },
    );
  });

  it('changes neither the state it begins with nor the block', () => {
    const state = [...sha1Initial];
    const block = new Int32Array(16).fill(-1);
    compressSha1(state, block);
    expect(state).toEqual(sha1Initial);
    expect(block).toEqual(new Int32Array(16).fill(-1));
  });
});
