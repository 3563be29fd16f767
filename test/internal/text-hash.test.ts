import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinTexts } from '../../src/internal/bytes.js';
import { createTextMac, hashTexts } from '../../src/internal/text-hash.js';

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 6 });
/** Both sides of every edge of a block, of the padding, and of the shared buffer. */
const lengths = Array.from({ length: 560 }, (_, length) => length);

describe('hashTexts', () => {
  it('is SHA-256 of the joined texts, at every length', () => {
    for (const length of lengths) {
      for (const parts of [['x'.repeat(length)], ['€'.repeat(length)]]) {
        expect(hex(hashTexts(parts))).toBe(createHash('sha256').update(joinTexts(parts)).digest('hex'));
      }
    }
  });

  it('is not disturbed by what was hashed before', () => {
    fc.assert(
      fc.property(texts, texts, (first, second) => {
        const alone = hex(hashTexts(second));
        hashTexts(first);
        expect(hex(hashTexts(second))).toBe(alone);
        expect(alone).toBe(createHash('sha256').update(joinTexts(second)).digest('hex'));
      }),
    );
  });
});

describe('createTextMac', () => {
  it('is HMAC-SHA-256 of the joined texts, at every length', () => {
    const key = new Uint8Array(32).fill(0xa7);
    const mac = createTextMac(key);
    for (const length of lengths) {
      for (const parts of [['x'.repeat(length)], ['€'.repeat(length)]]) {
        expect(hex(mac(parts))).toBe(createHmac('sha256', key).update(joinTexts(parts)).digest('hex'));
      }
    }
  });

  it('keeps keys apart that take turns, up to a block long', () => {
    const keys = fc.uint8Array({ maxLength: 64 });
    fc.assert(
      fc.property(keys, keys, texts, (a, b, parts) => {
        const [macA, macB] = [createTextMac(a), createTextMac(b)];
        for (const [key, mac] of [[a, macA] as const, [b, macB] as const, [a, macA] as const]) {
          expect(hex(mac(parts))).toBe(createHmac('sha256', key).update(joinTexts(parts)).digest('hex'));
        }
      }),
    );
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
