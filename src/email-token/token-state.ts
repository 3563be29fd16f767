/**
 * The life of a mailed token as pure transitions: from a state, an event and the time to a next state and an outcome.
 *
 * One state covers one subject and purpose, so everything that must move together does: a new token replaces the
 * old one in the same write that spends its place in the quotas, and a guess is counted in the write that answers it.
 */
import {
  clearDelay,
  countFailure,
  delayedUntil,
  type Failures,
  failuresExpireAt,
  lockedUntil,
  noFailures,
} from '../internal/throttle.js';
import type { StateStep } from '../store/transact-state.js';
import type { TokenPolicy } from './policy.js';

/** A token that was issued and neither redeemed nor revoked. */
export interface LiveToken {
  /** Names the attempt to log in that the token was issued for. */
  readonly challenge: string;
  /** Of the code, under a key that is not in the store. */
  readonly digest: string;
  /** The address it was sent to; null for a customer who does not exist. */
  readonly to: string | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Wrong guesses so far. */
  readonly attempts: number;
}

/** All that is known about a subject and purpose. Instants are in ms. */
export interface TokenState {
  readonly token: LiveToken | null;
  /** When mails were sent whose tokens were not redeemed, oldest first. */
  readonly sentAt: readonly number[];
  readonly failures: Failures;
}

/** What a transition decides; `state` is the same object if nothing changes. */
export type TokenStep<Outcome> = StateStep<TokenState, Outcome>;

/** What becomes of the wish for a new token. */
export type IssueOutcome =
  | { readonly ok: true; readonly issuedAt: number; readonly expiresAt: number; readonly resendAt: number }
  | { readonly ok: false; readonly reason: 'cooldown' | 'limit' | 'locked'; readonly retryAt: number };

/** What becomes of a guess. `failures` counts those in the rolling window, `locks` tells that this one locked. */
export type RedeemOutcome =
  | { readonly ok: true; readonly to: string }
  | { readonly ok: false; readonly reason: 'unknown' | 'expired' | 'exhausted' }
  | { readonly ok: false; readonly reason: 'delayed' | 'locked'; readonly retryAt: number }
  | {
      readonly ok: false;
      readonly reason: 'mismatch';
      readonly attemptsLeft: number;
      readonly retryAt: number | null;
      readonly failures: number;
      readonly locks: boolean;
    };

/** The state of a subject that was never heard of. */
export const emptyState: TokenState = { token: null, sentAt: [], failures: noFailures };

/** Issues a token in place of the one before, which is dead from then on. */
export function issueToken(
  state: TokenState,
  fresh: Pick<LiveToken, 'challenge' | 'digest' | 'to'>,
  now: number,
  policy: TokenPolicy,
): TokenStep<IssueOutcome> {
  const locked = lockedUntil(state.failures, now, policy);
  if (locked !== null) return { state, outcome: { ok: false, reason: 'locked', retryAt: locked } };
  const sentAt = state.sentAt.filter((instant) => instant > now - DAY);
  const cooldown = cooldownUntil(sentAt, policy);
  const limit = limitedUntil(sentAt, policy);
  const retryAt = Math.max(cooldown, limit);
  if (retryAt > now) {
    return { state, outcome: { ok: false, reason: limit > now ? 'limit' : 'cooldown', retryAt } };
  }
  const expiresAt = now + policy.ttlSeconds * 1000;
  const sent = [...sentAt, now];
  const resendAt = Math.max(cooldownUntil(sent, policy), limitedUntil(sent, policy));
  const { challenge, digest, to } = fresh;
  const token = { challenge, digest, to, issuedAt: now, expiresAt, attempts: 0 };
  return {
    state: { token, sentAt: sent, failures: state.failures },
    outcome: { ok: true, issuedAt: now, expiresAt, resendAt },
  };
}

/**
 * Judges a guess.
 *
 * A guess at another challenge, at an expired or exhausted token, or during a delay is not evaluated: it costs
 * nothing and tells nothing. Only a guess that is evaluated is a failure.
 *
 * @param matches - tells whether the guess is the token's code; called at most once
 */
export function redeemToken(
  state: TokenState,
  challenge: string,
  matches: (token: LiveToken) => boolean,
  now: number,
  policy: TokenPolicy,
): TokenStep<RedeemOutcome> {
  const { token, failures } = state;
  const refuse = (outcome: RedeemOutcome): TokenStep<RedeemOutcome> => ({ state, outcome });
  const locked = lockedUntil(failures, now, policy);
  if (locked !== null) return refuse({ ok: false, reason: 'locked', retryAt: locked });
  if (token?.challenge !== challenge) return refuse({ ok: false, reason: 'unknown' });
  if (token.expiresAt <= now) return refuse({ ok: false, reason: 'expired' });
  if (token.attempts >= policy.maxAttempts) return refuse({ ok: false, reason: 'exhausted' });
  const delayed = delayedUntil(failures, now, policy);
  if (delayed !== null) return refuse({ ok: false, reason: 'delayed', retryAt: delayed });
  const isRight = matches(token);
  return isRight && token.to !== null ? accept(state, token, token.to) : reject(state, token, now, policy);
}

/** Kills the live token, if any. Its place in the quotas and the failures stay. */
export function revokeToken(state: TokenState): TokenStep<boolean> {
  if (state.token === null) return { state, outcome: false };
  return { state: { ...state, token: null }, outcome: true };
}

/**
 * Takes back a token whose mail was not accepted, with its cooldown and its place in the quotas; these also when a
 * newer token has taken its place while the mail service was thinking.
 */
export function cancelToken(state: TokenState, challenge: string, issuedAt: number): TokenStep<boolean> {
  const sentAt = without(state.sentAt, issuedAt);
  if (state.token?.challenge === challenge)
    return { state: { ...state, token: null, sentAt }, outcome: true };
  return { state: sentAt === state.sentAt ? state : { ...state, sentAt }, outcome: false };
}

/** Forgets all failures: an operator's act. */
export function unlockToken(state: TokenState): TokenStep<boolean> {
  const isClean = state.failures.at.length === 0;
  return isClean ? { state, outcome: false } : { state: { ...state, failures: noFailures }, outcome: true };
}

/** When nothing in a state matters any more, in ms; null if nothing does now. */
export function stateExpiresAt({ token, sentAt, failures }: TokenState, policy: TokenPolicy): number | null {
  const last = Math.max(
    token?.expiresAt ?? -Infinity,
    (sentAt.at(-1) ?? -Infinity) + DAY,
    failuresExpireAt(failures, policy),
  );
  return last === -Infinity ? null : last;
}

const HOUR = 3_600_000;
const DAY = 86_400_000;

/** A redeemed token frees its cooldown and its place: a person who logs in often is never made to wait. */
function accept(state: TokenState, token: LiveToken, to: string): TokenStep<RedeemOutcome> {
  const sentAt = without(state.sentAt, token.issuedAt);
  return { state: { token: null, sentAt, failures: clearDelay(state.failures) }, outcome: { ok: true, to } };
}

function reject(
  state: TokenState,
  token: LiveToken,
  now: number,
  policy: TokenPolicy,
): TokenStep<RedeemOutcome> {
  const attempts = token.attempts + 1;
  const { failures, count, retryAt, locks } = countFailure(state.failures, now, policy);
  const attemptsLeft = policy.maxAttempts - attempts;
  return {
    state: { ...state, token: { ...token, attempts }, failures },
    outcome: { ok: false, reason: 'mismatch', attemptsLeft, retryAt, failures: count, locks },
  };
}

function cooldownUntil(sentAt: readonly number[], policy: TokenPolicy): number {
  return (sentAt.at(-1) ?? -Infinity) + policy.resendAfterSeconds * 1000;
}

/**
 * When both quotas have room again: an instant that has passed if they have. The list is in order, also behind a clock
 * that stepped back, since the cooldown refuses until it has caught up.
 */
function limitedUntil(sentAt: readonly number[], policy: TokenPolicy): number {
  return Math.max(
    (sentAt.at(-policy.sendsPerHour) ?? -Infinity) + HOUR,
    (sentAt.at(-policy.sendsPerDay) ?? -Infinity) + DAY,
  );
}

/** Without the newest of these instants; the same list if there is none. */
function without(instants: readonly number[], instant: number): readonly number[] {
  const index = instants.lastIndexOf(instant);
  return index < 0 ? instants : instants.filter((_, at) => at !== index);
}
