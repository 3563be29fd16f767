import { createHmac } from 'node:crypto';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCounterMac } from '../../src/otp/counter-mac.js';

const hashes = { SHA1: sha1, SHA256: sha256, SHA512: sha512 };
const algorithms = ['SHA1', 'SHA256', 'SHA512'] as const;

/** RFC 4226 section 5.3 by the letter, over plain HMAC. */
function plain(algorithm: (typeof algorithms)[number], key: Uint8Array, counter: number): number {
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(counter));
  const digest = hmac(hashes[algorithm], key, new Uint8Array(message.buffer));
  const offset = (digest.at(-1) ?? 0) & 15;
  return new DataView(digest.buffer).getUint32(offset) & 0x7fffffff;
}

describe.each(algorithms)('the counter MAC with %s', (algorithm) => {
  it('is truncated HMAC for every key length from 1 to 200 bytes', () => {
    for (let length = 1; length <= 200; length++) {
      const key = Uint8Array.from({ length }, (_, i) => (i * 131 + length) & 255);
      const mac = createCounterMac(algorithm, key);
      for (const counter of [0, 1, length]) expect(mac(counter)).toBe(plain(algorithm, key, counter));
    }
  });

  it('is truncated HMAC for every counter up to 2^53 - 1', () => {
    const key = new Uint8Array(20).fill(7);
    const mac = createCounterMac(algorithm, key);
    const edges = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    for (const counter of edges) expect(mac(counter)).toBe(plain(algorithm, key, counter));
    fc.assert(fc.property(fc.maxSafeNat(), (counter) => mac(counter) === plain(algorithm, key, counter)));
  });

  it('is what OpenSSL makes of any key and counter', () => {
    const keys = fc.uint8Array({ minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(keys, fc.maxSafeNat(), (key, counter) => {
        const message = Buffer.alloc(8);
        message.writeBigUInt64BE(BigInt(counter));
        const digest = createHmac(algorithm, key).update(message).digest();
        const expected = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fffffff;
        expect(createCounterMac(algorithm, key)(counter)).toBe(expected);
      }),
    );
  });

  it('truncates at every offset', () => {
    const key = new Uint8Array(20).fill(9);
    const mac = createCounterMac(algorithm, key);
    for (let counter = 0; counter < 2000; counter++)
      expect(mac(counter)).toBe(plain(algorithm, key, counter));
  });
});

it('keeps the MACs of two secrets apart when they take turns', () => {
  const keys = [new Uint8Array(20).fill(1), new Uint8Array(200).fill(2)];
  const macs = keys.flatMap((key) =>
    algorithms.map((algorithm) => ({ key, algorithm, mac: createCounterMac(algorithm, key) })),
  );
  for (let counter = 0; counter < 50; counter++) {
    for (const { key, algorithm, mac } of macs) expect(mac(counter)).toBe(plain(algorithm, key, counter));
  }
});
