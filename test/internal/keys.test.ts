import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveKeys } from '../../src/internal/keys.js';

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

/** RFC 5869 by the platform. */
function hkdf(key: Uint8Array, info: string): string {
  const derived = hkdfSync('sha256', key, new Uint8Array(0), new TextEncoder().encode(info), 32);
  return Buffer.from(derived).toString('hex');
}
