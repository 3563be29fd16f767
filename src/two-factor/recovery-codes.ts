import { randomLetters } from '../internal/random.js';
import type { TwoFactorSettings } from './settings.js';

/** Recovery codes to show, and what is stored of them. */
export interface RecoveryCodes {
  readonly codes: string[];
  readonly digests: readonly string[];
}

/** Makes ten codes of 68 bits for a customer. */
export function generateRecoveryCodes(settings: TwoFactorSettings, userId: string): RecoveryCodes {
  const codes = Array.from({ length: COUNT }, () => randomLetters(ALPHABET, LENGTH));
  const digests = codes.map((code) => settings.recoveryRing.digest([userId, code]));
  return { codes: codes.map(printed), digests };
}

/** The letters of a typed recovery code, or null. Case, white space and dashes make no difference. */
export function readRecoveryCode(code: unknown): string | null {
  if (typeof code !== 'string' || code.length > MAX_TYPED_LENGTH) return null;
  const letters = code.replace(/[\s-]/g, '').toUpperCase();
  return form.test(letters) ? letters : null;
}

/** Tells whether the letters are the code of a digest, under any key. */
export function matchesRecoveryCode(
  { recoveryRing }: TwoFactorSettings,
  userId: string,
  letters: string,
): (digest: string) => boolean {
  return (digest) => recoveryRing.matches(digest, [userId, letters]);
}

const COUNT = 10;
/** 15 of 24 letters: log2(24^15) is 68.8 bits. */
const LENGTH = 15;
/** Nothing that is mistaken for something else on paper: none of 0 O, 1 I L, 2 Z, 5 S, 8 B, and no U beside V. */
const ALPHABET = '34679ACDEFGHJKMNPQRTVWXY';
const MAX_TYPED_LENGTH = 64;
const form = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

function printed(code: string): string {
  return [code.slice(0, 5), code.slice(5, 10), code.slice(10)].join('-');
}
