import type { D1Client } from 'countersign/d1';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

/** What the server remembers of a browser. */
export interface Session {
  /** A login whose password was right. It opens nothing. */
  readonly pending?: { readonly userId: string; readonly challenge?: string; readonly sentTo?: string };
  /** The customer who has passed both steps. */
  readonly userId?: string;
}

/** Sessions in D1, for 30 minutes after the last step. Memory will not do: the next request may meet another isolate. */
export interface Sessions {
  read(c: Context): Promise<Session>;
  /** Puts a session in place of the one there was, under a fresh id: a cookie from before this step opens nothing. */
  renew(c: Context, session: Session): Promise<void>;
  end(c: Context): Promise<void>;
}

/** Makes the sessions of a database. */
export function createSessions(database: D1Client, now: () => number): Sessions {
  const run = (text: string, ...params: (string | number)[]) =>
    database
      .prepare(text)
      .bind(...params)
      .all();
  const forget = async (c: Context): Promise<void> => {
    await run('DELETE FROM sessions WHERE id = ?1', await idOf(c));
  };
  return {
    async read(c) {
      const text = 'SELECT data FROM sessions WHERE id = ?1 AND expires_at > ?2';
      const [row] = (await run(text, await idOf(c), now())).results as { data: string }[];
      return row === undefined ? {} : (JSON.parse(row.data) as Session);
    },
    async renew(c, session) {
      await forget(c);
      const value = base64url(crypto.getRandomValues(new Uint8Array(32)));
      const text = 'INSERT INTO sessions (id, data, expires_at) VALUES (?1, ?2, ?3)';
      await run(text, await hashOf(value), JSON.stringify(session), now() + LIFETIME_SECONDS * 1000);
      setCookie(c, NAME, value, {
        ...{ path: '/', httpOnly: true, sameSite: 'Lax', maxAge: LIFETIME_SECONDS },
        secure: isSecure(c),
      });
    },
    async end(c) {
      await forget(c);
      deleteCookie(c, NAME, { path: '/', secure: isSecure(c) });
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
