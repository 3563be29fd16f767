/** How a mail is asked for: pure transitions that issue a token, join the one there is, or refuse. */
import { type Block, blockOf } from '../internal/throttle.js';
import type { Step } from '../store/transact.js';
import type { CodeForm, CodeSource } from './challenge.js';
import {
  CLOCK_TOLERANCE,
  hasExpired,
  isLive,
  type LiveToken,
  LONG_MS,
  pastOf,
  promote,
  ticketInstant,
  type TokenContext,
  type TokenState,
  withPast,
} from './token-state.js';

/** A request for a mail. */
export interface Ask {
  readonly purpose: string;
  /** The address; null for a customer who does not exist. */
  readonly to: string | null;
  /** When it was made: it dates the token and the mail, however long the mail takes to render. */
  readonly at: number;
  /** The id that a fresh token gets. */
  readonly id: string;
}

/** Who pays for a mail: the account, or a browser that is known. */
export interface Payer {
  /** Why no code is evaluated now; null for a known browser, which does not wait. */
  readonly block: Block | null;
  /** When mails were sent at this payer's expense, oldest first. */
  readonly sentAt: readonly number[];
  /** When the next mail can be had after these. */
  readonly nextMail: (sentAt: readonly number[]) => NextMail;
}

/** When the next mail can be had, and what stands in its way until then. */
export interface NextMail {
  readonly retryAt: number;
  readonly reason: 'cooldown' | 'limit';
}

/** A mail to be rendered and sent. */
export interface MailDraft {
  readonly token: CodeSource & { readonly expiresAt: number };
  readonly form: CodeForm;
  readonly askedAt: number;
}

/** What becomes of a request for a mail. */
export type IssueOutcome =
  | {
      readonly ok: true;
      /** The mail to send; null if one that is on its way serves this request too. */
      readonly mail: MailDraft | null;
      /** Whether the request was answered with a token that was there before. */
      readonly joined: boolean;
      /** There if the code is one of 25 letters and digits. */
      readonly long?: true;
      /** There if the mail's token takes a live one's place once the mail was accepted. */
      readonly replaces?: true;
      readonly expiresAt: number;
      readonly resendAt: number;
      /** The instant to date a ticket with. */
      readonly ticketAt: number;
    }
  | { readonly ok: false; readonly reason: 'cooldown' | 'limit' | 'locked'; readonly retryAt: number };

/** A step that also says which mails the payer has paid for now. */
export interface PaidStep<State> extends Step<State, IssueOutcome> {
  readonly sentAt: readonly number[];
}

/** How a mail's way to the mail service ended. */
export type MailFate = 'accepted' | 'refused' | 'timed out';

/** Everything that a request for a mail is decided by. */
export interface IssueContext extends TokenContext {
  readonly ask: Ask;
  readonly payer: Payer;
}

/** Issues a token, or joins the one there is, at the account's expense. */
export function issueToken<State extends TokenState>(
  state: State,
  ask: Ask,
  context: TokenContext,
): Step<State, IssueOutcome> {
  const step = issueFor(state, { ...context, ask, payer: accountPayer(state, context) });
  return { state: withSentAt(step.state, step.sentAt), outcome: step.outcome };
}

/** The same state with another list of mails at the account's expense. */
export function withSentAt<State extends TokenState>(state: State, sentAt: readonly number[]): State {
  return sentAt === state.sentAt ? state : { ...state, sentAt };
}

/** The account as the payer of a mail. */
export function accountPayer(state: TokenState, context: TokenContext): Payer {
  return {
    block: blockOf(state.failures, context),
    sentAt: state.sentAt,
    nextMail: (sentAt) => nextAccountMail(sentAt, context),
  };
}

/**
 * Issues a token, or joins the one there is.
 *
 * Asking again joins: within the first two thirds of a token's life it serves every request for the same address and
 * purpose, so a double click, a second tab and another device all get in with the newest mail.
 */
export function issueFor<State extends TokenState>(state: State, context: IssueContext): PaidStep<State> {
  const { payer, now } = context;
  const { block, sentAt } = payer;
  if (block?.reason === 'locked')
    return issueLong(state, context) ?? refuse(state, 'locked', block.retryAt, sentAt);
  const long = block !== null && block.retryAt > now + HOUR ? issueLong(state, context) : null;
  if (long !== null) return long;
  const joinable = joinableToken(state, context);
  const next = payer.nextMail(sentAt);
  const hasRoom = next.retryAt <= now;
  if (joinable !== null && isYoung(joinable, now)) {
    return hasRoom ? resend(state, joinable, context) : join(state, joinable, context);
  }
  if (hasRoom) return issueFresh(state, context);
  if (joinable !== null) return join(state, joinable, context);
  if (next.reason === 'limit')
    return issueLong(state, context) ?? refuse(state, 'limit', next.retryAt, sentAt);
  return { state, outcome: { ok: false, ...next }, sentAt };
}

/**
 * Settles a mail once its fate is known. A mail that was not sent leaves no token that was not there before; one that
 * timed out may still arrive, so its code stays known as superseded. The payer's place is freed by the caller.
 */
export function settleMail<State extends TokenState>(
  state: State,
  { token: { id } }: MailDraft,
  fate: MailFate,
  context: TokenContext,
): State {
  const { token, sending, long } = state;
  if (fate === 'accepted') return sending?.id === id ? promote(state, context) : state;
  if (long?.id === id) return { ...withoutMail(state, 'long', fate, context), longSentAt: null };
  if (sending?.id === id) return withoutMail(state, 'sending', fate, context);
  return token?.id === id ? withoutMail(state, 'token', fate, context) : state;
}

/**
 * Takes the place of a mail that was not sent out of a payer's list. Another process, whose clock is behind, may have
 * dated it a little earlier meanwhile.
 */
export function freePlace(sentAt: readonly number[], at: number): readonly number[] {
  const place = Math.max(...sentAt.filter((each) => each <= at && each > at - CLOCK_TOLERANCE));
  const index = sentAt.lastIndexOf(place);
  return index < 0 ? sentAt : sentAt.filter((_, place) => place !== index);
}

/** When no mail can be had because of the quotas, the instant until which; null if one can. */
export function mailLimitedUntil(state: TokenState, context: TokenContext): number | null {
  const { retryAt, reason } = nextAccountMail(state.sentAt, context);
  return reason === 'limit' ? retryAt : null;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The part of a token's life in which it is joined. */
const JOINABLE_PART = 2 / 3;

function nextAccountMail(sentAt: readonly number[], { now, policy }: TokenContext): NextMail {
  const cooldown = (sentAt.at(-1) ?? -Infinity) + policy.resendAfterSeconds * 1000;
  const limit = Math.max(
    (sentAt.at(-policy.sendsPerHour) ?? -Infinity) + HOUR,
    (sentAt.at(-policy.sendsPerDay) ?? -Infinity) + DAY,
  );
  return { retryAt: Math.max(cooldown, limit), reason: limit > now ? 'limit' : 'cooldown' };
}

/** The token that this request can share: its own address and purpose, with attempts left. */
function joinableToken(state: TokenState, { ask, ...context }: IssueContext): LiveToken | null {
  const token = state.sending ?? state.token;
  return token !== null && isFor(token, ask) && isLive(token, context) ? token : null;
}

function isFor(token: LiveToken, { to, purpose }: Ask): boolean {
  return token.to === to && token.purpose === purpose;
}

function isYoung({ issuedAt, expiresAt }: LiveToken, now: number): boolean {
  return now < issuedAt + (expiresAt - issuedAt) * JOINABLE_PART;
}

/** Answers with the token there is, whose mail is on its way. */
function join<State extends TokenState>(
  state: State,
  token: LiveToken,
  { payer: { sentAt, nextMail }, now }: IssueContext,
): PaidStep<State> {
  const resendAt = nextMail(sentAt).retryAt;
  return { state, outcome: { ...granted(state, token, now), mail: null, joined: true, resendAt }, sentAt };
}

/** Mails the same code again. */
function resend<State extends TokenState>(
  state: State,
  joined: LiveToken,
  context: IssueContext,
): PaidStep<State> {
  const token = { ...joined, mails: joined.mails + 1 };
  const next = state.sending === joined ? { ...state, sending: token } : { ...state, token };
  return mailed(next, token, true, context);
}

/** Puts a fresh token in the place of the one there is; a live one keeps its place until the new mail was accepted. */
function issueFresh<State extends TokenState>(state: State, context: IssueContext): PaidStep<State> {
  const fresh = freshToken(context.policy.ttlSeconds * 1000, context);
  const { token, sending } = state;
  const keepsLive = token !== null && isLive(token, context);
  const endedToken = keepsLive ? [] : pastOf(token, 'superseded', context);
  const ended = [...endedToken, ...pastOf(sending, 'superseded', context)];
  const next = keepsLive ? { ...state, sending: fresh } : { ...state, token: fresh, sending: null };
  return mailed(withPast(next, ended, context), fresh, false, context);
}

/**
 * The way back in for people who only have mail: one mail in 24 hours has 25 characters, which nobody can guess. Null
 * if that mail was sent already, and its code is not for this request.
 */
function issueLong<State extends TokenState>(state: State, context: IssueContext): PaidStep<State> | null {
  const { long, longSentAt } = state;
  const { ask, now, payer } = context;
  const base = { long: true as const, resendAt: (longSentAt ?? ask.at) + LONG_MS };
  if (long !== null && isFor(long, ask) && !hasExpired(long, context)) {
    const outcome: IssueOutcome = { ...granted(state, long, now), ...base, mail: null, joined: true };
    return { state, outcome, sentAt: payer.sentAt };
  }
  if (longSentAt !== null && longSentAt + LONG_MS > now) return null;
  const token = freshToken(LONG_MS, context);
  const mail: MailDraft = { token, form: 'letters', askedAt: ask.at };
  const resendAt = ask.at + LONG_MS;
  const outcome: IssueOutcome = { ...granted(state, token, now), ...base, mail, joined: false, resendAt };
  return { state: { ...state, long: token, longSentAt: ask.at }, outcome, sentAt: payer.sentAt };
}

/** Refuses until the obstacle is gone, or until another mail with 25 characters can be had. */
function refuse<State extends TokenState>(
  state: State,
  reason: 'locked' | 'limit',
  until: number,
  sentAt: readonly number[],
): PaidStep<State> {
  const retryAt = Math.min(until, (state.longSentAt ?? Infinity) + LONG_MS);
  return { state, outcome: { ok: false, reason, retryAt }, sentAt };
}

function freshToken(lifeMs: number, { ask: { id, purpose, to, at }, codes }: IssueContext): LiveToken {
  return { id, key: codes.newKey, purpose, to, issuedAt: at, expiresAt: at + lifeMs, attempts: 0, mails: 1 };
}

function granted(
  state: TokenState,
  { expiresAt }: LiveToken,
  now: number,
): { readonly ok: true; readonly expiresAt: number; readonly ticketAt: number } {
  return { ok: true, expiresAt, ticketAt: ticketInstant(state, now) };
}

/** Takes the mail's place in the payer's quotas. */
function mailed<State extends TokenState>(
  state: State,
  token: LiveToken,
  joined: boolean,
  { ask, payer, now }: IssueContext,
): PaidStep<State> {
  const sentAt = [...payer.sentAt, ask.at].sort((a, b) => a - b);
  const resendAt = payer.nextMail(sentAt).retryAt;
  const mail: MailDraft = { token, form: 'digits', askedAt: ask.at };
  const replaces = state.sending === token ? { replaces: true as const } : {};
  return { state, outcome: { ...granted(state, token, now), mail, joined, resendAt, ...replaces }, sentAt };
}

/** Removes one mail of a token; a token without any other mail goes with it. */
function withoutMail<State extends TokenState>(
  state: State,
  place: 'token' | 'sending' | 'long',
  fate: MailFate,
  context: TokenContext,
): State {
  const token = state[place];
  if (token !== null && token.mails > 1) return { ...state, [place]: { ...token, mails: token.mails - 1 } };
  const late = fate === 'timed out' ? pastOf(token, 'superseded', context) : [];
  return withPast({ ...state, [place]: null }, late, context);
}
