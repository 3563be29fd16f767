import type { Digits } from './parameters.js';

/** What {@link readCode} returns for anything that cannot be a code. */
export const NOT_A_CODE = -1;

/** The last `digits` decimal digits of a truncated MAC, with leading zeros (RFC 4226 section 5.3). */
export function formatCode(truncated: number, digits: Digits): string {
  return String(codeNumber(truncated, digits)).padStart(digits, '0');
}

/** The number that {@link formatCode} would print. */
export function codeNumber(truncated: number, digits: Digits): number {
  return truncated % moduli[digits];
}

/**
 * The number of a typed code, or {@link NOT_A_CODE}.
 *
 * White space and dashes between digits are how apps print and people paste codes; anything else, of any type
 * and length, is no code. Nothing is converted: a number has lost its leading zeros, and an array is no text.
 */
export function readCode(code: unknown, digits: Digits): number {
  if (typeof code !== 'string' || code.length > MAX_TYPED_LENGTH) return NOT_A_CODE;
  let value = 0;
  let length = 0;
  for (let index = 0; index < code.length; index++) {
    const unit = code.charCodeAt(index);
    if (unit >= 48 && unit <= 57) {
      value = value * 10 + unit - 48;
      length++;
    } else if (!separators.includes(unit)) {
      return NOT_A_CODE;
    }
  }
  return length === digits ? value : NOT_A_CODE;
}

const moduli: Readonly<Record<Digits, number>> = { 6: 1e6, 7: 1e7, 8: 1e8 };

const MAX_TYPED_LENGTH = 32;

/** Space, tab, line feed, carriage return, no-break space, hyphen. */
const separators: readonly number[] = [32, 9, 10, 13, 160, 45];

export function normalizeTyped(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 128) return null;
  return value.replace(/[\s\-\u2010-\u2015\u200b-\u200f\u2060\ufeff\u2212]/gu, '');
}
