import { createTwoFactor, type Store, type TwoFactor, type TwoFactorEvent } from 'countersign';
import { type Deliver, sendNotice } from './mail.js';
import { SERVICE } from './pages/layout.js';
import { createSecurityEvents, type SecurityEvents } from './security-events.js';
import { createSessions, type Sessions } from './sessions.js';

export interface ServiceOptions {
  readonly store: Store;
  readonly keys: readonly string[];
  readonly deliver: Deliver;
  /** Where browsers find the app, if a proxy in front makes that another address, such as `https://panel.example`. */
  readonly origin?: string | undefined;
  readonly now?: (() => number) | undefined;
}

/** What the routes work with. */
export interface Services {
  readonly twoFactor: TwoFactor;
  readonly sessions: Sessions;
  readonly events: SecurityEvents;
  readonly hasOutbox: boolean;
  readonly now: () => number;
}

/** Puts the second factor, the sessions and the log on one store. */
export function createServices(
  { store, keys, deliver, origin, now = Date.now }: ServiceOptions,
  hasOutbox: boolean,
): Services {
  const events = createSecurityEvents(store);
  const onEvent = (event: TwoFactorEvent): void => {
    events.add(event);
    sendNotice(deliver, event, SERVICE).catch((error: unknown) => {
      console.error('a notice was not sent:', error);
    });
  };
  const twoFactor = createTwoFactor({
    store,
    keys,
    issuer: SERVICE,
    send: ({ to, message }) => deliver({ to, ...message }),
    onEvent,
    now,
  });
  const sessions = createSessions(store, now, origin?.startsWith('https:') ?? false);
  return { twoFactor, sessions, events, hasOutbox, now };
}
