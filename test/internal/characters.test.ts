import { expect, it } from 'vitest';
import { hasControl, toOneLine } from '../../src/internal/characters.js';

/** Fails with the code points at which the two disagree. */
function forEveryCodePoint(actual: (text: string) => boolean, expected: RegExp): void {
  const disagreements: string[] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    const character = String.fromCodePoint(point);
    if (actual(`a${character}b`) !== expected.test(character)) disagreements.push(`U+${point.toString(16)}`);
  }
  expect(disagreements).toEqual([]);
}

it('finds just what Unicode calls a control character or a surrogate', () => {
  forEveryCodePoint(hasControl, /[\p{Cc}\p{Cs}]/u);
});

it('makes a space of just those, of what separates lines and of what turns them around', () => {
  forEveryCodePoint((text) => toOneLine(text) === 'a b', /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\s]/u);
});

it('makes one space of a run, and none at the ends', () => {
  expect(toOneLine('\r\n Example \u2028\u202eHosting\u0000')).toBe('Example Hosting');
});
