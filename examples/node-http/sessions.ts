import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A login whose password was right: nobody is logged in by it. */
export interface Pending {
  readonly userId: string;
  readonly challenge?: string;
  readonly sentTo?: string;
}

/** Either half-way or logged in, never both. */
export interface Session {
  readonly pending?: Pending;
  /** The customer who passed both steps. */
  readonly userId?: string;
}

/** The sessions, in this process: for more than one keep them in your database, by a hash of their id. */
export class Sessions {
  readonly #sessions = new Map<string, { readonly session: Session; readonly expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  find(request: IncomingMessage): Session {
    const found = this.#sessions.get(idOf(request));
    return found !== undefined && found.expiresAt > this.#now() ? found.session : {};
  }

  /**
   * Puts a session under a new id in place of the request's; null only ends that one. A cookie that somebody planted or
   * saw before is worth nothing after it.
   *
   * @returns the cookie to set
   */
  replace(request: IncomingMessage, session: Session | null, isSecure: boolean): string {
    this.#sweep();
    this.#sessions.delete(idOf(request));
    const id = session === null ? '' : randomBytes(32).toString('base64url');
    if (session !== null) this.#sessions.set(id, { session, expiresAt: this.#now() + SECONDS * 1000 });
    const maxAge = session === null ? 0 : SECONDS;
    return `session=${id}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  #sweep(): void {
    for (const [id, { expiresAt }] of this.#sessions) {
      if (expiresAt <= this.#now()) this.#sessions.delete(id);
    }
  }
}

const SECONDS = 30 * 60;

function idOf({ headers }: IncomingMessage): string {
  return /(?:^|; )session=([\w-]{43})(?:;|$)/.exec(headers.cookie ?? '')?.[1] ?? '';
}
