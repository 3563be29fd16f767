import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { cookieText } from '../framework-login/known-browser.js';
import type { LoginSession } from '../framework-login/session.js';
import type { SessionChange } from '../framework-login/visit.js';

/** The sessions, in this process. For more than one process, keep them in your database, by a hash of their id. */
export class Sessions {
  readonly #sessions = new Map<string, { readonly session: LoginSession; readonly expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  find(request: IncomingMessage): LoginSession | undefined {
    const found = this.#sessions.get(idOf(request));
    return found !== undefined && found.expiresAt > this.#now() ? found.session : undefined;
  }

  /** Changes the session of a request, and returns the cookie to set. */
  change(request: IncomingMessage, change: SessionChange, secure: boolean): string {
    this.#sweep();
    const before = idOf(request);
    const fresh = change.is === 'kept' ? before : randomBytes(32).toString('base64url');
    // A half-login stays: the second click of a double click still comes with its cookie.
    if (change.is === 'ended' || this.#sessions.get(before)?.session.step === 'in')
      this.#sessions.delete(before);
    const expires = new Date(this.#now() + LIFETIME_MS);
    const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
    if (change.is === 'ended')
      return cookieText({ name: 'session', value: '', options: { ...options, expires: new Date(0) } });
    this.#sessions.set(fresh, { session: change.session, expiresAt: expires.getTime() });
    return cookieText({ name: 'session', value: fresh, options: { ...options, expires } });
  }

  #sweep(): void {
    for (const [id, { expiresAt }] of this.#sessions) {
      if (expiresAt <= this.#now()) this.#sessions.delete(id);
    }
  }
}

const LIFETIME_MS = 30 * 60_000;

function idOf({ headers }: IncomingMessage): string {
  return /(?:^|; )session=([\w-]{43})(?:;|$)/.exec(headers.cookie ?? '')?.[1] ?? '';
}
