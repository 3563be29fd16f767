import type { MiddlewareHandler } from 'hono';
import { reply } from '../once.js';
import type { Services } from '../services.js';
import type { AppEnv } from '../view.js';

/** Lets only a session on that has passed both steps. */
export function requireLogin(services: Services): MiddlewareHandler<AppEnv> {
  const { sessions } = services;
  return async (c, next) => {
    const session = await sessions.read(c);
    if (session?.stage === 'half') return c.redirect('/security-token', 303);
    if (session === null) {
      // People who never logged in have no session that has ended.
      return reply(services, c, {
        to: '/login',
        ...(sessions.hadOne(c) && { says: { says: 'sessionOver' } }),
      });
    }
    c.set('session', session);
    return next();
  };
}
