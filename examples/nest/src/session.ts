import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Request, RequestHandler } from 'express';
import session, { type SessionData } from 'express-session';

/** A login whose password was right. It opens nothing. */
export interface Pending {
  readonly userId: string;
  readonly challenge?: string;
  readonly sentTo?: string;
}

declare module 'express-session' {
  interface SessionData {
    pending: Pending;
    /** The customer who has passed both steps. */
    userId: string;
  }
}

/** Sessions in memory under a cookie. In production give `express-session` a store and a secret of your own. */
export function sessions(): RequestHandler {
  return session({
    secret: randomBytes(32).toString('base64url'),
    name: 'session',
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: 30 * 60_000 },
    resave: false,
    rolling: true,
    saveUninitialized: false,
  });
}

/** Puts a session in place of the one there was, under a fresh id: a cookie from before this step opens nothing. */
export async function renewSession(req: Request, data: Partial<SessionData>): Promise<void> {
  await promisify((done: (error: unknown) => void) => req.session.regenerate(done))();
  Object.assign(req.session, data);
  // express-session may answer before it has saved, and a redirect be followed before that.
  await promisify((done: (error: unknown) => void) => req.session.save(done))();
}

/** Ends the session. */
export function endSession(req: Request): Promise<void> {
  return promisify((done: (error: unknown) => void) => req.session.destroy(done))();
}
