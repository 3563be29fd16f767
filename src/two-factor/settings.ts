import type { PolicyOptions } from '../email-token/policy.js';
import {
  assertFunctions,
  type Render,
  resolveSettings,
  type Send,
  type Settings,
} from '../email-token/settings.js';
import { assertOptions, failType } from '../internal/asserts.js';
import { type Cipher, deriveCipher } from '../internal/cipher.js';
import type { Key } from '../internal/keys.js';
import { assertLabel } from '../otp/format-otpauth-uri.js';
import { defaultWindow, readWindow, type TotpWindow } from '../otp/totp.js';
import type { Store } from '../store/store.js';
import type { Fallback } from './account.js';
import type { OnTwoFactorEvent } from './events.js';

/** Options of {@link createTwoFactor}. The failure budget of `limits` is one for mails, the app and recovery codes. */
export interface TwoFactorOptions extends PolicyOptions {
  /** Where the state lives: one of the stores of this package, or your own. */
  readonly store: Store;
  /**
   * At least 32 random bytes each, or their base64url text. The first one writes, all of them read. An old one that is
   * taken away takes the apps along that have not been used since the new one came, and their recovery codes.
   */
  readonly keys: Key | readonly Key[];
  /** The service's name in the authenticator app: no colon. */
  readonly issuer: string;
  /** Hands a mail to the mail service; must reject if it was not accepted. Required with the fallback `'email'`. */
  readonly send?: Send | undefined;
  /** The factor while no app is active: `'email'` (the default) or `'none'`, which lets in with the password alone. */
  readonly fallback?: Fallback | undefined;
  /** The service's name in the mail; `issuer` by default. */
  readonly appName?: string | undefined;
  /** When `send` counts as failed, in seconds: from 1 to 300; 30 by default. */
  readonly sendTimeoutSeconds?: number | undefined;
  /** Writes the mail in place of the message of this package. */
  readonly render?: Render | undefined;
  /** Time steps of the app accepted around the expected one; one each way by default. */
  readonly window?: TotpWindow | undefined;
  /** Takes every event; see {@link TwoFactorEvent}. */
  readonly onEvent?: OnTwoFactorEvent | undefined;
  /** The clock in ms since 1970; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
}

/** The options, asserted and with their defaults. */
export interface TwoFactorSettings {
  /** Store, clock, policy, and all that makes a mail. */
  readonly mail: Settings;
  readonly cipher: Cipher;
  readonly issuer: string;
  readonly fallback: Fallback;
  readonly window: TotpWindow;
  readonly onEvent: OnTwoFactorEvent | undefined;
}

/** Asserts the options and fills in the defaults. */
export function resolveTwoFactorSettings(options: TwoFactorOptions): TwoFactorSettings {
  assertOptions('options', options, optionNames);
  const { issuer, fallback = 'email', window = defaultWindow, onEvent } = options;
  assertFallback(fallback);
  assertLabel({ issuer, account: 'any' });
  if (onEvent !== undefined) assertFunctions({ onEvent });
  return {
    mail: resolveMail(options, fallback),
    cipher: deriveCipher(options.keys, 'two-factor secrets'),
    issuer,
    fallback,
    window: readWindow(window),
    onEvent,
  };
}

const optionNames = [
  'store',
  'keys',
  'issuer',
  'send',
  'fallback',
  'appName',
  'ttlSeconds',
  'maxAttempts',
  'resendAfterSeconds',
  'limits',
  'sendTimeoutSeconds',
  'render',
  'window',
  'onEvent',
  'now',
];

function resolveMail(options: TwoFactorOptions, fallback: Fallback): Settings {
  const { store, keys, issuer, appName = issuer, sendTimeoutSeconds, render, now } = options;
  const { ttlSeconds, maxAttempts, resendAfterSeconds, limits } = options;
  const policy = { ttlSeconds, maxAttempts, resendAfterSeconds, limits };
  const send = options.send ?? sendNothing(fallback);
  return resolveSettings({ store, keys, send, appName, sendTimeoutSeconds, render, now, ...policy });
}

/** Without a mail factor there is nothing to send. */
function sendNothing(fallback: Fallback): Send {
  if (fallback === 'email') failType('send', "a function, unless fallback is 'none'", undefined);
  return () => Promise.reject(new Error('there is no send'));
}

function assertFallback(value: unknown): asserts value is Fallback {
  if (value !== 'email' && value !== 'none') failType('fallback', "'email' or 'none'", value);
}
