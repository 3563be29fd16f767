import { assertInteger, failType, failValue, readOptions } from '../internal/asserts.js';
import { type Cipher, deriveCipher } from '../internal/cipher.js';
import { toOneLine } from '../internal/characters.js';
import { type Keys, readKeys } from '../internal/keys.js';
import { failLooser, isLoosened, type PolicyOptions } from '../email-token/policy.js';
import {
  type MailOptions,
  readObserver,
  resolveTokenSettings,
  type Send,
  sharedOptionNames,
  type TokenSettings,
} from '../email-token/settings.js';
import { type Tickets, ticketsOf } from '../email-token/challenge.js';
import { assertLabel } from '../otp/otpauth-uri.js';
import { defaultWindow, readWindow } from '../otp/totp.js';
import type { Store } from '../store/store.js';
import type { BrowserPolicy, FlowPolicy } from './account.js';
import type { OnTwoFactorEvent } from './flow-results.js';
import type { Fallback } from './flow-requests.js';

/** Options for known and remembered browsers. */
export interface BrowserOptions {
  /** How many browsers of a customer are known: an integer from 0 to 8; 8 by default. With 0, no cookie is made. */
  readonly max?: number | undefined;
  /** How long a browser stays known after its last use, in seconds: from a day to 366 days; 180 days by default. */
  readonly knownSeconds?: number | undefined;
  /**
   * How long a remembered browser may skip the second step, in seconds: from 0, which is the default and means never,
   * to 90 days.
   */
  readonly rememberSeconds?: number | undefined;
}

/**
 * The options of the flow's policy: {@link explainPolicy} takes these, and ignores the flow's other options.
 */
export interface FlowPolicyOptions extends PolicyOptions {
  /** The factor while no app is active: `'email'` (the default) or `'none'`, where the password alone is enough. */
  readonly fallback?: Fallback | undefined;
  /** How many apps a customer may have: an integer from 1, which is the default, to 5. */
  readonly maxApps?: number | undefined;
  /** Known and remembered browsers; see {@link BrowserOptions}. */
  readonly browsers?: BrowserOptions | undefined;
}

/** Options of {@link createTwoFactor}. Mails and apps share the failure budget of `limits`. */
export interface TwoFactorOptions extends FlowPolicyOptions, MailOptions {
  /** Where the state lives: one of the stores of this package, or your own. */
  readonly store: Store;
  /**
   * At least 32 random bytes each, or their base64 or base64url text. The first one writes, and all of them read. An
   * app that has not been used since a new key came still needs the old one: see {@link retired}.
   */
  readonly keys: Keys;
  /** The service's name in the authenticator app: at most 200 characters, no colon. */
  readonly issuer: string;
  /** Hands a mail to the mail service; must reject if it was not accepted. Required with the fallback `'email'`. */
  readonly send?: Send | undefined;
  /** The service's name in the mail; `issuer` by default. */
  readonly appName?: string | undefined;
  /** Receives every event; see {@link TwoFactorEvent}. */
  readonly onEvent?: OnTwoFactorEvent | undefined;
  /** The clock in ms since 1970; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
}

/** The options of the flow, asserted and with their defaults. */
export interface FlowSettings {
  /** Store, clock, mailer, and the codes and challenges made from the keys. */
  readonly tokens: TokenSettings;
  readonly policy: FlowPolicy;
  /** Seals the secrets of apps. */
  readonly cipher: Cipher;
  /** Tickets that stand for a recovery code. */
  readonly proofs: Tickets;
  readonly issuer: string;
  readonly onEvent: OnTwoFactorEvent | undefined;
}

/** Asserts the options of {@link createTwoFactor} and fills in the defaults. */
export function resolveFlowSettings(options: TwoFactorOptions): FlowSettings {
  const own = readOptions<TwoFactorOptions>('options', options, optionNames());
  const { issuer, fallback = 'email', appName = issuer } = own;
  assertFallback(fallback);
  assertLabel({ issuer, account: 'any' });
  const keys = readKeys(own.keys);
  const send = own.send ?? sendNothing(fallback);
  const tokens = resolveTokenSettings(own, { keys, ticketKind: 'challenge', appName, send });
  return {
    tokens,
    policy: { ...tokens.policy, ...resolveFlowPolicy(own), mailDigits: tokens.digits },
    cipher: deriveCipher(keys, 'two-factor secrets'),
    proofs: ticketsOf(keys, 'proof'),
    issuer,
    onEvent: readObserver(own.onEvent),
  };
}

/** Asserts the options that only the flow's policy has. */
export function resolveFlowPolicy(
  own: FlowPolicyOptions,
): Pick<FlowPolicy, 'fallback' | 'maxApps' | 'window' | 'browsers'> {
  const { fallback = 'email', maxApps = 1, browsers = {}, limits } = own;
  assertFallback(fallback);
  assertInteger('maxApps', maxApps, 1, 5);
  const { past, future } = own.window === undefined ? defaultWindow : readWindow(own.window);
  const isLooser = past > defaultWindow.past || future > defaultWindow.future;
  if (isLooser && !isLoosened(limits)) failLooser('window', 'one step each way');
  return { fallback, maxApps, window: { past, future }, browsers: resolveBrowsers(browsers) };
}

/** Makes one line of at most 100 characters of the name that a customer typed for an app; a default of anything else. */
export function readAppName(name: unknown): string {
  const line = typeof name === 'string' ? toOneLine(name).trim() : '';
  // A cut may go through a pair of surrogates.
  const cut = line.slice(0, MAX_APP_NAME).replace(/[\ud800-\udbff]$/, '');
  return cut === '' ? 'Authenticator app' : cut;
}

const MAX_APP_NAME = 100;
const DAY_SECONDS = 86_400;

function optionNames(): string[] {
  return [...sharedOptionNames, 'issuer', 'fallback', 'maxApps', 'browsers'];
}

function resolveBrowsers(options: BrowserOptions): BrowserPolicy {
  const own = readOptions<BrowserOptions>('browsers', options, ['max', 'knownSeconds', 'rememberSeconds']);
  const { max = 8, knownSeconds = 180 * DAY_SECONDS, rememberSeconds = 0 } = own;
  assertInteger('browsers.max', max, 0, 8);
  assertInteger('browsers.knownSeconds', knownSeconds, DAY_SECONDS, 366 * DAY_SECONDS);
  assertInteger('browsers.rememberSeconds', rememberSeconds, 0, 90 * DAY_SECONDS);
  if (max === 0 && rememberSeconds > 0)
    failValue(
      'browsers.rememberSeconds',
      '0 where browsers.max is 0: no browser is known, so none can be remembered',
    );
  return { max, knownSeconds, rememberSeconds };
}

/** Without a mail factor there is nothing to send. */
function sendNothing(fallback: Fallback): Send {
  if (fallback === 'email')
    failType('send', "a function that hands a mail over, unless fallback is 'none'", undefined);
  return () => Promise.reject(new Error('there is no send'));
}

function assertFallback(value: unknown): asserts value is Fallback {
  if (value !== 'email' && value !== 'none') failValue('fallback', "'email' or 'none'");
}
