import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  equalBytes,
  fromBase64Url,
  joinTexts,
  readBytes,
  toBase64Url,
  toHex,
} from '../../src/internal/bytes.js';

describe('readBytes', () => {
  it('gives a copy that shares no memory, also of a Buffer from the pool', () => {
    const buffer = Buffer.from('12345678901234567890');
    const copy = readBytes('bytes', buffer);
    buffer.fill(0);
    expect(Buffer.from(copy).toString()).toBe('12345678901234567890');
    expect(copy.buffer.byteLength).toBe(20);
    expect(Object.getPrototypeOf(copy)).toBe(Uint8Array.prototype);
  });

  it('takes bytes of another realm', () => {
    expect(readBytes('bytes', runInNewContext('Uint8Array.of(1, 2, 3)'))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('copies the bytes that are there, whatever length a subclass claims', () => {
    class Liar extends Uint8Array {
      override get length(): number {
        return 1000;
      }
    }
    class Empty extends Uint8Array {
      override get length(): number {
        return 0;
      }
    }
    expect(readBytes('bytes', new Liar(2))).toHaveLength(2);
    expect(readBytes('bytes', new Empty(20))).toHaveLength(20);
  });

  it.each([
    ['an array', [1, 2]],
    ['a wider array', new Uint16Array(2)],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['text', 'AAAA'],
    ['something that calls itself one', { [Symbol.toStringTag]: 'Uint8Array', length: 2 }],
    ['nothing', undefined],
  ])('refuses %s', (_, value) => {
    expect(() => readBytes('bytes', value)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
    expect(() => readBytes('bytes', value)).toThrow('bytes must be a Uint8Array; it is');
  });
});

describe('equalBytes', () => {
  it('says yes to the same bytes, and no to any other', () => {
    const bytes = fc.uint8Array({ maxLength: 4, max: 3 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });
});

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

  it('is read as base64 too, with its padding and without', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(fromBase64Url('text', text)).toEqual(Uint8Array.from(bytes));
        expect(fromBase64Url('text', text.replaceAll('=', ''))).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  it('holds a record of 64 kB', () => {
    const bytes = new Uint8Array(65_536).fill(255);
    expect(fromBase64Url('text', toBase64Url(bytes))).toEqual(bytes);
  });

  it.each([
    ['a single character', 'A'],
    ['one character beyond a group', 'AAAAA'],
    ['padding that is too short', 'AA='],
    ['padding that is too long', 'AAA=='],
    ['padding behind a whole group', 'AAAA='],
    ['padding in the middle', 'AA==AA=='],
    ['a space', 'AA AA'],
    ['a line feed at the end', 'AAAA\n'],
    ['a character of neither alphabet', 'AA*A'],
    ['a letter beyond ASCII', 'AAé='],
  ])('refuses %s, without repeating it', (_, text) => {
    const read = (): unknown => fromBase64Url('keys[0]', text);
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
    expect(read).toThrow(/^keys\[0\] must be base64url or base64 text$/);
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
  it('writes each text in UTF-16 behind its length', () => {
    const joined = joinTexts(['a€', '', '\ud800']);
    expect([...joined]).toEqual([0, 0, 0, 2, 0, 0x61, 0x20, 0xac, 0, 0, 0, 0, 0, 0, 0, 1, 0xd8, 0]);
  });

  it('writes a length of more than a byte', () => {
    expect([...joinTexts(['x'.repeat(70_000)]).slice(0, 4)]).toEqual([0, 1, 0x11, 0x70]);
  });

  it('can be read back, so that no two lists give the same', () => {
    fc.assert(
      fc.property(texts, (list) => {
        expect(readTexts(Buffer.from(joinTexts(list)))).toEqual(list);
      }),
    );
  });

  it.each([
    ['lone surrogates and what UTF-8 makes of them', ['\ud800'], ['\ufffd']],
    ['two lone surrogates', ['\ud800'], ['\udfff']],
    ['the length of an empty text', ['\0\0'], ['', '']],
    ['the place where a text ends', ['ab', 'c'], ['a', 'bc']],
  ])('holds apart %s', (_, left, right) => {
    expect(joinTexts(left)).not.toEqual(joinTexts(right));
  });
});

/** Texts of ASCII, of any characters, and of lone surrogates. */
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
    const end = start + 4 + 2 * bytes.readUInt32BE(start);
    list.push(
      Buffer.from(bytes.subarray(start + 4, end))
        .swap16()
        .toString('utf16le'),
    );
    start = end;
  }
  return list;
}
