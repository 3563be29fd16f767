import { digitValue, halfWidth, isSeparator } from '../internal/characters.js';
import type { Digits } from './parameters.js';

/** What {@link readCode} returns for anything that cannot be a code. */
export const NOT_A_CODE = -1;

/** What {@link findNewest} and {@link findNearest} return when nothing matched. */
export const NO_MATCH = -1;

/** 1 if the code of a counter is the one that was typed, else 0. */
export type Compare = (counter: number) => number;

/** The last `digits` decimal digits of a truncated MAC, with leading zeros (RFC 4226 section 5.3). */
export function formatCode(truncated: number, digits: Digits): string {
  return String(codeNumber(truncated, digits)).padStart(digits, '0');
}

/** The number that {@link formatCode} would print. */
export function codeNumber(truncated: number, digits: Digits): number {
  return truncated % moduli[digits];
}

/**
 * Reads what a person typed or pasted: drops spaces, dashes and invisible characters, and turns the decimal digits of
 * every script into 0 to 9, and full-width letters into A to Z.
 *
 * Apps print `123 456`, mail programs add a line break, and a phone set to Arabic or Japanese types its own digits.
 *
 * @param value - what arrived, of any type
 * @returns the text that is left; null for anything but a string, and for one of more than 128 UTF-16 units
 */
export function normalizeTyped(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_TYPED_LENGTH) return null;
  if (/^[0-9A-Za-z]*$/.test(value)) return value;
  let text = '';
  for (const character of value) {
    if (!isSeparator(character)) text += String(digitValue(character) ?? halfWidth(character));
  }
  return text;
}

/**
 * Reads a typed code by {@link normalizeTyped}.
 *
 * Other types are not converted: a number has lost its leading zeros, and an array is not text.
 *
 * @param code - what arrived, of any type
 * @param digits - how many digits the code must have
 * @returns the number of the code, or {@link NOT_A_CODE}
 */
export function readCode(code: unknown, digits: Digits): number {
  const text = normalizeTyped(code);
  return text?.length === digits && /^[0-9]*$/.test(text) ? Number(text) : NOT_A_CODE;
}

/**
 * Finds the newest counter from `first` to `last` with the typed code.
 *
 * Every counter is computed whatever matched before, and nothing branches on a match: time tells an attacker neither
 * whether nor where a guess came close. If two counters share a code the newest counts, so that the code cannot be used
 * a second time as that of the other.
 */
export function findNewest(compare: Compare, first: number, last: number): number {
  let match = NO_MATCH;
  for (let counter = first; counter <= last; counter++) match += compare(counter) * (counter - match);
  return match;
}

/** As {@link findNewest}, but the nearest counter counts: a server ahead of its device would refuse the codes in between. */
export function findNearest(compare: Compare, first: number, last: number): number {
  let match = NO_MATCH;
  for (let counter = last; counter >= first; counter--) match += compare(counter) * (counter - match);
  return match;
}

/** 1 if two integers from 0 to 2^31 - 1 are equal, else 0, without a branch. */
export function equal(a: number, b: number): number {
  const difference = a ^ b;
  return ((difference | -difference) >>> 31) ^ 1;
}

const moduli: Readonly<Record<Digits, number>> = { 6: 1e6, 7: 1e7, 8: 1e8 };

const MAX_TYPED_LENGTH = 128;
