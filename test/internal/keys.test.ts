import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveKeys, type Key } from '../../src/internal/keys.js';

describe('deriveKeys', () => {
  it('is HKDF-SHA-256 of every key, bound to the use', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 200 });
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 3 }), fc.string(), (keys, use) => {
        const derived = deriveKeys(keys, use).map((bytes) => Buffer.from(bytes).toString('hex'));
        expect(derived).toEqual(keys.map((bytes) => hkdf(bytes, `countersign ${use}`)));
      }),
    );
  });

  it('takes a key of any size', () => {
    const key = new Uint8Array(300_000).fill(7);
    const [derived] = deriveKeys(key, 'x');
    expect(Buffer.from(derived).toString('hex')).toBe(hkdf(key, 'countersign x'));
  });

  it('derives nothing alike for two uses', () => {
    const key = new Uint8Array(32).fill(1);
    expect(deriveKeys(key, 'a')).not.toEqual(deriveKeys(key, 'b'));
  });
});

describe('a key', () => {
  const bytes = new Uint8Array(32).fill(250);
  const base64 = Buffer.from(bytes).toString('base64');

  it.each([
    ['base64url text', Buffer.from(bytes).toString('base64url')],
    ['the base64 text of openssl rand -base64 32', base64],
    ['base64 text without its padding', base64.replace('=', '')],
  ])('may be %s', (_, text) => {
    expect(deriveKeys(text, 'x')).toEqual(deriveKeys(bytes, 'x'));
  });

  it.each<[string, unknown, string]>([
    ['an unset environment variable', undefined, 'it is Undefined'],
    ['a number', 32, 'it is Number'],
    ['a Uint16Array', new Uint16Array(32), 'it is Uint16Array'],
    ['31 bytes', new Uint8Array(31), 'it has 31 bytes'],
    ['a short text', 'AAAA', 'it has 3 bytes'],
    ['text that is not base64', 'a password', 'base64url or base64 text'],
    [
      'bytes with a false length',
      Object.defineProperty(new Uint8Array(2), 'length', { value: 32 }),
      'it has 2 bytes',
    ],
  ])('is refused as %s, by its name and with what was expected', (_, key, expected) => {
    const derive = (): unknown => deriveKeys([bytes, key as Key], 'x');
    expect(derive).toThrow(/^keys\[1\] must be .*base64/);
    expect(derive).toThrow(expected);
    expect(derive).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^ERR_(INVALID_ARGUMENT|OUT_OF_RANGE)$/) as unknown,
      }),
    );
  });

  it('is told to come from openssl if it is no key at all', () => {
    expect(() => deriveKeys(undefined as unknown as Key, 'x')).toThrow('openssl rand -base64 32');
  });
});

/** RFC 5869 by the platform. */
function hkdf(key: Uint8Array, info: string): string {
  const derived = hkdfSync('sha256', key, new Uint8Array(0), new TextEncoder().encode(info), 32);
  return Buffer.from(derived).toString('hex');
}
