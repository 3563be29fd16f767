import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import type { LoginSession } from '../../framework-login/session.js';
import type { SessionChange } from '../../framework-login/visit.js';

declare module 'express-session' {
  interface SessionData {
    login: LoginSession;
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

/** Does to the session what an act asks for. */
export async function changeSession(req: Request, res: Response, change: SessionChange): Promise<void> {
  const { session: before } = req;
  if (change.is === 'ended') {
    await promisify((done: (error: unknown) => void) => before.destroy(done))();
    res.clearCookie('session');
    return;
  }
  // A half-login stays: the second click of a double click still comes with its cookie.
  if (change.is === 'renewed' && before.login?.step === 'code') req.sessionStore.generate(req);
  else if (change.is === 'renewed')
    await promisify((done: (error: unknown) => void) => before.regenerate(done))();
  req.session.login = change.session;
  // express-session may answer before it has saved, and a redirect be followed before that.
  await promisify((done: (error: unknown) => void) => req.session.save(done))();
}
