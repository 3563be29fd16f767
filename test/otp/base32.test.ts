import fc from 'fast-check';
import * as thirtyTwo from 'thirty-two';
import { describe, expect, it } from 'vitest';
import { decodeBase32, encodeBase32 } from '../../src/otp/base32.js';
import { ascii, readVectors } from '../support/vectors.js';

const { values } = readVectors('rfc4648-section-10-base32') as { values: { text: string; base32: string }[] };
const decode = (text: string): Uint8Array => decodeBase32('text', text);

describe('Base32, against RFC 4648 section 10', () => {
  it.each(values)('encodes and decodes "$text", with padding and without', ({ text, base32 }) => {
    const bare = base32.replaceAll('=', '');
    expect(encodeBase32(ascii(text))).toBe(bare);
    expect(decode(base32)).toEqual(ascii(text));
    expect(decode(bare)).toEqual(ascii(text));
    expect(decode(base32.toLowerCase())).toEqual(ascii(text));
  });
});

describe('Base32, against thirty-two', () => {
  it('encodes any bytes as thirty-two does, but for the padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
        const reference = thirtyTwo.encode(Buffer.from(bytes)).toString('ascii').replace(/=+$/, '');
        expect(encodeBase32(bytes)).toBe(reference);
      }),
    );
  });

  it('decodes what thirty-two encodes, in either case and in groups', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 128 }),
        fc.constantFrom(' ', '-', ''),
        (bytes, separator) => {
          const text = thirtyTwo.encode(Buffer.from(bytes)).toString('ascii');
          const grouped = text.replaceAll(/.{4}/g, (group) => group + separator);
          expect(decode(grouped)).toEqual(bytes);
          expect(decode(grouped.toLowerCase())).toEqual(bytes);
        },
      ),
    );
  });

  it('decodes whatever it accepts to the bytes that thirty-two finds', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcABC234567'.split('')), maxLength: 40 });
    fc.assert(
      fc.property(text, (candidate) => {
        let bytes: Uint8Array;
        try {
          bytes = decode(candidate);
        } catch {
          return;
        }
        const reference = thirtyTwo.decode(candidate).subarray(0, bytes.length);
        expect(Buffer.from(bytes).toString('hex')).toBe(reference.toString('hex'));
      }),
    );
  });
});

describe('Base32, refusing', () => {
  const good = 'GEZDGNBVGY3TQOJQ';
  it.each([
    ['the digit 0', `GEZD0NBV`, 'index 4'],
    ['the digit 1', `1EZDGNBV`, 'index 0'],
    ['the digit 8', `GEZDGNB8`, 'index 7'],
    ['the digit 9', `GEZ9GNBV`, 'index 3'],
    ['the long s that upper-cases to S', `GEZDGNB\u017f`, 'index 7'],
    ['the dotless i that upper-cases to I', `GEZDGNB\u0131`, 'index 7'],
    ['full-width letters', `ＧEZDGNBV`, 'index 0'],
    ['an emoji', `GEZD😀NB`, 'index 4'],
    ['a line feed at the end', `${good}\n`, 'index 16'],
    ['a no-break space', `GEZD\u00a0GNBV`, 'index 4'],
    ['a padding sign in the middle', 'GEZD=GNB', 'index 4'],
    ['padding that is too short', 'MZXQ===', 'padding'],
    ['padding that is too long', 'MZXQ=====', 'padding'],
    ['padding where none belongs', `${good}=`, 'padding'],
    ['one digit', 'M', 'length'],
    ['three digits', 'MZX', 'length'],
    ['six digits', 'MZXW6Y', 'length'],
    ['non-zero bits behind the last byte', 'MZ', 'bits'],
  ])('refuses %s and says where, not what', (_, text, where) => {
    expect(() => decode(text)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_BASE32' }));
    expect(() => decode(text)).toThrow(where);
    expect(() => decode(text)).not.toThrow(text);
  });
});
