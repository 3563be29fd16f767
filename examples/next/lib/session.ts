import { createHash, randomBytes } from 'node:crypto';
import { cookies, headers } from 'next/headers';

/** What the server remembers of a browser. */
export interface Session {
  /** A login whose password was right. It opens nothing. */
  readonly pending?: Asked & { readonly userId: string };
  /** The customer who has passed both steps, and when a code was last right; null where none was asked for. */
  readonly userId?: string;
  readonly provedAt?: number | null;
  /** A fresh code that was asked for before the first app may replace mail. */
  readonly stepUp?: Asked;
  /** What the activation page shows, for as long as it can be confirmed. */
  readonly activation?: { readonly uri: string; readonly secret: string; readonly expiresAt: number };
  /** What the page after an activation shows, until then. */
  readonly recoveryCodes?: { readonly codes: readonly string[]; readonly until: number };
}

/** What `begin` asked for. */
export interface Asked {
  readonly challenge: string;
  /** Where the mail went; missing where an app is asked. */
  readonly sentTo?: string;
}

declare global {
  var exampleCompletions: Map<string, number> | undefined;
  var exampleSessions: Map<string, { session: Session; expiresAt: number }> | undefined;
}

/** In memory, for the example. Keep yours in the database, or in a sealed cookie. */
const sessions = (globalThis.exampleSessions ??= new Map());

/** Forms that completed a login within the last minute. With several processes, keep this beside the sessions. */
const completions = (globalThis.exampleCompletions ??= new Map());
const COMPLETION_MS = 60_000;

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

/**
 * Puts a session under a fresh id: a cookie that somebody planted or saw before this step opens nothing after it.
 *
 * A half-login stays, though. The second click of a double click still comes with its cookie.
 */
export async function renewSession(session: Session): Promise<void> {
  if ((await readSession()).pending === undefined) await endSession();
  await save(randomBytes(32).toString('base64url'), session);
}

/** Changes the session under the id that it has. */
export async function keepSession(session: Session): Promise<void> {
  await save((await cookies()).get(NAME)?.value ?? '', session);
}

async function save(value: string, session: Session): Promise<void> {
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

/** Notes that this half-login was completed with this code. */
export function noteCompletion(challenge: string, code: string): void {
  for (const [key, at] of completions) if (at + COMPLETION_MS <= Date.now()) completions.delete(key);
  completions.set(hashOf(`${challenge} ${code}`), Date.now());
}

/**
 * Tells whether this very form was right a moment ago. The browser shows the answer to the second click, and for
 * countersign that code is used.
 */
export async function wasCompleted(challenge: string, code: string): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const at = completions.get(hashOf(`${challenge} ${code}`));
    if (at !== undefined) return at + COMPLETION_MS > Date.now();
    // The other request may have its answer from countersign and not have noted it yet.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
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

/** The language that the browser likes best, for the mail. */
export async function readLocale(): Promise<string | undefined> {
  return /^[a-z]{2,8}(-[a-z\d]+)*/i.exec((await headers()).get('accept-language') ?? '')?.[0];
}

/** One cookie for each customer, so that a family can share a computer. The prefix keeps other hosts from setting it. */
function browserCookie(userId: string): string {
  return `${isProduction ? '__Host-' : ''}browser-${hashOf(userId).slice(0, 16)}`;
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
