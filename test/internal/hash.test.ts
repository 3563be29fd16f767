import { createHash, createHmac } from 'node:crypto';
import { hmac as nobleHmac } from '@noble/hashes/hmac.js';
import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest, hmac, keyStates, toBytes } from '../../src/internal/hash.js';
import { sha1 } from '../../src/internal/sha1.js';
import { sha256 } from '../../src/internal/sha256.js';
import { sha512 } from '../../src/internal/sha512.js';

const noWords = '';
const oneBlock = 'abc';
const twoBlocks = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq';

/** `printed`: the digests that FIPS 180 and its examples give. */
const hashes = [
  {
    name: 'sha1',
    hash: sha1,
    noble: nobleSha1,
    printed: {
      [noWords]: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      [oneBlock]: 'a9993e364706816aba3e25717850c26c9cd0d89d',
      [twoBlocks]: '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
    },
  },
  {
    name: 'sha256',
    hash: sha256,
    noble: nobleSha256,
    printed: {
      [noWords]: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      [oneBlock]: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      [twoBlocks]: '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    },
  },
  {
    name: 'sha512',
    hash: sha512,
    noble: nobleSha512,
    printed: {
      [noWords]:
        'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce' +
        '47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
      [oneBlock]:
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
        '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      [twoBlocks]:
        '204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335' +
        '96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445',
    },
  },
];

describe.each(hashes)('$name', ({ name, hash, noble, printed }) => {
  const ours = (message: Uint8Array): string => hex(toBytes(digest(hash, message)));
  const openSsl = (message: Uint8Array): string => createHash(name).update(message).digest('hex');

  it.each(Object.entries(printed))('gives the digest of %j that FIPS 180 prints', (text, expected) => {
    expect(ours(new TextEncoder().encode(text))).toBe(expected);
  });

  it('agrees with OpenSSL and with noble for every length up to five blocks', () => {
    for (let length = 0; length <= 20 * hash.blockWords; length++) {
      const message = bytesOf(length);
      expect(ours(message)).toBe(openSsl(message));
      expect(ours(message)).toBe(hex(noble(message)));
    }
  });

  it('agrees with OpenSSL for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (message) => {
        expect(ours(message)).toBe(openSsl(message));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with OpenSSL where sums of words overflow most', () => {
    for (const byte of [0x00, 0x7f, 0x80, 0xff]) {
      for (let length = 0; length <= 300; length++) {
        const message = new Uint8Array(length).fill(byte);
        expect(ours(message)).toBe(openSsl(message));
      }
    }
  });

  it('keeps in step with OpenSSL over ten thousand digests of digests', () => {
    let message = bytesOf(64);
    let expected: Uint8Array = message;
    for (let i = 0; i < 10_000; i++) {
      message = toBytes(digest(hash, message));
      expected = createHash(name).update(expected).digest();
    }
    expect(hex(message)).toBe(hex(expected));
  });

  it('changes neither the state it begins with nor the block', () => {
    const state = [...hash.initial];
    const block = new Int32Array(hash.blockWords).fill(-1);
    hash.compress(state, block);
    expect(state).toEqual(hash.initial);
    expect(block).toEqual(new Int32Array(hash.blockWords).fill(-1));
  });

  it('makes the HMAC of OpenSSL and of noble for keys of every length up to three blocks', () => {
    for (let length = 0; length <= 12 * hash.blockWords; length++) {
      const key = bytesOf(length);
      const message = bytesOf(300 - (length % 300));
      const expected = createHmac(name, key).update(message).digest('hex');
      expect(hex(hmac(hash, key, message))).toBe(expected);
      expect(hex(nobleHmac(noble, key, message))).toBe(expected);
    }
  });

  it('leaves nothing of a key in the block that makes its states', () => {
    const block = new Int32Array(hash.blockWords);
    for (const length of [1, 20, 4 * hash.blockWords, 8 * hash.blockWords]) {
      expect(keyStates(hash, bytesOf(length), block)).toEqual(keyStates(hash, bytesOf(length)));
      expect(block).toEqual(new Int32Array(hash.blockWords));
    }
  });
});

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 255);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
