import { digestTexts } from '../email-token/record.js';
import { NOT_A_CODE, readCode } from '../otp/code.js';
import { allowReplay, verifyTotp } from '../otp/totp.js';
import type { FindStep, Guess } from './account.js';
import { matchesRecoveryCode, readRecoveryCode } from './recovery-codes.js';
import type { AppSecrets } from './sealed-secrets.js';
import type { TwoFactorSettings } from './settings.js';

/** What a mailed code is for; every login has this one. */
export const PURPOSE = 'login';

/** Digits of a code, from the app and by mail: one field takes both. */
export const DIGITS = 6;

/** A typed code that can be one. */
export interface TypedCode {
  readonly form: 'digits' | 'recovery';
  /** Without the separators. */
  readonly text: string;
}

/** Tells what a typed code is by its form; null if it is none, and nothing is to be counted. */
export function readTypedCode(code: unknown): TypedCode | null {
  const digits = readDigits(code);
  if (digits !== null) return { form: 'digits', text: digits };
  const letters = readRecoveryCode(code);
  return letters === null ? null : { form: 'recovery', text: letters };
}

/** The six digits of a typed code; null if it is anything else. */
export function readDigits(code: unknown): string | null {
  const number = readCode(code, DIGITS);
  return number === NOT_A_CODE ? null : String(number).padStart(DIGITS, '0');
}

/** What a transition needs to judge a code. */
export function toGuess(
  settings: TwoFactorSettings,
  userId: string,
  { form, text }: TypedCode,
  secrets: AppSecrets | null,
  challenge: unknown = null,
): Guess {
  const { ring } = settings.mail;
  const target = { subject: userId, purpose: PURPOSE };
  return {
    form,
    challenge: typeof challenge === 'string' ? challenge : null,
    matchesMail: (token) => ring.matches(token.digest, digestTexts(target, token, text)),
    findStep: stepFinder(settings, secrets, text),
    matchesRecovery: matchesRecoveryCode(secrets, userId, text),
  };
}

/**
 * Finds the step of a code, a used one too: the transition refuses that, and could not tell it from a wrong one
 * otherwise.
 */
export function stepFinder(
  { window }: TwoFactorSettings,
  secrets: AppSecrets | null,
  text: string,
): FindStep {
  return (drift, at) =>
    secrets && verifyTotp(secrets.secret, text, { lastTimeStep: allowReplay, window, drift, at });
}
