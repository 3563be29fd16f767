/**
 * Browsers that have completed a login: OWASP's device cookies. A stranger who guesses cannot delay or lock them, so
 * the owner gets in from where they always log in.
 */
import type { NextMail, Payer } from '../email-token/issue-token.js';
import {
  type AccountState,
  type FlowContext,
  type KnownBrowser,
  MAX_BROWSER_FAILURES,
  saltedDigest,
} from './account.js';

/** The random value and id that a browser gets if it was not known. */
export interface FreshBrowser {
  readonly id: string;
  readonly value: string;
}

/** The known browser with this cookie, even if it has used up its failures; null if there is none. */
export function findBrowser(state: AccountState, value: unknown, context: FlowContext): KnownBrowser | null {
  if (typeof value !== 'string' || !VALUE_FORM.test(value)) return null;
  const digest = browserDigest(state, value, context);
  const isAlive = ({ lastUsedAt }: KnownBrowser): boolean =>
    lastUsedAt + context.policy.browsers.knownSeconds * 1000 > context.now;
  return state.browsers.find((browser) => browser.digest === digest && isAlive(browser)) ?? null;
}

/** The browser with this cookie if it still has failures left; its guesses neither wait nor count for the account. */
export function exemptBrowser(
  state: AccountState,
  value: unknown,
  context: FlowContext,
): KnownBrowser | null {
  const browser = findBrowser(state, value, context);
  return browser !== null && browser.failures < MAX_BROWSER_FAILURES ? browser : null;
}

/** Until when this browser may skip the second step, in ms; null if it may not. */
export function rememberedUntil(browser: KnownBrowser | null, { now, policy }: FlowContext): number | null {
  const rememberedAt = browser?.rememberedAt ?? null;
  if (rememberedAt === null) return null;
  const until = rememberedAt + policy.browsers.rememberSeconds * 1000;
  return until > now ? until : null;
}

/** A failure of a known browser counts for it alone. */
export function withBrowserFailure(state: AccountState, { id }: KnownBrowser): AccountState {
  return withBrowser(state, id, (browser) => ({ ...browser, failures: browser.failures + 1 }));
}

/** A known browser as the payer of its own mails: in any 24 hours, as many as an account has in an hour. */
export function browserPayer(browser: KnownBrowser, context: FlowContext): Payer {
  return { block: null, sentAt: browser.sentAt, nextMail: (sentAt) => nextBrowserMail(sentAt, context) };
}

/** The same state with another list of mails at a browser's expense. */
export function withBrowserMails(
  state: AccountState,
  { id, sentAt: before }: KnownBrowser,
  sentAt: readonly number[],
): AccountState {
  return sentAt === before ? state : withBrowser(state, id, (browser) => ({ ...browser, sentAt }));
}

/** Frees the places of a redeemed token's mails: those since its issue. */
export function withoutBrowserMailsSince(state: AccountState, issuedAt: number): AccountState {
  const isAffected = state.browsers.some(({ sentAt }) => (sentAt.at(-1) ?? -Infinity) >= issuedAt);
  if (!isAffected) return state;
  const browsers = state.browsers.map((browser) => ({
    ...browser,
    sentAt: browser.sentAt.filter((at) => at < issuedAt),
  }));
  return { ...state, browsers };
}

/** How a login is entered in the list of browsers. */
export interface BrowserLogin {
  /** The value that the browser sent. */
  readonly value: unknown;
  /** The value that it gets if that one is not known. */
  readonly fresh: FreshBrowser;
  /** Whether it may skip the second step from now on. */
  readonly remember: boolean;
}

/** A login that is entered, and the value of its cookie. */
export interface EnteredBrowser {
  readonly state: AccountState;
  readonly cookie: { readonly value: string; readonly expiresAt: number } | null;
}

/**
 * Makes the browser of a login a known one. A value that is not known is never adopted, since an attacker may have
 * planted it; one that has used up its failures is exchanged. The least recently used browser goes when there are too
 * many.
 */
export function enterBrowser(
  state: AccountState,
  { value, fresh, remember }: BrowserLogin,
  context: FlowContext,
): EnteredBrowser {
  const { max, knownSeconds, rememberSeconds } = context.policy.browsers;
  if (max === 0) return { state, cookie: null };
  const { now } = context;
  const found = findBrowser(state, value, context);
  const isKept = found !== null && found.failures < MAX_BROWSER_FAILURES;
  const base = isKept ? found : newBrowser(state, fresh, context);
  const isRemembered = remember && rememberSeconds > 0;
  const entered = { ...base, lastUsedAt: now, rememberedAt: isRemembered ? now : base.rememberedAt };
  const others = state.browsers.filter((browser) => browser !== found);
  const browsers = [...others, entered].sort((a, b) => a.lastUsedAt - b.lastUsedAt).slice(-max);
  const cookieValue = isKept ? String(value) : fresh.value;
  return {
    state: { ...state, browsers },
    cookie: { value: cookieValue, expiresAt: now + knownSeconds * 1000 },
  };
}

/** Makes browsers unknown: the one with this cookie or id, or all of them for undefined. */
export function forgetBrowser(state: AccountState, browser: unknown, context: FlowContext): AccountState {
  const found = findBrowser(state, browser, context)?.id ?? browser;
  const browsers = browser === undefined ? [] : state.browsers.filter(({ id }) => id !== found);
  return browsers.length === state.browsers.length ? state : { ...state, browsers };
}

/** 27 characters of base64url: 162 bits. */
export const BROWSER_VALUE_LENGTH = 27;
const VALUE_FORM = /^[\w-]{27}$/;
const DAY = 86_400_000;

function newBrowser(state: AccountState, { id, value }: FreshBrowser, context: FlowContext): KnownBrowser {
  const digest = browserDigest(state, value, context);
  return { id, digest, lastUsedAt: context.now, failures: 0, sentAt: [], rememberedAt: null };
}

function browserDigest(state: AccountState, value: string, { userId }: FlowContext): string {
  return saltedDigest(state, 'browser', [userId, value]);
}

function withBrowser(
  state: AccountState,
  id: string,
  change: (browser: KnownBrowser) => KnownBrowser,
): AccountState {
  return {
    ...state,
    browsers: state.browsers.map((browser) => (browser.id === id ? change(browser) : browser)),
  };
}

function nextBrowserMail(sentAt: readonly number[], { now, policy }: FlowContext): NextMail {
  const cooldown = (sentAt.at(-1) ?? -Infinity) + policy.resendAfterSeconds * 1000;
  const limit = (sentAt.at(-policy.sendsPerHour) ?? -Infinity) + DAY;
  return { retryAt: Math.max(cooldown, limit), reason: limit > now ? 'limit' : 'cooldown' };
}
