import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  equal,
  findNearest,
  findNewest,
  formatCode,
  NO_MATCH,
  normalizeTyped,
  NOT_A_CODE,
  readCode,
} from '../../src/otp/code.js';
import { nameOf, noCodes } from '../support/wrong-values.js';

describe('a typed code', () => {
  it.each([
    ['a space', '287 082'],
    ['a tab', '287\t082'],
    ['a line feed at the end', '287082\n'],
    ['a carriage return and line feed', '287082\r\n'],
    ['no-break space U+00A0', '287\u00a0082'],
    ['narrow no-break space U+202F', '287\u202f082'],
    ['figure space U+2007', '287\u2007082'],
    ['thin space U+2009', '287\u2009082'],
    ['ideographic space U+3000', '287\u3000082'],
    ['zero-width space U+200B', '287\u200b082'],
    ['word joiner U+2060', '287\u2060082'],
    ['byte order mark U+FEFF', '\ufeff287082'],
    ['left-to-right mark U+200E', '\u200e287082'],
    ['right-to-left mark U+200F', '287082\u200f'],
    ['soft hyphen U+00AD', '287\u00ad082'],
    ['hyphen', '287-082'],
    ['non-breaking hyphen U+2011', '287\u2011082'],
    ['en dash U+2013', '287\u2013082'],
    ['em dash U+2014', '287\u2014082'],
    ['minus sign U+2212', '287\u2212082'],
    ['a space between any two digits', ' 2 8 7 0 8 2 '],
    ['full-width digits', '２８７０８２'],
    ['Arabic-Indic digits', '٢٨٧٠٨٢'],
    ['Persian digits', '۲۸۷۰۸۲'],
    ['Devanagari digits', '२८७०८२'],
    ['Bengali digits', '২৮৭০৮২'],
    ['Thai digits', '๒๘๗๐๘๒'],
    ['digits outside the basic plane', '𞥒𞥘𞥗𞥐𞥘𞥒'],
    ['digits of two scripts', '٢٨٧082'],
  ])('is read with %s', (_, typed) => {
    expect(readCode(typed, 6)).toBe(287082);
    expect(normalizeTyped(typed)).toBe('287082');
  });

  it('keeps its leading zeros', () => {
    expect(readCode('000000', 6)).toBe(0);
    expect(readCode('٠٠٠٠٤٢', 6)).toBe(42);
    expect(formatCode(42, 6)).toBe('000042');
  });

  it.each([6, 7, 8] as const)('has exactly %i digits', (digits) => {
    expect(readCode('1'.repeat(digits), digits)).toBe(Number('1'.repeat(digits)));
    expect(readCode('1'.repeat(digits - 1), digits)).toBe(NOT_A_CODE);
    expect(readCode('1'.repeat(digits + 1), digits)).toBe(NOT_A_CODE);
  });

  it('has at most 128 characters, however many of them are skipped', () => {
    expect(readCode('287082'.padEnd(128, ' '), 6)).toBe(287082);
    expect(readCode('287082'.padEnd(129, ' '), 6)).toBe(NOT_A_CODE);
  });

  it.each(noCodes.map((code) => [nameOf(code), code]))('is not %s', (_, code) => {
    expect(readCode(code, 6)).toBe(NOT_A_CODE);
  });
});

describe('normalizeTyped', () => {
  it('leaves letters, and drops what separates them: recovery codes are read by it too', () => {
    expect(normalizeTyped('abcde\u2013FGHIJ\u200b ３４')).toBe('abcdeFGHIJ34');
    expect(normalizeTyped('ＡｂＺｚ１９')).toBe('AbZz19');
    expect(normalizeTyped('①ﬁ℡')).toBe('①ﬁ℡');
  });

  it('is null for anything but a string, and for a long one', () => {
    expect(normalizeTyped(undefined)).toBeNull();
    expect(normalizeTyped(287082)).toBeNull();
    expect(normalizeTyped(['287082'])).toBeNull();
    expect(normalizeTyped('A'.repeat(129))).toBeNull();
  });

  it('answers any text in a millisecond or two, and no text twice differently', () => {
    const worst = '\u{1d7ff}'.repeat(64);
    const start = performance.now();
    for (let i = 0; i < 20; i++) expect(normalizeTyped(worst)).toBe('9'.repeat(64));
    expect((performance.now() - start) / 20).toBeLessThan(20);
    const text = fc.string({ unit: 'binary', maxLength: 128 });
    fc.assert(
      fc.property(text, (typed) => {
        const once = normalizeTyped(typed);
        expect(normalizeTyped(once)).toBe(once);
      }),
    );
  });
});

/** Compares the codes of a table with 42, and records the counters that were asked for. */
function recorder(codes: Record<number, number>) {
  const asked: number[] = [];
  const compare = (counter: number): number => {
    asked.push(counter);
    return equal(codes[counter] ?? 999_999, 42);
  };
  return { asked, compare };
}

describe('findNewest', () => {
  it.each([3, 4, 5, 6, 7, 8])('computes the whole window for a match at %i, or for none', (counter) => {
    const { asked, compare } = recorder({ [counter]: 42 });
    expect(findNewest(compare, 3, 7)).toBe(counter > 7 ? NO_MATCH : counter);
    expect(asked).toEqual([3, 4, 5, 6, 7]);
  });

  it('finds the newest of two steps with the same code, so that it cannot be used twice', () => {
    expect(findNewest(recorder({ 4: 42, 6: 42 }).compare, 3, 7)).toBe(6);
  });

  it('finds steps beyond 2^32, and none in an empty window', () => {
    const step = 2 ** 52 + 3;
    expect(findNewest(recorder({ [step]: 42 }).compare, step - 1, step + 1)).toBe(step);
    expect(findNewest(recorder({ 3: 42 }).compare, 3, 2)).toBe(NO_MATCH);
  });
});

describe('findNearest', () => {
  it.each([3, 5, 7, 8])('computes all counters for a match at %i, or for none', (counter) => {
    const { asked, compare } = recorder({ [counter]: 42 });
    expect(findNearest(compare, 3, 7)).toBe(counter > 7 ? NO_MATCH : counter);
    expect(asked).toHaveLength(5);
  });

  it('finds the nearest of two counters with the same code, so that the server does not run ahead', () => {
    expect(findNearest(recorder({ 4: 42, 6: 42 }).compare, 3, 7)).toBe(4);
  });
});

it('compares any two code numbers without a branch', () => {
  const numbers = [0, 1, 2, 999_999, 1_000_000, 99_999_999, 2 ** 31 - 1];
  for (const a of numbers) for (const b of numbers) expect(equal(a, b)).toBe(a === b ? 1 : 0);
});
