import { createTwoFactor, type Store, type TwoFactor, type TwoFactorEvent } from 'countersign';
import type { Context } from 'hono';
import { type Cookies, createCookies } from './cookies.js';
import { createCustomerNotebook, type CustomerNotebook } from './data/customer-notes.js';
import { checkPassword } from './data/customers.js';
import { createPasswordLimit, type PasswordLimit } from './data/password-limit.js';
import { createPasswordQueue } from './data/password-queue.js';
import { createSecurityEvents, type SecurityEvents } from './data/security-events.js';
import { createSessions, type Sessions } from './data/sessions.js';
import type { Deliver } from './mail/deliver.js';
import { createNotices } from './mail/notices.js';
import type { Outbox } from './mail/outbox.js';
import { en } from './words/en.js';

export interface ServiceOptions {
  readonly store: Store;
  readonly keys: readonly string[];
  readonly deliver: Deliver;
  /** Shown to everybody: only where no real customer's mail is in it. */
  readonly outbox: Outbox | null;
  /** Where browsers find the app, if a proxy in front makes that another address, such as `https://panel.example`. */
  readonly origin?: string | undefined;
  readonly now?: (() => number) | undefined;
  readonly checkPassword?: typeof checkPassword;
  /** The network address that a request comes from. */
  readonly addressOf?: (c: Context) => string;
}

/** What the pages work with. */
export interface Services {
  readonly twoFactor: TwoFactor;
  readonly sessions: Sessions;
  readonly notebook: CustomerNotebook;
  readonly cookies: Cookies;
  readonly events: SecurityEvents;
  readonly outbox: Outbox | null;
  readonly passwordLimit: PasswordLimit;
  readonly checkPassword: typeof checkPassword;
  readonly addressOf: (c: Context) => string;
  readonly now: () => number;
}

/** Puts the second factor, the sessions and the log on one store. */
export function createServices(options: ServiceOptions): Services {
  const { store, keys, deliver, outbox, origin, now = Date.now } = options;
  const check = options.checkPassword ?? checkPassword;
  const queue = createPasswordQueue();
  const notebook = createCustomerNotebook(store);
  const events = createSecurityEvents(store);
  const sendNotice = createNotices(deliver, notebook, en.service);
  const onEvent = (event: TwoFactorEvent): void => {
    events.add(event);
    sendNotice(event).catch((error: unknown) => {
      console.error('a notice was not sent:', error);
    });
  };
  const twoFactor = createTwoFactor({
    store,
    keys,
    issuer: en.service,
    send: ({ to, message }) => deliver({ to, ...message }),
    maxApps: MAX_APPS,
    browsers: { rememberSeconds: 30 * 86_400 },
    onEvent,
    now,
  });
  const cookies = createCookies(origin?.startsWith('https:') ?? false);
  return {
    ...{ twoFactor, notebook, cookies, events, outbox, now },
    addressOf: options.addressOf ?? (() => 'unknown'),
    sessions: createSessions({ store, cookies, notebook, now }),
    passwordLimit: createPasswordLimit(now),
    checkPassword: (number, password) => queue(() => check(number, password)),
  };
}

/** An old phone beside a new one, and one to spare. */
export const MAX_APPS = 3;
