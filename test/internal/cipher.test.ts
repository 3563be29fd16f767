import { describe, expect, it } from 'vitest';
import { deriveCipher } from '../../src/internal/cipher.js';

const first = new Uint8Array(32).fill(1);
const second = new Uint8Array(32).fill(2);
const plain = Uint8Array.from({ length: 20 }, (_, index) => index);

describe('deriveCipher', () => {
  it('opens what it sealed, and tells that the first key had sealed it', async () => {
    const cipher = deriveCipher(first, 'test');
    expect(await cipher.open(await cipher.seal(plain, ['a']), ['a'])).toEqual({ plain, isCurrent: true });
  });

  it('opens with any key, and tells that it is time to seal again', async () => {
    const sealed = await deriveCipher(first, 'test').seal(plain, ['a']);
    const rotated = deriveCipher([second, first], 'test');
    expect(await rotated.open(sealed, ['a'])).toEqual({ plain, isCurrent: false });
  });

  it('opens nothing for another context, another use, another key, or after a change', async () => {
    const cipher = deriveCipher(first, 'test');
    const sealed = await cipher.seal(plain, ['a', 'b']);
    expect(await cipher.open(sealed, ['ab'])).toBeNull();
    expect(await deriveCipher(first, 'other').open(sealed, ['a', 'b'])).toBeNull();
    expect(await deriveCipher(second, 'test').open(sealed, ['a', 'b'])).toBeNull();
    for (let index = 0; index < sealed.length; index++) {
      const other = sealed[index] === 'A' ? 'Q' : 'A';
      expect(
        await cipher.open(sealed.slice(0, index) + other + sealed.slice(index + 1), ['a', 'b']),
      ).toBeNull();
    }
    for (const text of ['', 'AAAA', 'no base64url!', sealed.slice(4)]) {
      expect(await cipher.open(text, ['a', 'b'])).toBeNull();
    }
  });

  it('never seals twice alike', async () => {
    const cipher = deriveCipher(first, 'test');
    const sealed = await Promise.all(Array.from({ length: 100 }, () => cipher.seal(plain, [])));
    expect(new Set(sealed).size).toBe(100);
    expect(new Set(sealed.map((text) => text.slice(0, 16))).size).toBe(100);
  });
});
