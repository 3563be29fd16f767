import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type CodeSource,
  formatLetters,
  LETTERS,
  LETTERS_LENGTH,
  type MailedCodes,
  mailedCodes,
  readTypedCode,
  type TypedCode,
} from '../../src/email-token/challenge.js';
import { joinTexts } from '../../src/internal/bytes.js';
import { type Keys, readKeys, retired } from '../../src/internal/keys.js';
import type { Digits } from '../../src/otp/parameters.js';
import { address, key, otherKey } from '../support/tokens/harness.js';
import { nameOf, noCodes } from '../support/wrong-values.js';

const subject = 'customer-12345';
const codesOf = (keys: Keys = [key], digits: Digits = 6, of = subject): MailedCodes =>
  mailedCodes(readKeys(keys), digits)(of);
const { newKey } = codesOf();
const token: CodeSource = { id: 'AAAAAAAAAAAAAAAAAAAAAA', key: newKey, purpose: 'login', to: address };
const typed = (text: string | null): TypedCode => ({ form: 'digits', text: text ?? '' });

describe('the code of a token', () => {
  it('is HMAC-SHA-256 under a key for this use, over length-prefixed texts, 128 bits of it modulo 10^digits', () => {
    const use = Buffer.from(hkdfSync('sha256', key, new Uint8Array(0), 'countersign mailed code', 32));
    const mac = (texts: string[]): Buffer => createHmac('sha256', use).update(joinTexts(texts)).digest();
    const bound = mac(['binding', subject, token.id, address]).subarray(0, 16).toString('base64url');
    const code = mac(['code', 'digits', '6', 'login', subject, bound]).subarray(0, 16);
    const expected = BigInt(`0x${code.toString('hex')}`) % 1_000_000n;
    expect(codesOf().codeOf(token, 'digits')).toBe(String(expected).padStart(6, '0'));
    const letters = BigInt(`0x${mac(['code', 'letters', '6', 'login', subject, bound]).toString('hex')}`);
    expect(codesOf().codeOf(token, 'letters')).toBe(inLetters(letters));
  });

  it('is the same each time, so that it can be mailed again', () => {
    expect(codesOf().codeOf(token, 'digits')).toBe(codesOf().codeOf(token, 'digits'));
  });

  it.each<[string, CodeSource, MailedCodes]>([
    ['another id', { ...token, id: 'AAAAAAAAAAAAAAAAAAAAAB' }, codesOf()],
    ['another purpose', { ...token, purpose: 'delete-account' }, codesOf()],
    ['another recipient', { ...token, to: 'another@example.com' }, codesOf()],
    ['another spelling of the recipient', { ...token, to: 'Customer@example.com' }, codesOf()],
    ['no recipient', { ...token, to: null }, codesOf()],
    ['another subject', token, codesOf([key], 6, 'customer-12346')],
    ['another number of digits', token, codesOf([key], 8)],
  ])('is another for %s', (_, other, codes) => {
    // Letters, which do not meet by chance.
    expect(codes.codeOf(other, 'letters')).not.toBe(codesOf().codeOf(token, 'letters'));
    expect(codes.isCodeOf(other, { form: 'letters', text: codesOf().codeOf(token, 'letters') ?? '' })).toBe(
      false,
    );
  });

  it('is derived under the key that the token names, whatever the order of the keys', () => {
    const code = codesOf().codeOf(token, 'letters');
    for (const keys of [[key], [key, otherKey], [otherKey, key]])
      expect(codesOf(keys).codeOf(token, 'letters')).toBe(code);
  });

  it('is right under no other key, also where both are there', () => {
    const both = codesOf([otherKey, key]);
    const underOther = both.codeOf({ ...token, key: both.newKey }, 'digits');
    expect(both.newKey).not.toBe(newKey);
    expect(underOther).not.toBe(codesOf().codeOf(token, 'digits'));
    expect(both.isCodeOf(token, typed(underOther))).toBe(false);
    expect(both.isCodeOf({ ...token, key: both.newKey }, typed(underOther))).toBe(true);
  });

  it.each<[string, Keys]>([
    ['gone', [otherKey]],
    ['retired', [otherKey, retired(key)]],
  ])('cannot be told once the key is %s, and no code is right', (_, keys) => {
    const codes = codesOf(keys);
    expect([codes.knows(newKey), codes.codeOf(token, 'digits'), codes.bind(token)]).toEqual([
      false,
      null,
      null,
    ]);
    expect(codes.isCodeOf(token, typed(codesOf().codeOf(token, 'digits')))).toBe(false);
    expect(codes.isCodeOf(token, typed(''))).toBe(false);
  });

  it.each([6, 7, 8] as const)('of %i digits is uniform at every place, leading zeros included', (digits) => {
    const codes = codesOf([key], digits);
    const made = Array.from(
      { length: 3000 },
      (_, id) => codes.codeOf({ ...token, id: String(id) }, 'digits') ?? '',
    );
    for (const code of made) expect(code).toMatch(new RegExp(`^[0-9]{${digits}}$`));
    // Chi-square with 9 degrees of freedom: more than 56 comes up once in about a hundred million.
    for (let place = 0; place < digits; place++)
      expect(chiSquare(made, place, '0123456789')).toBeLessThan(56);
  });

  it('of letters is uniform at every place', () => {
    const made = Array.from(
      { length: 3000 },
      (_, id) => codesOf().codeOf({ ...token, id: `${id}` }, 'letters') ?? '',
    );
    // With 23 degrees of freedom: once in about a hundred million.
    for (let place = 0; place < LETTERS_LENGTH; place++)
      expect(chiSquare(made, place, LETTERS)).toBeLessThan(84);
  });
});

describe('the code of a token that ended', () => {
  it('is recognised by its binding, for its purpose, under the key that it names', () => {
    const past = codesOf().bind(token) ?? { bound: '', key: '' };
    const code = typed(codesOf().codeOf(token, 'digits'));
    expect(codesOf([otherKey, key]).isPastCode(past, 'login', code)).toBe(true);
    expect(codesOf().isPastCode(past, 'delete-account', code)).toBe(false);
    expect(codesOf([key], 6, 'customer-12346').isPastCode(past, 'login', code)).toBe(false);
    expect(codesOf([otherKey]).isPastCode(past, 'login', code)).toBe(false);
  });

  it('leaves neither address nor id behind', () => {
    const past = codesOf().bind(token);
    expect(past?.bound).toMatch(/^[\w-]{22}$/);
    expect(JSON.stringify(past)).not.toMatch(/customer|example|AAAA/);
  });
});

describe('a code of 25 letters', () => {
  it('has more than 112 bits, of letters that nobody mixes up on paper', () => {
    expect(new Set(LETTERS).size).toBe(24);
    expect(LETTERS_LENGTH * Math.log2(24)).toBeGreaterThan(112);
    for (const confused of '0O1IL2Z5S8BU') expect(LETTERS).not.toContain(confused);
  });

  it('is written in five groups of five, and read with and without them, in either case', () => {
    const code = codesOf().codeOf(token, 'letters') ?? '';
    const shown = formatLetters(code);
    expect(shown).toMatch(/^([3-9A-Y]{5}-){4}[3-9A-Y]{5}$/);
    for (const text of [
      shown,
      code,
      shown.toLowerCase(),
      ` ${shown}\r\n`,
      shown.replaceAll('-', ' '),
      shown.replaceAll('-', '–'),
    ])
      expect(readTypedCode(text, [6])).toEqual({ form: 'letters', text: code });
  });

  it('is no code with a letter too many, too few, or from outside the alphabet', () => {
    const code = codesOf().codeOf(token, 'letters') ?? '';
    for (const text of [
      code.slice(1),
      `${code}A`,
      `O${code.slice(1)}`,
      `0${code.slice(1)}`,
      `ß${code.slice(2)}`,
    ])
      expect(readTypedCode(text, [6])).toBeNull();
  });
});

describe('readTypedCode', () => {
  it('reads as many digits as it is told, with the spaces and dashes that people paste', () => {
    for (const text of ['287082', '287 082', ' 287-082\t', '287\u00a0082', '287082\r\n'])
      expect(readTypedCode(text, [6])).toEqual({ form: 'digits', text: '287082' });
    expect(readTypedCode('2870821', [6, 8])).toBeNull();
    expect(readTypedCode('28708212', [6, 8])).toEqual({ form: 'digits', text: '28708212' });
  });

  // Digits of other scripts are read like any others: see test/otp.
  const never = noCodes.filter((value) => value !== '２８７０８２' && value !== '٢٨٧٠٨٢');
  it.each(never.map((value): [string, unknown] => [nameOf(value), value]))('is null for %s', (_, value) => {
    expect(readTypedCode(value, [6])).toBeNull();
  });
});

function inLetters(value: bigint): string {
  let rest = value;
  return Array.from({ length: LETTERS_LENGTH }, () => {
    const letter = LETTERS.charAt(Number(rest % 24n));
    rest /= 24n;
    return letter;
  }).join('');
}

/** Of one place of many codes against the uniform distribution over an alphabet. */
function chiSquare(codes: readonly string[], place: number, alphabet: string): number {
  const expected = codes.length / alphabet.length;
  const counts = Array.from(alphabet, (letter) => codes.filter((code) => code[place] === letter).length);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
