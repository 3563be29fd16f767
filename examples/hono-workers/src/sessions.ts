import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { LoginSession } from '../../framework-login/session.js';
import type { SessionChange } from '../../framework-login/visit.js';
import type { Query } from './tables.js';

/** Sessions in D1, for 30 minutes after the last step. Memory will not do: the next request may meet another isolate. */
export interface Sessions {
  read(c: Context): Promise<LoginSession | undefined>;
  /** Does to the session what an act asks for. */
  change(c: Context, change: SessionChange): Promise<void>;
}

/** Makes the sessions of a database. */
export function createSessions(query: Query, now: () => number): Sessions {
  return {
    read: async (c) => {
      const text = 'SELECT data FROM sessions WHERE id = ?1 AND expires_at > ?2';
      const [row] = await query<{ data: string }>(text, await idOf(c), now());
      return row && (JSON.parse(row.data) as LoginSession);
    },

    change: async (c, change) => {
      // A half-login stays: the second click of a double click still comes with its cookie.
      if (change.is === 'renewed')
        await query("DELETE FROM sessions WHERE id = ?1 AND data ->> 'step' = 'in'", await idOf(c));
      if (change.is === 'ended') {
        await query('DELETE FROM sessions WHERE id = ?1', await idOf(c));
        deleteCookie(c, NAME, { path: '/', secure: isSecure(c) });
        return;
      }
      const value = change.is === 'kept' ? (getCookie(c, NAME) ?? '') : freshValue();
      const text =
        'INSERT INTO sessions (id, data, expires_at) VALUES (?1, ?2, ?3) ' +
        'ON CONFLICT DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at';
      await query(text, await hashOf(value), JSON.stringify(change.session), now() + LIFETIME_SECONDS * 1000);
      setCookie(c, NAME, value, {
        ...{ path: '/', httpOnly: true, sameSite: 'Lax', maxAge: LIFETIME_SECONDS },
        secure: isSecure(c),
      });
    },
  };
}

/** False under `wrangler dev`, where browsers drop a Secure cookie; true wherever a Worker is deployed. */
export function isSecure(c: Context): boolean {
  return new URL(c.req.url).protocol === 'https:';
}

const NAME = 'session';
const LIFETIME_SECONDS = 30 * 60;

/** A hash: reading the table is not enough to take over a session. */
function idOf(c: Context): Promise<string> {
  return hashOf(getCookie(c, NAME) ?? '');
}

function freshValue(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function hashOf(value: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value));
  return base64url(new Uint8Array(digest));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
