import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, joinTexts, toBase64Url } from '../../src/internal/bytes.js';

describe('base64url', () => {
  it('is what Node makes of the same bytes, and reads back to them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = toBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64Url('text', text)).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  it('knows every character', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => (index * 7) & 255);
    expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
  });
});

describe('joinTexts', () => {
  it('writes each text in UTF-16 behind its length', () => {
    const expected = [0, 0, 0, 2, 0, 0x61, 0x20, 0xac, 0, 0, 0, 0, 0, 0, 0, 1, 0xd8, 0];
    expect([...joinTexts(['a€', '', '\ud800'])]).toEqual(expected);
  });

  it('writes a length of more than a byte', () => {
    expect([...joinTexts(['x'.repeat(70_000)]).slice(0, 4)]).toEqual([0, 1, 0x11, 0x70]);
  });
});
