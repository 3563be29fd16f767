import { readTypedCode, type Ticket } from '../email-token/challenge.js';
import type { IssueOutcome } from '../email-token/issue-token.js';
import { afterRendering, issueByMail } from '../email-token/send.js';
import { hasOwn, ownOnly } from '../internal/asserts.js';
import { digestTexts } from '../internal/bytes.js';
import { randomText } from '../internal/random.js';
import { applyToAccount, emit, ID_LENGTH, refuseCode } from './account-record.js';
import { BROWSER_VALUE_LENGTH } from './browsers.js';
import {
  type BeginRequest,
  type CompleteRequest,
  readBeginRequest,
  readCompleteRequest,
} from './flow-requests.js';
import type { BeginResult, Completed, CompleteResult, TwoFactorEventDetails } from './flow-results.js';
import {
  beginLogin,
  type BeginOutcome,
  completeLogin,
  type CompleteOutcome,
  LOGIN,
  type LoginSuccess,
  settleLoginMail,
} from './login-state.js';
import type { FlowSettings } from './options.js';
import { secretOpener } from './proof.js';

/** Begins a login: see `TwoFactor.begin`. */
export async function begin(settings: FlowSettings, request: BeginRequest): Promise<BeginResult> {
  const own = readBeginRequest(request);
  const { userId, email: to, purpose = LOGIN, locale, context } = own;
  const account = { userId, isNull: to === null };
  const { now, mailer, codesOf } = settings.tokens;
  const ask = { purpose, to, at: now(), id: randomText(ID_LENGTH) };
  const beginning = { ask, browser: own.browser, expectsApp: own.expect === 'authenticator' };
  const mail = { subject: userId, purpose, to, locale, context };
  const timeoutSeconds = settings.policy.sendTimeoutSeconds;
  let payer: string | null = null;
  const outcome = await issueByMail<BeginOutcome>(
    { mailer, codes: codesOf(userId), timeoutSeconds, request: mail },
    {
      reserve: async (worker) => {
        const reserved = await applyToAccount(
          settings,
          account,
          (state, at, rendered) => afterRendering(beginLogin(state, beginning, at), rendered),
          worker,
        );
        payer = hasOwn(reserved, 'payer') ? reserved.payer : null;
        return reserved;
      },
      settle: (draft, fate) =>
        applyToAccount(settings, account, (state, at) => ({
          state: settleLoginMail(state, { draft, payer, fate }, at),
          outcome: null,
        })),
      announce: (decided) => {
        const event = beginEvent(decided, purpose);
        if (event !== null) emit(settings, { ...account, context }, event);
      },
      report: (type) => {
        emit(settings, { ...account, context }, { type });
      },
    },
  );
  return beginResult(settings, { userId, email: to, purpose }, outcome);
}

/** Completes a login: see `TwoFactor.complete`. */
export async function complete(settings: FlowSettings, request: CompleteRequest): Promise<CompleteResult> {
  const own = readCompleteRequest(request);
  const { userId, purpose = LOGIN, challenge } = own;
  const ticket = settings.tokens.challenges.read(challenge, { subject: userId, purpose });
  const about = { userId, isNull: ticket?.isNull ?? false };
  const outcome = await judge(settings, own, ticket);
  if (!outcome.ok) return refuseCode(settings, about, 'complete', outcome);
  const { method, recoveryCodesLeft: left } = outcome;
  if (method === 'recovery') {
    emit(settings, about, { type: 'recovery_code_used', action: 'complete', left });
  }
  emit(settings, about, { type: 'redeemed', purpose, method });
  return completed(settings, { userId, purpose }, ownOnly(outcome));
}

/** Codes of apps have 6 to 8 digits, and so have those of mails. */
export const CODE_LENGTHS: readonly number[] = [6, 7, 8];

/** Input that cannot be a code is not evaluated: a slip of the Return key costs no attempt. */
async function judge(
  settings: FlowSettings,
  { userId, purpose = LOGIN, code, browser, remember = false }: CompleteRequest,
  ticket: Ticket | null,
): Promise<CompleteOutcome> {
  const typed = readTypedCode(code, CODE_LENGTHS);
  if (typed === null) return { ok: false, reason: 'malformed' };
  if (ticket === null) return { ok: false, reason: 'unknown' };
  const fresh = { id: randomText(ID_LENGTH), value: randomText(BROWSER_VALUE_LENGTH) };
  const guess = { purpose, ticketAt: ticket.at, typed, browser, fresh, remember };
  return applyToAccount(
    settings,
    { userId, isNull: ticket.isNull },
    (state, context, secrets) => completeLogin(state, guess, context, secrets),
    secretOpener(settings.cipher, userId),
  );
}

interface Login {
  readonly userId: string;
  readonly purpose: string;
  readonly email: string | null;
}

function beginResult(
  { tokens: { challenges } }: FlowSettings,
  { userId, purpose, email }: Login,
  outcome: BeginOutcome,
): BeginResult {
  if (!outcome.ok) {
    const { reason } = outcome;
    return {
      ok: false,
      reason,
      ...(hasOwn(outcome, 'retryAt') ? { retryAt: new Date(outcome.retryAt) } : {}),
    };
  }
  if (outcome.method === 'none') return { ok: true, method: 'none' };
  if (outcome.method === 'remembered')
    return { ok: true, method: 'remembered', until: new Date(outcome.until) };
  const challenge = challenges.issue({ subject: userId, purpose, isNull: email === null }, outcome.ticketAt);
  if (outcome.method === 'authenticator') {
    const retryAt = outcome.retryAt === null ? null : new Date(outcome.retryAt);
    return { ok: true, method: 'authenticator', challenge, retryAt };
  }
  return {
    ok: true,
    method: 'email',
    challenge,
    sent: outcome.mail !== null,
    ...(outcome.long ? { long: true } : {}),
    sentTo: shownAddress(email, outcome.salt),
    expiresAt: new Date(outcome.expiresAt),
    resendAt: new Date(outcome.resendAt),
  };
}

function completed(
  { proofs }: FlowSettings,
  { userId, purpose }: Omit<Login, 'email'>,
  { method, to, app, recoveryCodesLeft, cookie, ticketAt }: LoginSuccess,
): Completed {
  const claims = { subject: userId, purpose: 'activation', isNull: false };
  return {
    ok: true,
    userId,
    purpose,
    method,
    ...(to === undefined ? {} : { to }),
    ...(app === undefined ? {} : { app }),
    recoveryCodesLeft,
    ...(cookie === null ? {} : { browser: { value: cookie.value, expiresAt: new Date(cookie.expiresAt) } }),
    ...(method === 'recovery' ? { proof: proofs.issue(claims, ticketAt) } : {}),
  };
}

function beginEvent(outcome: BeginOutcome, purpose: string): TwoFactorEventDetails | null {
  if (!outcome.ok) return { type: 'rejected', action: 'begin', reason: outcome.reason };
  if (outcome.method === 'remembered') return { type: 'remembered', until: new Date(outcome.until) };
  return outcome.method === 'email' ? mailEvent(outcome, purpose) : null;
}

function mailEvent(
  { joined, expiresAt, long }: Extract<IssueOutcome, { ok: true }>,
  purpose: string,
): TwoFactorEventDetails {
  const type = joined ? 'joined' : 'issued';
  return { type, purpose, expiresAt: new Date(expiresAt), ...(long ? { long } : {}) };
}

/**
 * An address as the login page may show it: enough for people to know their own, not enough to learn another's.
 *
 * A null address gets a made-up one, since a page that shows where a mail went must not reveal which customers do not
 * exist. It comes from the record's random salt, so it stays the same while the record lives, nobody can compute it,
 * and no new key changes it; and its letters are as frequent as those of real addresses.
 */
function shownAddress(email: string | null, salt: string): string {
  if (email === null) {
    const [local = 0, domain = 0] = digestTexts([salt]);
    return masked(
      LOCAL_LETTERS.charAt(local % LOCAL_LETTERS.length),
      DOMAIN_LETTERS.charAt(domain % DOMAIN_LETTERS.length),
    );
  }
  const at = email.lastIndexOf('@');
  return masked(firstLetter(email), firstLetter(email.slice(at + 1)));
}

/** First letters of given names and of mail providers, about as often as they occur. */
const LOCAL_LETTERS = 'aaaaaabbbccccddddeeeffgghhhiijjjjjjkkkklllmmmmmmmnnnoppprrrrsssssstttuvwwyz';
const DOMAIN_LETTERS = 'ggggggggggggggghhhhooooyyyyiiiiwwwttaaalmmcsbefdnpkvr';

function masked(local: string, domain: string): string {
  return `${local}***@${domain}***`;
}

/** By code point, so that no half of a pair is left. */
function firstLetter(text: string): string {
  return (Array.from(text)[0] ?? '').toLowerCase();
}
