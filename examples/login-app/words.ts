import type {
  CompleteResult,
  ConfirmActivationResult,
  DeactivateResult,
  RenewRecoveryCodesResult,
} from 'countersign';
import type { Hindrance } from './sessions.js';

type Refusal = Extract<
  CompleteResult | ConfirmActivationResult | DeactivateResult | RenewRecoveryCodesResult,
  { ok: false }
>;

/** A refused code, in words for the person who typed it. */
export function explainRefusal(refusal: Refusal, now: number): string {
  const wait = refusal.retryAt ? ` Try again in ${inWords(refusal.retryAt.getTime() - now)}.` : '';
  switch (refusal.reason) {
    case 'malformed':
      return 'That is not a code. Please check what you typed.';
    case 'mismatch':
      return `That code is wrong.${attempts(refusal.attemptsLeft)}${wait}`;
    case 'replayed':
      return 'That code was used already. Wait until the app shows the next one.';
    case 'unknown':
      return 'That token is not valid any more. Request a new one.';
    case 'expired':
      return 'That took too long: it has expired. Request a new one.';
    case 'exhausted':
      return 'There were too many wrong tokens. Request a new one.';
    case 'delayed':
      return `There were too many wrong codes, so this one was not looked at.${wait}`;
    case 'locked':
      return `There were far too many wrong codes. Call our support, or wait.${wait}`;
    case 'superseded':
      return 'That token is from an older e-mail. Use the newest one.';
    case 'proof':
      return 'Enter a code of the app that is active, too.';
    case 'full':
      return 'Two-factor authentication is active already.';
    case 'unsuitable':
      return 'Enter the code that your app shows. A recovery code does not work here.';
    case 'inactive':
      return 'Two-factor authentication is not active.';
  }
}

/** Why there is no new mail, in words. */
export function explainHindrance({ reason, retryAt }: Hindrance, now: number): string {
  const wait = inWords(retryAt - now);
  switch (reason) {
    case 'cooldown':
      return `A token was sent a moment ago. A new one can be requested in ${wait}.`;
    case 'limit':
      return `Too many tokens were requested. A new one can be requested in ${wait}.`;
    case 'locked':
      return `There were far too many wrong codes. Call our support, or try again in ${wait}.`;
    case 'lost':
      return 'Something is wrong with your account. Call our support.';
    case 'send-failed':
      return 'The token could not be sent. Request a new one in a moment.';
  }
}

/** A duration in ms as a person says it, never too short. */
export function inWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds <= 90) return count(seconds, 'second');
  if (seconds <= 90 * 60) return count(Math.ceil(seconds / 60), 'minute');
  if (seconds <= 48 * 3600) return count(Math.ceil(seconds / 3600), 'hour');
  return count(Math.ceil(seconds / 86_400), 'day');
}

/** A secret as one reads it aloud. */
export function groupsOfFour(text: string): string {
  return text.match(/.{1,4}/g)?.join(' ') ?? '';
}

function attempts(left: number | undefined): string {
  return left === undefined ? '' : ` ${left === 0 ? 'No attempt is' : count(left, 'attempt')} left.`;
}

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}
