import { formatLetters, LETTERS, LETTERS_LENGTH } from '../email-token/challenge.js';
import type { TokenPolicy } from '../email-token/policy.js';
import {
  asOfNow,
  emptyTokenState,
  revokeTokens,
  type TokenContext,
  tokensExpireAt,
  type TokenState,
  withoutExpired,
} from '../email-token/token-state.js';
import { macTexts, toBase64Url, utf8 } from '../internal/bytes.js';
import { randomLetters } from '../internal/random.js';
import { notAfter } from '../internal/throttle.js';
import type { Algorithm, Digits } from '../otp/parameters.js';
import type { TotpWindow } from '../otp/totp.js';
import type { Fallback } from './flow-requests.js';

/** An authenticator app that is a factor. Instants are in ms. */
export interface ActiveApp {
  readonly id: string;
  readonly name: string;
  /** The secret, encrypted under a key that is not in the store. */
  readonly sealed: string;
  readonly algorithm: Algorithm;
  readonly digits: Digits;
  readonly period: number;
  /** The newest time step that was accepted; only later ones will be. -1 for none yet. */
  readonly lastTimeStep: number;
  /** How many steps the app's clock was ahead at the last success. */
  readonly drift: number;
  readonly activatedAt: number;
  readonly lastUsedAt: number | null;
}

/** A secret that was shown and is not confirmed: it lets nobody in. */
export interface PendingApp {
  readonly name: string;
  readonly sealed: string;
  readonly expiresAt: number;
}

/** The salted digests of one set of recovery codes. */
export interface RecoveryCodes {
  readonly left: readonly string[];
  /** Kept so that a code sent twice can be told from a wrong one. */
  readonly used: readonly string[];
}

/** A browser that has completed a login. */
export interface KnownBrowser {
  readonly id: string;
  /** The salted digest of its cookie's value. */
  readonly digest: string;
  readonly lastUsedAt: number;
  /** Failures in its life. */
  readonly failures: number;
  /** When mails were sent at its expense, oldest first. */
  readonly sentAt: readonly number[];
  /** When it was last remembered. */
  readonly rememberedAt: number | null;
}

/** Everything that is known about a customer's second factor, in one record with one failure budget. */
export interface AccountState extends TokenState {
  readonly apps: readonly ActiveApp[];
  /** Oldest first. */
  readonly pending: readonly PendingApp[];
  readonly recovery: RecoveryCodes;
  readonly browsers: readonly KnownBrowser[];
  /** 128 random bits that salt the digests of recovery codes and browsers. */
  readonly salt: string;
  /** When the customer removed the last app. It tells such an account from one whose record was lost. */
  readonly deactivatedAt: number | null;
}

/** How many browsers are known, and for how long. */
export interface BrowserPolicy {
  readonly max: number;
  readonly knownSeconds: number;
  readonly rememberSeconds: number;
}

/** The policy that the flow's transitions follow. */
export interface FlowPolicy extends TokenPolicy {
  readonly fallback: Fallback;
  readonly maxApps: number;
  readonly window: TotpWindow;
  readonly mailDigits: Digits;
  readonly browsers: BrowserPolicy;
}

/** The context of every transition of the flow. */
export interface FlowContext extends TokenContext {
  readonly policy: FlowPolicy;
  readonly userId: string;
}

/** The state of a customer without a record. */
export function emptyAccount(salt: string): AccountState {
  return {
    ...emptyTokenState,
    apps: [],
    pending: [],
    recovery: noRecoveryCodes,
    browsers: [],
    salt,
    deactivatedAt: null,
  };
}

/** No set of recovery codes. */
export const noRecoveryCodes: RecoveryCodes = { left: [], used: [] };

/** How many pending secrets can be confirmed. */
export const MAX_PENDING = 3;
/** Ten steps are five minutes: a clock further off is set wrong, and is not followed. */
export const MAX_DRIFT = 10;
/** The failures that a browser may have in its life: 8 x 6 + 50 stays below the 100 of NIST SP 800-63B-4 section 3.2.2. */
export const MAX_BROWSER_FAILURES = 6;

/**
 * HMAC-SHA-256 under the record's random salt. What is digested has 112 bits and more, so there is nothing to grind and
 * no key to rotate or lose (NIST SP 800-63B-4 section 3.1.2.2).
 */
export function saltedDigest(
  { salt }: AccountState,
  use: 'recovery' | 'browser',
  texts: readonly string[],
): string {
  return toBase64Url(macTexts(utf8(salt), [use, ...texts]));
}

/**
 * What every change of a factor brings with it: earlier challenges are void, no mail from before can be a second factor
 * beside the app, and no browser is remembered.
 */
export function afterFactorChange(state: AccountState, context: FlowContext): AccountState {
  const revoked = revokeTokens(state, context);
  const browsers = revoked.browsers.map((browser) => ({ ...browser, rememberedAt: null }));
  return { ...revoked, browsers };
}

/** A state as it counts now; the same object if there is nothing to change. */
export function accountAsOfNow(before: AccountState, context: FlowContext): AccountState {
  const state = asOfNow(before, context);
  const { now } = context;
  const isAhead = ({ lastUsedAt, rememberedAt, sentAt }: KnownBrowser): boolean =>
    Math.max(lastUsedAt, rememberedAt ?? 0, sentAt.at(-1) ?? 0) > now;
  const isLong = ({ expiresAt }: PendingApp): boolean => expiresAt > now + PENDING_MS;
  if (!state.browsers.some(isAhead) && !state.pending.some(isLong)) return state;
  return {
    ...state,
    browsers: state.browsers.map((browser) => (isAhead(browser) ? browserAsOfNow(browser, now) : browser)),
    pending: state.pending.map((each) => ({
      ...each,
      expiresAt: Math.min(each.expiresAt, now + PENDING_MS),
    })),
  };
}

/** A state as it is written: without what has expired. */
export function accountWithoutExpired(before: AccountState, context: FlowContext): AccountState {
  const state = withoutExpired(before, context);
  const { now, policy } = context;
  const isKnown = ({ lastUsedAt }: KnownBrowser): boolean =>
    lastUsedAt + policy.browsers.knownSeconds * 1000 > now;
  return {
    ...state,
    pending: state.pending.filter(({ expiresAt }) => expiresAt + DAY > now),
    browsers: state.browsers.filter(isKnown).map((browser) => ({
      ...browser,
      sentAt: browser.sentAt.filter((at) => at > now - DAY),
    })),
  };
}

/**
 * When nothing in a state matters any more, in ms: never while an app is active, and never after one was, so that a
 * lost record can be told from a factor that was removed. A pending secret outlives its expiry by a day, so that the
 * answer can say that it expired.
 */
export function accountExpiresAt(state: AccountState, policy: FlowPolicy): number {
  if (state.apps.length > 0 || state.deactivatedAt !== null) return Infinity;
  const { knownSeconds } = policy.browsers;
  return Math.max(
    tokensExpireAt(state, policy),
    ...state.pending.map(({ expiresAt }) => expiresAt + DAY),
    ...state.browsers.map(({ lastUsedAt }) => lastUsedAt + knownSeconds * 1000),
  );
}

/** How long a secret can be confirmed. */
export const PENDING_MS = 600_000;
const DAY = 86_400_000;

function browserAsOfNow(browser: KnownBrowser, now: number): KnownBrowser {
  const { lastUsedAt, rememberedAt, sentAt } = browser;
  return {
    ...browser,
    lastUsedAt: Math.min(lastUsedAt, now),
    rememberedAt: rememberedAt === null ? null : Math.min(rememberedAt, now),
    sentAt: notAfter(sentAt, now),
  };
}

/** Makes ten recovery codes of 114 bits, as they are shown: five groups of five letters and digits. */
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
 * Judges 25 characters as a recovery code. With more than 112 bits there is nothing to guess, so nothing waits and nothing
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
