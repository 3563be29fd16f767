import { formatLetters, LETTERS, LETTERS_LENGTH } from '../email-token/mailed-code.js';
import { randomLetters } from '../internal/random.js';
import { type AccountState, type FlowContext, type RecoveryCodes, saltedDigest } from './account.js';

/** Makes ten recovery codes of 114 bits, as they are shown: five groups of five letters. */
export function generateRecoveryCodes(): readonly string[] {
  return Array.from({ length: COUNT }, () => formatLetters(randomLetters(LETTERS, LETTERS_LENGTH)));
}

/** What is stored of a set of codes. */
export function recoverySet(
  state: AccountState,
  codes: readonly string[],
  context: FlowContext,
): RecoveryCodes {
  return { left: codes.map((code) => digestOf(state, code.replaceAll('-', ''), context)), used: [] };
}

/**
 * Judges 25 letters as a recovery code. With more than 112 bits there is nothing to guess, so nothing waits and nothing
 * is counted: nobody can keep the owner of a recovery code out.
 */
export function useRecoveryCode(
  state: AccountState,
  letters: string,
  context: FlowContext,
): RecoveryCodes | 'replayed' | 'mismatch' {
  const { left, used } = state.recovery;
  const digest = digestOf(state, letters, context);
  if (left.includes(digest)) return { left: left.filter((each) => each !== digest), used: [...used, digest] };
  return used.includes(digest) ? 'replayed' : 'mismatch';
}

const COUNT = 10;

function digestOf(state: AccountState, letters: string, { userId }: FlowContext): string {
  return saltedDigest(state, 'recovery', [userId, letters]);
}
