/** How a mailed code is judged: a pure transition. */
import { type Block, blockOf, clearDelay, countFailure } from '../internal/throttle.js';
import type { Step } from '../store/transact.js';
import type { TypedCode } from './challenge.js';
import {
  hasExpired,
  type LiveToken,
  pastOf,
  ticketRefusal,
  type TokenContext,
  type TokenState,
  withPast,
} from './token-state.js';

/** A code that was typed, with the ticket that came with it. */
export interface TokenGuess {
  readonly purpose: string;
  /** When the ticket was issued. */
  readonly ticketAt: number;
  readonly typed: TypedCode;
  /** Whether it comes from a known browser, which neither waits nor counts for the account. */
  readonly isExempt: boolean;
}

/** A wrong code. `failures` counts those in the rolling window; both are missing where nothing was counted. */
export interface Mismatch {
  readonly ok: false;
  readonly reason: 'mismatch';
  readonly attemptsLeft?: number;
  readonly failures?: number;
  /** What the failure brings about. */
  readonly block?: Block | null;
}

/** Why a guess was refused. */
export type GuessRefusal =
  | { readonly ok: false; readonly reason: 'superseded' | 'replayed' | 'unknown' | 'expired' | 'exhausted' }
  | ({ readonly ok: false } & Block)
  | Mismatch;

/** What becomes of a guess. */
export type RedeemOutcome = { readonly ok: true; readonly to: string } | GuessRefusal;

/**
 * Judges a guess.
 *
 * In order: the ticket; an older mail's code, which is never counted; the lock and the delay; the token's attempts; the
 * code. A guess that is not evaluated costs nothing and tells nothing.
 */
export function redeemToken<State extends TokenState>(
  state: State,
  guess: TokenGuess,
  context: TokenContext,
): Step<State, RedeemOutcome> {
  const stale = ticketRefusal(state, guess.ticketAt, context) ?? pastRefusal(state, guess, context);
  if (stale !== null) return { state, outcome: { ok: false, reason: stale } };
  if (guess.typed.form === 'letters') return redeemLong(state, guess, context);
  const block = guess.isExempt ? null : blockOf(state.failures, context);
  if (block !== null) return { state, outcome: { ok: false, ...block } };
  const { token } = state;
  const refuse = (reason: 'unknown' | 'expired' | 'exhausted'): Step<State, RedeemOutcome> => ({
    state,
    outcome: { ok: false, reason },
  });
  if (token?.purpose !== guess.purpose) return refuse('unknown');
  if (hasExpired(token, context)) return refuse('expired');
  if (token.attempts >= context.policy.maxAttempts) return refuse('exhausted');
  const isRight = context.codes.isCodeOf(token, guess.typed);
  return isRight && token.to !== null
    ? accept(state, token, token.to, context)
    : reject(state, token, guess.isExempt, context);
}

/** While the live token is another purpose's, "superseded" would send people to a mail that is no help. */
function pastRefusal(
  { past, token }: TokenState,
  { purpose, typed }: TokenGuess,
  context: TokenContext,
): 'superseded' | 'replayed' | 'unknown' | null {
  const { now, codes } = context;
  const [match] = past.filter((each) => each.expiresAt > now && codes.isPastCode(each, purpose, typed));
  if (match === undefined) return null;
  if (match.end === 'redeemed') return 'replayed';
  const isElsewhere = token !== null && token.purpose !== purpose && !hasExpired(token, context);
  return isElsewhere ? 'unknown' : 'superseded';
}

/** Judges 25 characters: with more than 112 bits there is nothing to guess, so nothing waits and nothing is counted. */
function redeemLong<State extends TokenState>(
  state: State,
  guess: TokenGuess,
  context: TokenContext,
): Step<State, RedeemOutcome> {
  const { long } = state;
  if (long?.purpose !== guess.purpose) return { state, outcome: { ok: false, reason: 'unknown' } };
  if (hasExpired(long, context)) return { state, outcome: { ok: false, reason: 'expired' } };
  const isRight = context.codes.isCodeOf(long, guess.typed);
  if (!isRight || long.to === null) return { state, outcome: { ok: false, reason: 'mismatch' } };
  const next = { ...state, long: null, failures: clearDelay(state.failures) };
  const redeemed = pastOf(long, 'redeemed', context);
  return { state: withPast(next, redeemed, context), outcome: { ok: true, to: long.to } };
}

/** A redeemed token frees the places of all its mails, so that people who log in often never have to wait. */
function accept<State extends TokenState>(
  state: State,
  token: LiveToken,
  to: string,
  context: TokenContext,
): Step<State, RedeemOutcome> {
  const next = {
    ...state,
    token: null,
    sentAt: placesBesides(token, state.sentAt, state.sending),
    failures: clearDelay(state.failures),
  };
  const redeemed = pastOf(token, 'redeemed', context);
  return { state: withPast(next, redeemed, context), outcome: { ok: true, to } };
}

function reject<State extends TokenState>(
  state: State,
  token: LiveToken,
  isExempt: boolean,
  context: TokenContext,
): Step<State, RedeemOutcome> {
  const attempts = token.attempts + 1;
  const attemptsLeft = context.policy.maxAttempts - attempts;
  const tried = { ...state, token: { ...token, attempts } };
  if (isExempt) return { state: tried, outcome: { ok: false, reason: 'mismatch', attemptsLeft } };
  const { failures, count, block } = countFailure(state.failures, context);
  return {
    state: { ...tried, failures },
    outcome: { ok: false, reason: 'mismatch', attemptsLeft, failures: count, block },
  };
}

/** The places in the quotas that are not this token's: there is one live token, so its mails are those since its issue. */
export function placesBesides(
  { issuedAt }: LiveToken,
  sentAt: readonly number[],
  sending: LiveToken | null,
): readonly number[] {
  return sentAt.filter((at) => at < issuedAt || (sending !== null && at >= sending.issuedAt));
}
