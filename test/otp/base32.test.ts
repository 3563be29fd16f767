import fc from 'fast-check';
import * as thirtyTwo from 'thirty-two';
import { describe, expect, it } from 'vitest';
import { decodeBase32, encodeBase32 } from '../../src/otp/base32.js';
import { ascii, readVectors } from '../support/vectors.js';

const { values } = readVectors('rfc4648-section-10-base32') as { values: { text: string; base32: string }[] };
const decode = (text: string, allowTailBits = false): Uint8Array => decodeBase32('text', text, allowTailBits);

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
        fc.constantFrom(
          ' ',
          '-',
          '',
          '\n',
          '\r\n',
          '\t',
          '\u00a0',
          '\u202f',
          '\u200b',
          '\u2013',
          '\u{e0020}',
        ),
        (bytes, separator) => {
          const text = thirtyTwo.encode(Buffer.from(bytes)).toString('ascii');
          const grouped = text.replaceAll(/.{4}/g, (group) => group + separator);
          expect(decode(grouped)).toEqual(bytes);
          expect(decode(grouped.toLowerCase())).toEqual(bytes);
        },
      ),
    );
  });

  it('decodes text of every possible length to the bytes that thirty-two finds, tail bits dropped', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcABC234567'.split('')), maxLength: 40 });
    fc.assert(
      fc.property(text, (candidate) => {
        fc.pre(![1, 3, 6].includes(candidate.length % 8));
        const bytes = decode(candidate, true);
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
    ['a wrong character behind a separator of two units', `GEZD\u{e0020}0NBV`, 'index 6'],
    ['a control character', `GEZD\u0000NBV`, 'index 4'],
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

describe('Base32, tail bits', () => {
  it.each([
    ['MZ', [0x66]],
    ['MZX', null],
    ['JBSWY3DPEHPK3PX', [0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x21, 0xde, 0xad, 0xbe]],
  ])('are dropped from %s if the caller allows it, and make no length possible', (text, bytes) => {
    expect(() => decode(text)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_BASE32' }));
    if (bytes === null) expect(() => decode(text, true)).toThrow('length');
    else expect([...decode(text, true)]).toEqual(bytes);
  });

  it('are named with the option that drops them', () => {
    expect(() => decode('MZ')).toThrow(
      'text is not Base32: it has non-zero tail bits, which allowTailBits drops',
    );
  });
});
