import { describe, expect, it } from 'vitest';
import { digitValue, hasControl, isSeparator, toOneLine } from '../../src/internal/characters.js';

/** The code points at which the two disagree. */
function disagreements(actual: (text: string) => boolean, expected: RegExp): string[] {
  const found: string[] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    const character = String.fromCodePoint(point);
    if (actual(character) !== expected.test(character)) found.push(`U+${point.toString(16)}`);
  }
  return found;
}

describe('hasControl', () => {
  it('finds just what Unicode calls a control character or a surrogate', () => {
    expect(disagreements((character) => hasControl(`a${character}b`), /[\p{Cc}\p{Cs}]/u)).toEqual([]);
  });
});

describe('toOneLine', () => {
  it('makes a space of just those, of what separates lines and of what turns them around', () => {
    const separates = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\s]/u;
    expect(disagreements((character) => toOneLine(`a${character}b`) === 'a b', separates)).toEqual([]);
  });

  it('makes one space of a run, and none at the ends', () => {
    expect(toOneLine('\r\n Example \u2028\u202eHosting\u0000')).toBe('Example Hosting');
  });
});

describe('isSeparator', () => {
  it('finds just the spaces, dashes and formatting characters of Unicode, tab, line breaks and the minus sign', () => {
    expect(disagreements(isSeparator, /[\p{Zs}\p{Pd}\p{Cf}\t\r\n\u2212]/u)).toEqual([]);
  });
});

describe('digitValue', () => {
  it('finds just what Unicode calls a decimal digit', () => {
    expect(disagreements((character) => digitValue(character) !== null, /\p{Nd}/u)).toEqual([]);
  });

  /** The numbering systems of CLDR that are ten decimal digits: Arabic-Indic, Bengali, Devanagari, full-width and so on. */
  const systems = Intl.supportedValuesOf('numberingSystem').filter((system) => {
    return /^\p{Nd}{10}$/u.test(digitsOf(system));
  });

  it('is tested against more than sixty numbering systems', () => {
    expect(systems.length).toBeGreaterThan(60);
    expect(systems).toEqual(expect.arrayContaining(['arab', 'arabext', 'beng', 'deva', 'fullwide', 'thai']));
  });

  it.each(systems)('gives the value that CLDR gives in the numbering system %s', (system) => {
    expect(Array.from(digitsOf(system), digitValue)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('gives the value of every mathematical digit, of which five runs follow one another', () => {
    for (let place = 0; place < 50; place++) {
      expect(digitValue(String.fromCodePoint(0x1d7ce + place))).toBe(place % 10);
    }
  });
});

function digitsOf(numberingSystem: string): string {
  return new Intl.NumberFormat('en', {
    numberingSystem,
    useGrouping: false,
    minimumIntegerDigits: 10,
  }).format(123456789);
}
