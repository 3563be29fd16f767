import { describe, expect, it } from 'vitest';
import { joinTexts } from '../../src/internal/bytes.js';
import { type Cipher, deriveCipher } from '../../src/internal/cipher.js';
import { deriveKey, type Keys, readKeys, retired } from '../../src/internal/keys.js';

const first = new Uint8Array(32).fill(1);
const second = new Uint8Array(32).fill(2);
const plain = Uint8Array.from({ length: 20 }, (_, index) => index);

const cipherOf = (keys: Keys, use = 'test'): Cipher => deriveCipher(readKeys(keys), use);

describe('deriveCipher', () => {
  it('opens what it sealed, and tells that the first key had sealed it', async () => {
    const cipher = cipherOf(first);
    expect(await cipher.open(await cipher.seal(plain, ['a']), ['a'])).toEqual({ plain, isCurrent: true });
  });

  it.each<[string, Keys]>([
    ['an older key', [second, first]],
    ['a retired key', [second, retired(first)]],
  ])('opens with %s, and tells that it is time to seal again', async (_, keys) => {
    const sealed = await cipherOf(first).seal(plain, ['a']);
    expect(await cipherOf(keys).open(sealed, ['a'])).toEqual({ plain, isCurrent: false });
  });

  it('seals with the first key alone', async () => {
    const sealed = await cipherOf([second, retired(first)]).seal(plain, ['a']);
    expect(await cipherOf(first).open(sealed, ['a'])).toBeNull();
    expect(await cipherOf(second).open(sealed, ['a'])).toEqual({ plain, isCurrent: true });
  });

  it('opens nothing for another context, another use or another key', async () => {
    const sealed = await cipherOf(first).seal(plain, ['a', 'b']);
    for (const context of [['ab'], ['a'], ['a', 'b', ''], ['b', 'a'], []])
      expect(await cipherOf(first).open(sealed, context)).toBeNull();
    expect(await cipherOf(first, 'other').open(sealed, ['a', 'b'])).toBeNull();
    expect(await cipherOf(second).open(sealed, ['a', 'b'])).toBeNull();
  });

  it('opens nothing after a change of any character, and nothing that it did not seal', async () => {
    const cipher = cipherOf(first);
    const sealed = await cipher.seal(plain, ['a']);
    for (let index = 0; index < sealed.length; index++) {
      const other = sealed[index] === 'A' ? 'Q' : 'A';
      expect(await cipher.open(sealed.slice(0, index) + other + sealed.slice(index + 1), ['a'])).toBeNull();
    }
    for (const text of ['', 'AAAA', 'no base64url!', sealed.slice(4), `${sealed}AAAA`])
      expect(await cipher.open(text, ['a'])).toBeNull();
  });

  it('never seals twice alike, and never with one nonce', async () => {
    const cipher = cipherOf(first);
    const sealed = await Promise.all(Array.from({ length: 100 }, () => cipher.seal(plain, [])));
    expect(new Set(sealed).size).toBe(100);
    expect(new Set(sealed.map((text) => text.slice(0, 16))).size).toBe(100);
  });

  it('is AES-256-GCM: WebCrypto opens it with the derived key, the nonce in front and use and context as data', async () => {
    const sealed = Buffer.from(await cipherOf(first).seal(plain, []), 'base64url');
    expect(sealed).toHaveLength(12 + plain.length + 16);
    const { subtle } = globalThis.crypto;
    const raw = Uint8Array.from(deriveKey(first, 'test'));
    const key = await subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
    const algorithm = {
      name: 'AES-GCM',
      iv: sealed.subarray(0, 12),
      additionalData: Uint8Array.from(joinTexts(['test'])),
    };
    const opened = await subtle.decrypt(algorithm, key, sealed.subarray(12));
    expect(new Uint8Array(opened)).toEqual(plain);
  });
});
