/**
 * A year of guessing at one account, simulated with the flow's own transitions, so that no second formula can drift
 * apart.
 */
import { type Ask, mailLimitedUntil } from '../email-token/issue-token.js';
import type { MailedCodes } from '../email-token/challenge.js';
import { isLive } from '../email-token/token-state.js';
import { blockOf } from '../internal/throttle.js';
import { Secret } from '../otp/secret.js';
import { generateTotp } from '../otp/totp.js';
import {
  type AccountState,
  accountWithoutExpired,
  type ActiveApp,
  emptyAccount,
  type FlowContext,
  type FlowPolicy,
  MAX_BROWSER_FAILURES,
} from './account.js';
import { OWN_PARAMETERS } from './activation-state.js';
import { enterBrowser } from './browsers.js';
import { beginLogin, completeLogin, type CompleteOutcome, LOGIN } from './login-state.js';

/** What an attacker guesses at, and what helps them. */
export interface GuessingYear {
  readonly policy: FlowPolicy;
  readonly factor: 'email' | 'app';
  /**
   * Whether the attacker holds the cookie of every known browser, and the customer logs in from one of them whenever
   * that clears a delay or frees a mailed token.
   */
  readonly hasHelp: boolean;
}

/** How many guesses are evaluated in a year at most. */
export function countGuesses({ policy, factor, hasHelp }: GuessingYear): number {
  const { max } = policy.browsers;
  const cookies = Array.from({ length: hasHelp ? max : 0 }, (_, index) => `${index}`.padEnd(27, '-'));
  const empty = { ...emptyAccount('salt'), apps: factor === 'app' ? [theApp] : [] };
  let round = stealBrowsers({ policy, factor, state: empty, now: START, count: 0 }, cookies);
  while (round.now < START + YEAR_MS) {
    const { evaluated, retryAt, ...next } = guess(round, undefined);
    if (evaluated) round = hasHelp && isHelpWanted(next) ? customerLogsIn(next, cookies.at(-1)) : next;
    else round = { ...next, now: Math.max(retryAt, next.now + SHORT_MS) };
  }
  // The failure that has kept the customer's own browser a known one.
  return cookies.length === 0 ? round.count : spendFailures(round, cookies.at(-1), 1).count;
}

interface Round {
  readonly policy: FlowPolicy;
  readonly factor: 'email' | 'app';
  readonly state: AccountState;
  readonly now: number;
  readonly count: number;
}

interface Guessed extends Round {
  readonly evaluated: boolean;
  /** When to try again if nothing was evaluated. */
  readonly retryAt: number;
}

const START = Date.UTC(2030, 0);
const YEAR_MS = 365 * 86_400_000;
/** The time until an app shows its next code. */
const STEP_MS = 30_000;
const SHORT_MS = 1000;
const SECRET_BYTES = 20;
const RIGHT_MAIL_CODE = '1';

const theApp: ActiveApp = {
  ...{ id: 'app', name: 'app', sealed: 'sealed', ...OWN_PARAMETERS },
  lastTimeStep: -1,
  activatedAt: START,
  lastUsedAt: null,
};

/** Every mail carries a code of ones; a guess of dashes is as long and never right. */
const simulatedCodes: MailedCodes = {
  newKey: 'key',
  knows: () => true,
  bind: ({ id, key }) => ({ bound: id, key }),
  codeOf: () => RIGHT_MAIL_CODE,
  isCodeOf: (_, { text }) => text.startsWith(RIGHT_MAIL_CODE),
  isPastCode: () => false,
};

function contextOf({ policy, now }: Round): FlowContext {
  return { now, policy, codes: simulatedCodes, userId: 'customer' };
}

/** Makes browsers known, and uses up the failures of each; the customer's own keeps one, so that it stays known. */
function stealBrowsers(start: Round, cookies: readonly string[]): Round {
  let round = start;
  for (const value of cookies) {
    const login = { value: undefined, fresh: { id: value, value }, remember: false };
    round = { ...round, state: enterBrowser(round.state, login, contextOf(round)).state };
  }
  for (const [index, cookie] of cookies.entries()) {
    const isOwn = index === cookies.length - 1;
    round = spendFailures(round, cookie, MAX_BROWSER_FAILURES - Number(isOwn));
  }
  return round;
}

/** Makes that many wrong guesses from a browser. */
function spendFailures(start: Round, cookie: string | undefined, failures: number): Round {
  let round = start;
  for (let left = failures; left > 0;) {
    const { evaluated, retryAt, ...next } = guess(round, cookie);
    round = evaluated ? next : { ...next, now: Math.max(retryAt, next.now + SHORT_MS) };
    left -= Number(evaluated);
  }
  return round;
}

/** A login of the customer helps against a delay, and where a mailed token has one guess left. */
function isHelpWanted(round: Round): boolean {
  const { token } = round.state;
  const isNearlyUsed = token !== null && token.attempts >= round.policy.maxAttempts - 1;
  return (
    blockOf(round.state.failures, contextOf(round)) !== null || (round.factor === 'email' && isNearlyUsed)
  );
}

/** One wrong code, after asking for a mail if that is the factor and there is none: mails are limited too. */
function guess(before: Round, cookie: string | undefined): Guessed {
  const block = cookie === undefined ? blockOf(before.state.failures, contextOf(before)) : null;
  if (block !== null) return { ...before, evaluated: false, retryAt: block.retryAt };
  const needsMail = before.factor === 'email' && !hasLiveToken(before);
  const round = needsMail ? askForMail(before, cookie) : before;
  if (round.factor === 'email' && !hasLiveToken(round)) {
    const retryAt = mailLimitedUntil(round.state, contextOf(round)) ?? nextMailAt(round);
    return { ...round, evaluated: false, retryAt };
  }
  const { state, outcome } = complete(round, '-'.repeat(codeLength(round)), cookie);
  const evaluated = !outcome.ok && outcome.reason === 'mismatch';
  return { ...round, state, count: round.count + Number(evaluated), evaluated, retryAt: round.now };
}

/** The customer logs in: at once from a known browser, otherwise as soon as a code is evaluated. */
function customerLogsIn(before: Round, cookie: string | undefined): Round {
  const block = cookie === undefined ? blockOf(before.state.failures, contextOf(before)) : null;
  if (block?.reason === 'locked') return before;
  const soon = before.factor === 'app' ? before.now + STEP_MS : before.now;
  const round = { ...before, now: Math.max(block?.retryAt ?? 0, soon) };
  if (round.factor === 'app') {
    const code = generateTotp(appSecret(), { at: round.now });
    return { ...round, state: complete(round, code, cookie).state };
  }
  const asked = askForMail(round, cookie);
  const code = RIGHT_MAIL_CODE.repeat(codeLength(asked));
  return { ...asked, state: complete(asked, code, cookie).state };
}

function askForMail(round: Round, browser: string | undefined): Round {
  const { now } = round;
  const ask: Ask = { purpose: LOGIN, to: 'customer@example.com', at: now, id: String(now) };
  const { state } = beginLogin(round.state, { ask, browser, expectsApp: false }, contextOf(round));
  return { ...round, state: accountWithoutExpired(state, contextOf(round)) };
}

function complete(
  round: Round,
  text: string,
  browser: string | undefined,
): { readonly state: AccountState; readonly outcome: CompleteOutcome } {
  const { now } = round;
  const fresh = { id: `id-${now}`, value: `${now}`.padEnd(27, '-') };
  const typed = { form: 'digits', text } as const;
  const guessed = { purpose: LOGIN, ticketAt: now, typed, browser, fresh, remember: false };
  const secrets = new Map([[theApp.sealed, { secret: appSecret(), current: theApp.sealed }]]);
  const step = completeLogin(round.state, guessed, contextOf(round), secrets);
  if ('needs' in step) throw new Error('the simulation holds every secret');
  return step;
}

function hasLiveToken(round: Round): boolean {
  const { token } = round.state;
  return token !== null && isLive(token, contextOf(round));
}

function nextMailAt({ state, now, policy }: Round): number {
  return (state.sentAt.at(-1) ?? now) + policy.resendAfterSeconds * 1000;
}

function codeLength({ factor, policy }: Round): number {
  return factor === 'email' ? policy.mailDigits : OWN_PARAMETERS.digits;
}

function appSecret(): Secret {
  return (secret ??= Secret.fromBytes(new Uint8Array(SECRET_BYTES)));
}

/** Made at first use: nothing is computed while the package loads. */
let secret: Secret | undefined;
