/** A login as pure transitions: how it begins, and how a code completes it. */
import type { TypedCode } from '../email-token/challenge.js';
import {
  accountPayer,
  type Ask,
  freePlace,
  issueFor,
  type IssueOutcome,
  type MailDraft,
  type MailFate,
  type Payer,
  settleMail,
  withSentAt,
} from '../email-token/issue-token.js';
import { type RedeemOutcome, redeemToken } from '../email-token/redeem-token.js';
import { ticketInstant, ticketRefusal } from '../email-token/token-state.js';
import { hasOwn } from '../internal/asserts.js';
import { blockOf } from '../internal/throttle.js';
import { asksForWork, type Needs, type Step } from '../store/transact.js';
import type { AccountState, FlowContext, KnownBrowser } from './account.js';
import {
  browserPayer,
  enterBrowser,
  exemptBrowser,
  type FreshBrowser,
  rememberedUntil,
  withBrowserFailure,
  withBrowserMails,
  withoutBrowserMailsSince,
} from './browsers.js';
import { type OpenedSecrets, type ProofOutcome, prove } from './proof.js';

/** A login that begins. */
export interface LoginBeginning {
  readonly ask: Ask;
  /** The value of the browser's cookie. */
  readonly browser: unknown;
  /** Whether the application knows of an app. */
  readonly expectsApp: boolean;
}

type Issued = Extract<IssueOutcome, { ok: true }>;

/** What becomes of a login that begins. Instants are in ms. */
export type BeginOutcome =
  | {
      readonly ok: true;
      readonly method: 'authenticator';
      readonly ticketAt: number;
      readonly retryAt: number | null;
    }
  | (Issued & { readonly method: 'email'; readonly salt: string; readonly payer: string | null })
  | { readonly ok: true; readonly method: 'none' }
  | { readonly ok: true; readonly method: 'remembered'; readonly until: number }
  | { readonly ok: false; readonly reason: 'lost' }
  | Extract<IssueOutcome, { ok: false }>;

/** Begins a login. It never refuses one with an app, so that a recovery code can always be typed. */
export function beginLogin(
  state: AccountState,
  { ask, browser: cookie, expectsApp }: LoginBeginning,
  context: FlowContext,
): Step<AccountState, BeginOutcome> {
  // Always the mail method, so that an answer to an unknown customer looks like one to a known one.
  if (ask.to === null) return beginByMail(state, ask, null, context);
  const browser = exemptBrowser(state, cookie, context);
  const hasApp = state.apps.length > 0;
  if (!hasApp && expectsApp && state.deactivatedAt === null) {
    return { state, outcome: { ok: false, reason: 'lost' } };
  }
  if (!hasApp && context.policy.fallback === 'none') return { state, outcome: { ok: true, method: 'none' } };
  const until = ask.purpose === LOGIN ? rememberedUntil(browser, context) : null;
  if (until !== null) return { state, outcome: { ok: true, method: 'remembered', until } };
  if (!hasApp) return beginByMail(state, ask, browser, context);
  const block = browser === null ? blockOf(state.failures, context) : null;
  const ticketAt = ticketInstant(state, context.now);
  return { state, outcome: { ok: true, method: 'authenticator', ticketAt, retryAt: block?.retryAt ?? null } };
}

/** The purpose that is meant where none is named, and the only one for which being remembered counts. */
export const LOGIN = 'login';

/** Settles a login's mail; a mail that was not sent frees its payer's place. */
export function settleLoginMail(
  state: AccountState,
  {
    draft,
    payer,
    fate,
  }: { readonly draft: MailDraft; readonly payer: string | null; readonly fate: MailFate },
  context: FlowContext,
): AccountState {
  const settled = settleMail(state, draft, fate, context);
  if (fate === 'accepted' || draft.form === 'letters') return settled;
  const browser = settled.browsers.find(({ id }) => id === payer);
  if (browser === undefined) return withSentAt(settled, freePlace(settled.sentAt, draft.askedAt));
  return withBrowserMails(settled, browser, freePlace(browser.sentAt, draft.askedAt));
}

/** A code that should complete a login. */
export interface LoginGuess {
  readonly purpose: string;
  /** When the ticket was issued. */
  readonly ticketAt: number;
  readonly typed: TypedCode;
  /** The value of the browser's cookie. */
  readonly browser: unknown;
  /** What the browser gets if that one is not known. */
  readonly fresh: FreshBrowser;
  readonly remember: boolean;
}

/** A login that is complete. */
export interface LoginSuccess {
  readonly ok: true;
  readonly method: 'email' | 'authenticator' | 'recovery';
  readonly to?: string;
  readonly app?: string;
  readonly recoveryCodesLeft: number;
  readonly cookie: { readonly value: string; readonly expiresAt: number } | null;
  /** The instant to date a proof ticket with. */
  readonly ticketAt: number;
}

/** What becomes of a code at the end of a login. */
export type CompleteOutcome =
  LoginSuccess | Exclude<RedeemOutcome, { ok: true }> | Exclude<ProofOutcome, { ok: true }>;

/**
 * Completes a login. Nothing is evaluated without a ticket; and while an app is active a mailed code is a guess at the
 * app's, since mail is no factor then.
 */
export function completeLogin(
  state: AccountState,
  guess: LoginGuess,
  context: FlowContext,
  secrets: OpenedSecrets,
): Step<AccountState, CompleteOutcome> | Needs<readonly string[]> {
  const stale = ticketRefusal(state, guess.ticketAt, context);
  if (stale !== null) return { state, outcome: { ok: false, reason: stale } };
  const browser = exemptBrowser(state, guess.browser, context);
  const { typed, purpose, ticketAt } = guess;
  const isExempt = browser !== null;
  if (state.apps.length === 0) {
    const isOtherLength = typed.form === 'digits' && typed.text.length !== context.policy.mailDigits;
    if (isOtherLength) return { state, outcome: { ok: false, reason: 'malformed' } };
    const step = redeemToken(state, { purpose, ticketAt, typed, isExempt }, context);
    return finish(freedBrowserMails(state, step), { guess, browser }, context);
  }
  const step = prove(state, { typed, isExempt }, context, secrets);
  return asksForWork(step) ? step : finish(step, { guess, browser }, context);
}

function beginByMail(
  state: AccountState,
  ask: Ask,
  browser: KnownBrowser | null,
  context: FlowContext,
): Step<AccountState, BeginOutcome> {
  const own = browser && browserPayer(browser, context);
  const isOwn = own !== null && hasOwnRoom(own);
  const payer = isOwn ? own : accountPayer(state, context);
  const step = issueFor(state, { ...context, ask, payer });
  const next =
    isOwn && browser !== null
      ? withBrowserMails(step.state, browser, step.sentAt)
      : withSentAt(step.state, step.sentAt);
  const { outcome } = step;
  if (!outcome.ok) return { state: next, outcome };
  const paidBy = isOwn && browser !== null ? browser.id : null;
  return { state: next, outcome: { ...outcome, method: 'email', salt: state.salt, payer: paidBy } };
}

/** A known browser that has used up its own mails asks at the account's expense, like any other. */
function hasOwnRoom({ sentAt, nextMail }: Payer): boolean {
  return nextMail(sentAt).reason !== 'limit';
}

/** A redeemed token frees the places of its mails with browsers too. */
function freedBrowserMails(
  before: AccountState,
  step: Step<AccountState, RedeemOutcome>,
): Step<AccountState, RedeemOutcome> {
  const { token } = before;
  const isRedeemed = step.outcome.ok && token !== null && step.state.token === null;
  return isRedeemed ? { ...step, state: withoutBrowserMailsSince(step.state, token.issuedAt) } : step;
}

function finish(
  { state, outcome }: Step<AccountState, RedeemOutcome | ProofOutcome>,
  { guess, browser }: { readonly guess: LoginGuess; readonly browser: KnownBrowser | null },
  context: FlowContext,
): Step<AccountState, CompleteOutcome> {
  if (!outcome.ok) {
    const isCounted = browser !== null && outcome.reason === 'mismatch' && guess.typed.form === 'digits';
    return { state: isCounted ? withBrowserFailure(state, browser) : state, outcome };
  }
  const { browser: value, fresh, remember } = guess;
  const entered = enterBrowser(state, { value, fresh, remember }, context);
  const method = hasOwn(outcome, 'method') ? outcome.method : 'email';
  return {
    state: entered.state,
    outcome: {
      ok: true,
      method,
      ...(hasOwn(outcome, 'to') ? { to: outcome.to } : {}),
      ...(hasOwn(outcome, 'app') ? { app: outcome.app } : {}),
      recoveryCodesLeft: entered.state.recovery.left.length,
      cookie: entered.cookie,
      ticketAt: ticketInstant(state, context.now),
    },
  };
}
