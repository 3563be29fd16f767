import {
  assertFunction,
  assertInteger,
  assertString,
  type Clock,
  failType,
  readClock,
  readOptions,
} from '../internal/asserts.js';
import { type Keys, type KeySet, readKeys } from '../internal/keys.js';
import type { Digits } from '../otp/parameters.js';
import type { Store } from '../store/store.js';
import { type MailedCodes, mailedCodes, type TicketKind, type Tickets, ticketsOf } from './challenge.js';
import type { OnEmailTokenEvent } from './contract.js';
import {
  type MailLanguages,
  type MailMessage,
  type MessageInput,
  readLanguages,
  renderMessage,
} from './message.js';
import { type PolicyOptions, resolvePolicy, type SendTimeout, type TokenPolicy } from './policy.js';

/** A mail on its way to the application's mail service. */
export interface OutgoingMail {
  /** The address. */
  readonly to: string;
  /** The code, for callers that render or send the mail themselves: never log it. */
  readonly code: string;
  /** Present if the code has 25 letters and digits. */
  readonly long?: true;
  /** The customer; the mail's subject line is `message.subject`. */
  readonly subject: string;
  /** What the code is for. */
  readonly purpose: string;
  /** When the code expires. */
  readonly expiresAt: Date;
  /** What to send. */
  readonly message: MailMessage;
  /** What the application passed as `context`; missing where it passed none. */
  readonly context?: unknown;
}

/** Hands a mail to the mail service; must reject if it was not accepted. */
export type Send = (mail: OutgoingMail) => Promise<unknown>;

/** Writes the mail; see {@link MailOptions.render}. */
export type Render = (input: MessageInput) => MailMessage | Promise<MailMessage>;

/** Options that shape the mails. */
export interface MailOptions extends SendTimeout {
  /** The service's name in the mail; none by default. */
  readonly appName?: string | undefined;
  /** Digits of a mailed code: 6 (the default), 7 or 8. */
  readonly digits?: Digits | undefined;
  /** Languages beside or in place of English and German, by their primary subtag: `{ fr }`. */
  readonly languages?: MailLanguages | undefined;
  /** Writes the mail in place of `renderMessage`. It runs before anything is written. */
  readonly render?: Render | undefined;
}

/** Options of {@link createEmailTokens}. */
export interface EmailTokensOptions extends PolicyOptions, MailOptions {
  /** Where the state lives: one of the stores of this package, or your own. */
  readonly store: Store;
  /**
   * At least 32 random bytes each, or their base64 or base64url text. The first one writes, and all of them read: put a
   * new key in front, and remove the old one a day later, when the last token made with it has expired.
   */
  readonly keys: Keys;
  /** Hands a mail to the mail service; must reject if it was not accepted. */
  readonly send: Send;
  /** Receives every event; see {@link EmailTokenEvent}. */
  readonly onEvent?: OnEmailTokenEvent | undefined;
  /** The clock in ms since 1970; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
}

/** Everything that makes and sends a mail. */
export interface Mailer {
  readonly appName: string | undefined;
  readonly languages: MailLanguages;
  readonly render: Render;
  readonly send: Send;
}

/** Where the state is kept, and what decides about it. */
export interface TokenSettings {
  readonly store: Store;
  readonly now: Clock;
  readonly policy: TokenPolicy;
  readonly digits: Digits;
  readonly codesOf: (subject: string) => MailedCodes;
  readonly challenges: Tickets;
  readonly mailer: Mailer;
}

/** The options of email tokens, asserted and with their defaults. */
export interface EmailTokenSettings extends TokenSettings {
  readonly onEvent: OnEmailTokenEvent | undefined;
}

/** Options that email tokens and the two-factor flow share. */
export type SharedOptions = Omit<EmailTokensOptions, 'onEvent'>;

/** Their names. */
export const sharedOptionNames: readonly string[] = [
  'store',
  'keys',
  'send',
  'appName',
  'digits',
  'ttlSeconds',
  'maxAttempts',
  'resendAfterSeconds',
  'limits',
  'window',
  'languages',
  'sendTimeoutSeconds',
  'render',
  'onEvent',
  'now',
];

/** Asserts the options of {@link createEmailTokens} and fills in the defaults. */
export function resolveEmailTokenSettings(options: EmailTokensOptions): EmailTokenSettings {
  const own = readOptions('options', options, sharedOptionNames);
  const { appName, send, onEvent } = own;
  const keys = readKeys(own.keys);
  const tokens = resolveTokenSettings(own, { keys, ticketKind: 'token', appName, send });
  return { ...tokens, onEvent: readObserver(onEvent) };
}

/** The options that email tokens and the flow resolve differently. */
export interface ResolvedOptions {
  readonly keys: KeySet;
  /** A challenge of one kind is worthless to the other. */
  readonly ticketKind: TicketKind;
  readonly appName: string | undefined;
  readonly send: Send;
}

/** Asserts the options that email tokens and the flow share. They must be a copy of own properties. */
export function resolveTokenSettings(
  own: Omit<SharedOptions, 'send' | 'keys'>,
  { keys, ticketKind, appName, send }: ResolvedOptions,
): TokenSettings {
  const { store, digits = 6, languages = {}, render = renderMessage, now = Date.now } = own;
  assertStore(store);
  assertFunction('send', send);
  assertFunction('render', render);
  if (appName !== undefined) assertString('appName', appName);
  assertInteger('digits', digits, 6, 8);
  return {
    store,
    now: readClock('now', now),
    policy: resolvePolicy(own),
    digits,
    codesOf: mailedCodes(keys, digits),
    challenges: ticketsOf(keys, ticketKind),
    mailer: { appName, languages: readLanguages(languages), render, send },
  };
}

/** Asserts the `onEvent` option. */
export function readObserver<Observer>(onEvent: Observer | undefined): Observer | undefined {
  if (onEvent !== undefined) assertFunction('onEvent', onEvent);
  return onEvent;
}

function assertStore(store: unknown): asserts store is Store {
  const { read, write } = (store ?? {}) as Partial<Store>;
  if (typeof read !== 'function' || typeof write !== 'function') {
    failType('store', 'a store with read and write, such as memoryStore() or postgresStore(pool)', store);
  }
}
