/**
 * The life of mailed tokens as pure transitions: from a state, an event and the time to a next state and an outcome.
 *
 * One state covers one account, so everything that must move together does: a fresh token takes an older one's place
 * in the write that spends its place in the quotas, and a guess is counted in the write that answers it. The two-factor
 * flow keeps more in the same state, so every transition works on any state that has these fields.
 */
import { MAX_ADDRESS, MAX_NAME } from '../internal/asserts.js';
import { type Failures, failuresExpireAt, noFailures, notAfter } from '../internal/throttle.js';
import { fields, instant, integer, list, nullable, oneOf, type Reader, text } from '../store/record.js';
import type { Binding, CodeSource, MailedCodes } from './challenge.js';
import type { TokenPolicy } from './policy.js';

/** A token that was issued and has not ended. Instants are in ms. */
export interface LiveToken extends CodeSource {
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Wrong codes so far. */
  readonly attempts: number;
  /** Mails that carry its code and were not refused. */
  readonly mails: number;
}

/** A token that ended before it expired. */
export interface PastToken extends Binding {
  readonly expiresAt: number;
  readonly end: 'superseded' | 'redeemed';
}

/** Everything that is known about an account's mailed tokens. */
export interface TokenState {
  /** The one token whose code counts; null if there is none. */
  readonly token: LiveToken | null;
  /** A token that takes the live one's place once its mail was accepted. */
  readonly sending: LiveToken | null;
  /** A token of 25 characters, which is judged outside the failure budget. */
  readonly long: LiveToken | null;
  /** When the newest mail with 25 characters was sent. */
  readonly longSentAt: number | null;
  /** The newest tokens that ended, until they expire: so that an older mail's code can be told from a wrong one. */
  readonly past: readonly PastToken[];
  /** When mails were sent whose tokens were not redeemed, oldest first. */
  readonly sentAt: readonly number[];
  readonly failures: Failures;
  /** Tickets from before this instant are void; null if there is none. */
  readonly voidBefore: number | null;
}

/** The context of every transition. */
export interface TokenContext {
  /** The instant of the decision, in ms. */
  readonly now: number;
  readonly policy: TokenPolicy;
  /** The codes of this account's tokens. */
  readonly codes: MailedCodes;
}

/** The state of an account without a record. */
export const emptyTokenState: TokenState = {
  token: null,
  sending: null,
  long: null,
  longSentAt: null,
  past: [],
  sentAt: [],
  failures: noFailures,
  voidBefore: null,
};

/** How many ended tokens are kept, so that their codes can be told from wrong ones. */
export const MAX_PAST = 5;
/** How long a code of 25 characters lives, and the time between two such mails. */
export const LONG_MS = 86_400_000;

/** Tells whether a token is over. Without its key nobody can tell its code any more. */
export function hasExpired(token: LiveToken, { now, codes }: TokenContext): boolean {
  return token.expiresAt <= now || !codes.knows(token.key);
}

/** Tells whether a token still takes guesses. */
export function isLive(token: LiveToken, context: TokenContext): boolean {
  return !hasExpired(token, context) && token.attempts < context.policy.maxAttempts;
}

/** Why a ticket is no longer good for this account; null if it still is. */
export function ticketRefusal(
  { voidBefore }: TokenState,
  ticketAt: number,
  { now, policy }: TokenContext,
): 'unknown' | 'expired' | null {
  if (ticketAt > now + CLOCK_TOLERANCE) return 'unknown';
  if (voidBefore !== null && ticketAt < voidBefore) return 'unknown';
  return ticketAt + policy.ttlSeconds * 1000 <= now ? 'expired' : null;
}

/** The instant to date a ticket with: never before the newest voiding. */
export function ticketInstant({ voidBefore }: TokenState, now: number): number {
  return Math.max(now, voidBefore ?? 0);
}

/** Ends all tokens and voids every ticket issued so far. The failures and the quotas stay. */
export function revokeTokens<State extends TokenState>(state: State, context: TokenContext): State {
  const { token, sending, long } = state;
  const ended = [token, sending, long].flatMap((each) => pastOf(each, 'superseded', context));
  const next = { ...voidTickets(state, context.now), token: null, sending: null, long: null };
  return withPast(next, ended, context);
}

/** Voids every ticket issued so far. */
export function voidTickets<State extends TokenState>(state: State, now: number): State {
  return { ...state, voidBefore: ticketInstant(state, now) + 1 };
}

/** Forgets the failures and the mail quota; the same state if there is nothing to forget. */
export function unlockTokens<State extends TokenState>(state: State): State {
  const isClean = state.failures.at.length === 0 && state.sentAt.length === 0 && state.longSentAt === null;
  return isClean ? state : { ...state, failures: noFailures, sentAt: [], longSentAt: null };
}

/**
 * A state as it counts now: instants later than now, from a clock that was ahead, count as now, so that nothing lasts
 * longer than its own limit. A fresh token whose mail was never heard of again takes its place: the mail may have
 * arrived, and its code is the newest. The same state if there is nothing to change.
 */
export function asOfNow<State extends TokenState>(before: State, context: TokenContext): State {
  const { now, policy } = context;
  const { sending } = before;
  const lostAfter = policy.sendTimeoutSeconds * 1000 + SETTLE_MS;
  const isLost = sending !== null && sending.issuedAt + lostAfter <= now;
  const state = isLost ? promote(before, context) : before;
  if (latestInstant(state) <= now && (state.voidBefore ?? 0) <= now + CLOCK_TOLERANCE) return state;
  const { longSentAt, voidBefore, failures } = state;
  return {
    ...state,
    token: tokenNotAfter(state.token, now),
    sending: tokenNotAfter(state.sending, now),
    long: tokenNotAfter(state.long, now),
    longSentAt: longSentAt === null ? null : Math.min(longSentAt, now),
    past: state.past.map((past) => ({ ...past, expiresAt: Math.min(past.expiresAt, now + LONG_MS) })),
    sentAt: notAfter(state.sentAt, now),
    failures: { ...failures, at: notAfter(failures.at, now) },
    voidBefore: voidBefore !== null && voidBefore > now + CLOCK_TOLERANCE ? now : voidBefore,
  };
}

/** A state as it is written: without what has expired, first of all the addresses. */
export function withoutExpired<State extends TokenState>(state: State, { now, policy }: TokenContext): State {
  const { voidBefore } = state;
  return {
    ...state,
    token: withoutAddress(state.token, now),
    sending: withoutAddress(state.sending, now),
    long: withoutAddress(state.long, now),
    past: state.past.filter(({ expiresAt }) => expiresAt > now),
    sentAt: state.sentAt.filter((at) => at > now - DAY),
    voidBefore: voidBefore !== null && voidBefore + policy.ttlSeconds * 1000 <= now ? null : voidBefore,
  };
}

/**
 * When nothing in a state matters any more, in ms. Tokens outlive their expiry by a day, so that the answer can say
 * that they expired.
 */
export function tokensExpireAt(state: TokenState, policy: TokenPolicy): number {
  const never = -Infinity;
  const ends = [state.token, state.sending, state.long].map((token) => (token?.expiresAt ?? never) + DAY);
  return Math.max(
    ...ends,
    ...state.past.map(({ expiresAt }) => expiresAt),
    (state.longSentAt ?? never) + LONG_MS,
    (state.sentAt.at(-1) ?? never) + DAY,
    failuresExpireAt(state.failures, policy),
    (state.voidBefore ?? never) + policy.ttlSeconds * 1000,
  );
}

/** Makes the token whose mail was accepted the live one. */
export function promote<State extends TokenState>(state: State, context: TokenContext): State {
  const { token, sending } = state;
  const next = { ...state, token: sending, sending: null };
  return withPast(next, pastOf(token, 'superseded', context), context);
}

/** What is kept of a token that ends: its binding, and how it ended; nothing of one that is over or not there. */
export function pastOf(
  token: LiveToken | null,
  end: PastToken['end'],
  context: TokenContext,
): readonly PastToken[] {
  if (token === null || hasExpired(token, context)) return [];
  const binding = context.codes.bind(token);
  return binding === null ? [] : [{ ...binding, expiresAt: token.expiresAt, end }];
}

/**
 * Adds ended tokens to those that are kept, and keeps the newest. One that happens to share its code with a token of
 * this state is not kept: the right code would be called superseded.
 */
export function withPast<State extends TokenState>(
  state: State,
  ended: readonly PastToken[],
  { codes }: TokenContext,
): State {
  const live = [state.token, state.sending].flatMap((token) => {
    const code = token && codes.codeOf(token, 'digits');
    return token === null || code === null ? [] : [{ purpose: token.purpose, code }];
  });
  const isTwin = (past: PastToken): boolean =>
    live.some(({ purpose, code }) => codes.isPastCode(past, purpose, { form: 'digits', text: code }));
  return { ...state, past: [...state.past, ...ended].filter((past) => !isTwin(past)).slice(-MAX_PAST) };
}

const DAY = 86_400_000;
/** How long after its deadline a mail's fate is waited for: the write that records it must find the mail under way. */
const SETTLE_MS = 30_000;
/** How far the clocks of two processes may be apart. */
export const CLOCK_TOLERANCE: number = 5 * 60_000;

function latestInstant({ token, sending, long, longSentAt, past, sentAt, failures }: TokenState): number {
  return Math.max(
    ...[token, sending, long].map((each) => each?.issuedAt ?? 0),
    longSentAt ?? 0,
    ...past.map(({ expiresAt }) => expiresAt - LONG_MS),
    sentAt.at(-1) ?? 0,
    failures.at.at(-1) ?? 0,
  );
}

function tokenNotAfter(token: LiveToken | null, now: number): LiveToken | null {
  if (token === null || token.issuedAt <= now) return token;
  return { ...token, issuedAt: now, expiresAt: now + (token.expiresAt - token.issuedAt) };
}

function withoutAddress(token: LiveToken | null, now: number): LiveToken | null {
  return token !== null && token.expiresAt <= now ? { ...token, to: null } : token;
}

/** Short texts that the library makes itself: ids, names of keys, bindings, salts, digests. */
export const shortText: Reader<string> = (value) => text(64)(value);
const MAX_FAILURES = 100;
const MAX_SENDS = 200;
const MAX_COUNT = 1_000_000;

const liveToken: Reader<LiveToken> = (value) =>
  fields<LiveToken>({
    id: shortText,
    key: shortText,
    purpose: text(MAX_NAME),
    to: nullable(text(MAX_ADDRESS)),
    issuedAt: instant,
    expiresAt: instant,
    attempts: integer(0, MAX_COUNT),
    mails: integer(0, MAX_COUNT),
  })(value);

const pastToken: Reader<PastToken> = (value) =>
  fields<PastToken>({
    bound: shortText,
    key: shortText,
    expiresAt: instant,
    end: oneOf('superseded', 'redeemed'),
  })(value);

/** Reads the fields that every record with mailed tokens has. */
export const tokenFields: Reader<TokenState> = (value) =>
  fields<TokenState>({
    token: nullable(liveToken),
    sending: nullable(liveToken),
    long: nullable(liveToken),
    longSentAt: nullable(instant),
    past: list(pastToken, MAX_PAST),
    sentAt: list(instant, MAX_SENDS),
    failures: fields({ at: list(instant, MAX_FAILURES), inARow: integer(0, MAX_COUNT) }),
    voidBefore: nullable(instant),
  })(value);
