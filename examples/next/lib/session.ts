import { createHash, randomBytes } from 'node:crypto';
import { cookies } from 'next/headers';

/** What the server remembers of a browser. */
export interface Session {
  /** A login whose password was right. It opens nothing. */
  readonly pending?: { readonly userId: string; readonly challenge?: string; readonly sentTo?: string };
  /** The customer who has passed both steps, and when. */
  readonly userId?: string;
  readonly completedAt?: number;
  /** What the activation page shows, for as long as it can be confirmed. */
  readonly activation?: { readonly uri: string; readonly secret: string };
  /** What the page after an activation shows. */
  readonly recoveryCodes?: readonly string[];
}

declare global {
  var exampleSessions: Map<string, { session: Session; expiresAt: number }> | undefined;
}

/** In memory, for the example. Keep yours in the database, or in a sealed cookie. */
const sessions = (globalThis.exampleSessions ??= new Map());

const NAME = 'session';
const LIFETIME_SECONDS = 30 * 60;
const isProduction = process.env.NODE_ENV === 'production';

/** How every cookie is set. Browsers take a Secure cookie from http://localhost as well. */
export const cookieSettings = { path: '/', httpOnly: true, sameSite: 'lax', secure: isProduction } as const;

/** Reads the session; an empty one if there is none. */
export async function readSession(): Promise<Session> {
  const entry = sessions.get(hashOf((await cookies()).get(NAME)?.value ?? ''));
  return entry === undefined || entry.expiresAt < Date.now() ? {} : entry.session;
}

/** Puts a session in place of the one there was, under a fresh id: a cookie from before this step opens nothing. */
export async function renewSession(session: Session): Promise<void> {
  await endSession();
  const value = randomBytes(32).toString('base64url');
  sessions.set(hashOf(value), { session, expiresAt: Date.now() + LIFETIME_SECONDS * 1000 });
  (await cookies()).set(NAME, value, { ...cookieSettings, maxAge: LIFETIME_SECONDS });
}

/** Ends the session. */
export async function endSession(): Promise<void> {
  const jar = await cookies();
  sessions.delete(hashOf(jar.get(NAME)?.value ?? ''));
  jar.delete(NAME);
}

/** Ends every session of a customer but this one, because a factor changed. */
export async function endOtherSessions(userId: string): Promise<void> {
  const own = hashOf((await cookies()).get(NAME)?.value ?? '');
  for (const [id, { session }] of sessions) {
    if (id !== own && session.userId === userId) sessions.delete(id);
  }
}

/** Reads the cookie that makes this browser a known one of the customer. */
export async function readBrowser(userId: string): Promise<string | undefined> {
  return (await cookies()).get(browserCookie(userId))?.value;
}

/** Keeps what `complete` returned. A logout leaves it. */
export async function keepBrowser(
  userId: string,
  browser: { readonly value: string; readonly expiresAt: Date } | undefined,
): Promise<void> {
  if (browser === undefined) return;
  const { value, expiresAt: expires } = browser;
  (await cookies()).set(browserCookie(userId), value, { ...cookieSettings, expires });
}

/** One cookie for each customer, so that a family can share a computer. The prefix keeps other hosts from setting it. */
function browserCookie(userId: string): string {
  return `${isProduction ? '__Host-' : ''}browser-${hashOf(userId).slice(0, 16)}`;
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
