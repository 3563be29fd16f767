import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';
import { loginRoutes } from './login-routes.js';
import type { Outbox } from './mail.js';
import { page } from './page.js';
import { panelRoutes } from './panel-routes.js';
import { MessagePage, OutboxPage } from './pages/panel.js';
import { createServices, type ServiceOptions } from './services.js';

export interface AppOptions extends ServiceOptions {
  /** Serves what is under `/assets`: each runtime has its own way to read files. */
  readonly assets: MiddlewareHandler;
  /** Shown to everybody: only where no real customer's mail is in it. */
  readonly outbox: Outbox | null;
}

/** The login and the panel; only Web standards, so the same code serves Node, Bun, Deno and Workers. */
export function createApp(options: AppOptions): Hono {
  const { assets, outbox, origin } = options;
  const hasOutbox = outbox !== null;
  const services = createServices(options, hasOutbox);
  const app = new Hono();
  app.use('/assets/*', assets);
  guard(app, origin);
  app.route('/', loginRoutes(services));
  app.route('/', panelRoutes(services));
  if (outbox !== null) app.get('/outbox', async (c) => page(c, <OutboxPage mails={await outbox.list()} />));
  app.notFound((c) => {
    const text = 'There is no such page.';
    return page(c, <MessagePage title="Not found" text={text} hasOutbox={hasOutbox} />, 404);
  });
  app.onError((error, c) => {
    if ('getResponse' in error) return error.getResponse();
    console.error(error);
    const text =
      'Something went wrong on our side. Nothing was changed that you cannot see; please try again.';
    return page(c, <MessagePage title="Sorry" text={text} hasOutbox={hasOutbox} />, 500);
  });
  return app;
}

function guard(app: Hono, origin: string | undefined): void {
  // No stricter: under 'no-referrer' a browser sends "Origin: null" with our own forms, and csrf refuses that.
  app.use(secureHeaders({ contentSecurityPolicy: policy, referrerPolicy: 'same-origin' }));
  app.use(async (c, next) => {
    await next();
    // Nothing of a login belongs in a cache, nor in the page that "back" shows after logging out.
    c.header('Cache-Control', 'no-store');
  });
  app.use(csrf(origin === undefined ? {} : { origin }));
  app.use(async (c, next) => {
    // csrf looks at forms only; nothing else is taken here.
    if (c.req.method === 'POST' && !isForm(c.req.header('content-type'))) return c.text('Forms only', 415);
    return next();
  });
  app.use(bodyLimit({ maxSize: 16 * 1024 }));
}

/** A POST without a body has no type: csrf takes that for a form too. */
function isForm(type: string | undefined): boolean {
  return type === undefined || type.startsWith('application/x-www-form-urlencoded');
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
