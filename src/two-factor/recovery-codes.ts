import { randomLetters } from '../internal/random.js';
import type { AppSecrets } from './sealed-secrets.js';

/** Makes ten codes of 68 bits, as they are shown. */
export function generateRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => printed(randomLetters(ALPHABET, LENGTH)));
}

/** What is stored of codes that go with an app. */
export function digestRecoveryCodes(
  secrets: AppSecrets | null,
  userId: string,
  codes: readonly string[],
): readonly string[] {
  return secrets === null
    ? []
    : codes.map((code) => secrets.recoveryRing().digest([userId, lettersOf(code)]));
}

/** The letters of a typed recovery code, or null. Case, white space and dashes make no difference. */
export function readRecoveryCode(code: unknown): string | null {
  if (typeof code !== 'string' || code.length > MAX_TYPED_LENGTH) return null;
  const letters = lettersOf(code);
  return new RegExp(`^[${ALPHABET}]{${LENGTH}}$`).test(letters) ? letters : null;
}

/** Tells whether the letters are the code of a digest that goes with an app. */
export function matchesRecoveryCode(
  secrets: AppSecrets | null,
  userId: string,
  letters: string,
): (digest: string) => boolean {
  return (digest) => secrets?.recoveryRing().matches(digest, [userId, letters]) ?? false;
}

const COUNT = 10;
/** 15 of 24 letters: log2(24^15) is 68.8 bits. */
const LENGTH = 15;
/** Nothing that is mistaken for something else on paper: none of 0 O, 1 I L, 2 Z, 5 S, 8 B, and no U beside V. */
const ALPHABET = '34679ACDEFGHJKMNPQRTVWXY';
const MAX_TYPED_LENGTH = 64;

function printed(code: string): string {
  return [code.slice(0, 5), code.slice(5, 10), code.slice(10)].join('-');
}

function lettersOf(code: string): string {
  return code.replace(/[\s-]/g, '').toUpperCase();
}
