import type { Store } from 'countersign';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import { documents } from './documents.js';

/** A mail on its way, as the second step shows it. Instants are in ms. */
export interface SentMail {
  readonly sentTo: string;
  readonly expiresAt: number;
  readonly resendAt: number;
}

/** Why there is no new mail. */
export interface Hindrance {
  readonly reason: 'cooldown' | 'limit' | 'locked' | 'lost' | 'send-failed';
  readonly retryAt: number;
}

/** Half a login: the password was right. It opens the second step and nothing else. */
export interface Pending {
  readonly stage: 'pending';
  readonly customerNumber: string;
  /** Says that the password was right; null as long as there is no way to go on. */
  readonly challenge: string | null;
  readonly mail: SentMail | null;
  readonly hindrance: Hindrance | null;
}

/** A login: both steps were passed. */
export interface LoggedIn {
  readonly stage: 'logged-in';
  readonly customerNumber: string;
}

export type Session = Pending | LoggedIn;

export interface Sessions {
  current(c: Context): Promise<Session | null>;
  /** Begins a session under a new id, so that an id from before a step is worth nothing after it. */
  begin(c: Context, session: Session): Promise<void>;
  end(c: Context): Promise<void>;
}

/** Sessions on the server, named by a cookie. At rest is a hash of the id, so a leaked table lets nobody in. */
export function createSessions(store: Store, now: () => number, secure: boolean): Sessions {
  const kept = documents<Session>(store, 'session');
  const cookie: CookieOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    ...(secure && { prefix: 'host' }),
  };
  const idOf = (c: Context): string | undefined => getCookie(c, NAME, cookie.prefix);
  const forget = async (id: string | undefined): Promise<void> => {
    if (id !== undefined) await kept.update(await hashed(id), () => null);
  };
  return {
    async current(c) {
      const id = idOf(c);
      return id === undefined ? null : kept.read(await hashed(id));
    },
    async begin(c, session) {
      await forget(idOf(c));
      const id = `${crypto.randomUUID()}${crypto.randomUUID()}`;
      await kept.update(await hashed(id), () => session, new Date(now() + LIFE_MS[session.stage]));
      setCookie(c, NAME, id, cookie);
    },
    async end(c) {
      await forget(idOf(c));
      deleteCookie(c, NAME, cookie);
    },
  };
}

const NAME = 'session';
const LIFE_MS = { pending: 30 * 60_000, 'logged-in': 8 * 3_600_000 };

async function hashed(id: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(id)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
