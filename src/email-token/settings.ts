import { assertInteger, assertOptions, assertString, failType } from '../internal/asserts.js';
import { deriveKeyRing, type Key, type KeyRing } from '../internal/keys.js';
import type { Digits } from '../otp/parameters.js';
import type { Store } from '../store/store.js';
import type { OnEmailTokenEvent } from './events.js';
import { type MailMessage, type MessageInput, renderMessage } from './message.js';
import { type PolicyOptions, resolvePolicy, type TokenPolicy } from './policy.js';

/** A mail on its way to the application's mail service. */
export interface OutgoingMail {
  /** The address. */
  readonly to: string;
  /** The code, for who renders or sends it otherwise: never log it. */
  readonly code: string;
  /** The customer; the mail's subject line is `message.subject`. */
  readonly subject: string;
  readonly purpose: string;
  readonly expiresAt: Date;
  /** What to send. */
  readonly message: MailMessage;
}

/** Hands a mail to the mail service; must reject if it was not accepted. */
export type Send = (mail: OutgoingMail) => Promise<unknown>;

/** Writes the mail; see {@link EmailTokensOptions.render}. */
export type Render = (input: MessageInput) => MailMessage | Promise<MailMessage>;

/** Options of {@link createEmailTokens}. */
export interface EmailTokensOptions extends PolicyOptions {
  /** Where the state lives: one of the stores of this package, or your own. */
  readonly store: Store;
  /**
   * At least 32 random bytes each, or their base64url text. The first one writes, all of them read: put a new key
   * in front, and take the old one away when the last token made with it has expired.
   */
  readonly keys: Key | readonly Key[];
  /** Hands a mail to the mail service; must reject if it was not accepted. */
  readonly send: Send;
  /** The service's name in the mail; none by default. */
  readonly appName?: string | undefined;
  /** Digits of a code: 6 (the default), 7 or 8. */
  readonly digits?: Digits | undefined;
  /** When `send` counts as failed, in seconds: from 1 to 300; 30 by default. */
  readonly sendTimeoutSeconds?: number | undefined;
  /** Writes the mail in place of the message of this package. */
  readonly render?: Render | undefined;
  /** Takes every event; see {@link EmailTokenEvent}. */
  readonly onEvent?: OnEmailTokenEvent | undefined;
  /** The clock in ms since 1970; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
}

/** The options, asserted and with their defaults. */
export interface Settings {
  readonly store: Store;
  readonly ring: KeyRing;
  readonly policy: TokenPolicy;
  readonly digits: Digits;
  readonly appName: string | undefined;
  readonly send: Send;
  readonly sendTimeoutSeconds: number;
  readonly render: Render;
  readonly onEvent: OnEmailTokenEvent | undefined;
  readonly now: () => number;
}

/** Asserts the options and fills in the defaults. */
export function resolveSettings(options: EmailTokensOptions): Settings {
  assertOptions('options', options, optionNames);
  const { store, keys, send, appName, digits = 6, sendTimeoutSeconds = 30, onEvent } = options;
  const { render = renderMessage, now = Date.now } = options;
  assertStore(store);
  assertFunctions({ send, render, now });
  if (onEvent !== undefined) assertFunctions({ onEvent });
  if (appName !== undefined) assertString('appName', appName);
  assertInteger('digits', digits, 6, 8);
  assertInteger('sendTimeoutSeconds', sendTimeoutSeconds, 1, 300);
  const ring = deriveKeyRing(keys, 'email-token');
  return {
    store,
    ring,
    policy: resolvePolicy(options),
    digits,
    appName,
    send,
    sendTimeoutSeconds,
    render,
    onEvent,
    now,
  };
}

const optionNames = [
  'store',
  'keys',
  'send',
  'appName',
  'digits',
  'ttlSeconds',
  'maxAttempts',
  'resendAfterSeconds',
  'limits',
  'sendTimeoutSeconds',
  'render',
  'onEvent',
  'now',
];

function assertStore(store: unknown): asserts store is Store {
  const { read, write } = (store ?? {}) as Partial<Store>;
  if (typeof read !== 'function' || typeof write !== 'function') {
    failType('store', 'a store with read and write', store);
  }
}

/** Asserts that each value is a function, which its key names. */
export function assertFunctions(functions: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(functions)) {
    if (typeof value !== 'function') failType(name, 'a function', value);
  }
}
