import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from './view.js';

/** What stands in front of every page. */
export function guard(app: Hono<AppEnv>, origin: string | undefined): void {
  app.use((c, next) => (isOurHost(c, origin) ? next() : Promise.resolve(c.text('Misdirected request', 421))));
  // No stricter: under 'no-referrer' a browser sends "Origin: null" with our own forms, and csrf refuses that.
  app.use(secureHeaders({ contentSecurityPolicy: policy, referrerPolicy: 'same-origin' }));
  app.use(async (c, next) => {
    await next();
    // Nothing of a login belongs in a cache, nor in the page that "back" shows after logging out.
    c.header('Cache-Control', 'no-store');
  });
  app.use(csrf(origin === undefined ? {} : { origin }));
  app.use((c, next) => {
    // csrf looks at forms only; nothing else is taken here.
    const isTaken = c.req.method !== 'POST' || isForm(c.req.header('content-type'));
    return isTaken ? next() : Promise.resolve(c.text('Forms only', 415));
  });
  app.use(bodyLimit({ maxSize: 16 * 1024 }));
}

/**
 * A page of another site may rebind its own name to this machine and then read what it likes: its requests carry that
 * name in `Host`.
 */
function isOurHost(c: Context, origin: string | undefined): boolean {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  if (origin !== undefined) return host === new URL(origin).host;
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);
}

/** Compared as a whole: a browser sends types that merely begin so to other sites without asking. */
function isForm(type: string | undefined): boolean {
  return type?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

const policy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  imgSrc: ['data:'],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};
