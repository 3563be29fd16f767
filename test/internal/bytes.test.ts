import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, joinTexts, toBase64Url, toHex } from '../../src/internal/bytes.js';

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

  it('is read with padding where it fills a group of four, and as atob reads it', () => {
    const characters = fc.constantFrom(...Array.from('AZaz09-_=+/ é€'));
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 9 }), (text) => {
        expect(attempt(() => fromBase64Url('text', text))).toEqual(attempt(() => readByAtob(text)));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('toHex', () => {
  it('is what Node makes of the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      }),
    );
  });
});

describe('joinTexts', () => {
  it('writes each text behind twice its length, in a byte a unit, or in two where one needs them', () => {
    const narrow = [0, 0, 0, 4, 0x61, 0xff];
    const wide = [0, 0, 0, 5, 0, 0x61, 0x20, 0xac];
    const [empty, surrogate] = [
      [0, 0, 0, 0],
      [0, 0, 0, 3, 0xd8, 0],
    ];
    const joined = joinTexts(['aÿ', 'a€', '', '\ud800']);
    expect([...joined]).toEqual([...narrow, ...wide, ...empty, ...surrogate]);
  });

  it('writes a length of more than a byte', () => {
    expect([...joinTexts(['x'.repeat(70_000)]).slice(0, 4)]).toEqual([0, 2, 0x22, 0xe0]);
  });

  it('can be read back, so that no two lists give the same', () => {
    fc.assert(
      fc.property(texts, (list) => {
        expect(readTexts(Buffer.from(joinTexts(list)))).toEqual(list);
      }),
    );
  });

  it.each([
    ['a wide text and its bytes', ['\u6162'], ['ab']],
    ['lone surrogates and what UTF-8 makes of them', ['\ud800'], ['\ufffd']],
    ['two lone surrogates', ['\ud800'], ['\udfff']],
    ['the header of an empty text', ['\0\0\0\0'], ['', '']],
  ])('holds apart %s', (_, left, right) => {
    expect(joinTexts(left)).not.toEqual(joinTexts(right));
  });
});

/** Texts of one byte a unit, of two, and of lone surrogates. */
const texts = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary-ascii' }),
    fc.string({ unit: 'binary' }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  ),
  { maxLength: 5 },
);

function readTexts(bytes: Buffer): string[] {
  const list = [];
  for (let start = 0; start < bytes.length;) {
    const header = bytes.readUInt32BE(start);
    const end = start + 4 + (header >>> 1) * (1 + (header & 1));
    const body = Buffer.from(bytes.subarray(start + 4, end));
    list.push(header & 1 ? body.swap16().toString('utf16le') : body.toString('latin1'));
    start = end;
  }
  return list;
}

/** What the bytes are by the platform's own decoder; throws for anything but base64url. */
function readByAtob(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text)) throw new Error('no base64url');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function attempt(read: () => Uint8Array): Uint8Array | 'refused' {
  try {
    return read();
  } catch {
    return 'refused';
  }
}
