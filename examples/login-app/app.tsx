import { createTwoFactor, type Store, type TwoFactor, type TwoFactorEvent } from 'countersign';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { secureHeaders } from 'hono/secure-headers';
import { loginRoutes } from './login-routes.js';
import { type Deliver, type Outbox, sendNotice } from './mail.js';
import { panelRoutes } from './panel-routes.js';
import { SERVICE } from './pages/layout.js';
import { MessagePage, OutboxPage } from './pages/panel.js';
import { createSecurityEvents, type SecurityEvents } from './security-events.js';
import { createSessions, type Sessions } from './sessions.js';

export interface AppOptions {
  readonly store: Store;
  readonly keys: readonly string[];
  readonly deliver: Deliver;
  /** Shown to everybody: only where no real customer's mail is in it. */
  readonly outbox: Outbox | null;
  /** Where browsers find the app, if a proxy in front makes that another address, such as `https://panel.example`. */
  readonly origin?: string | undefined;
  readonly now?: (() => number) | undefined;
}

/** What the routes work with. */
export interface Services {
  readonly twoFactor: TwoFactor;
  readonly sessions: Sessions;
  readonly events: SecurityEvents;
  readonly hasOutbox: boolean;
  readonly now: () => number;
}

/** The login and the panel; only Web standards, so the same code serves Node, Bun, Deno and Workers. */
export function createApp(options: AppOptions): Hono {
  const services = createServices(options);
  const { outbox } = options;
  const { hasOutbox } = services;
  const app = new Hono();
  guard(app, options.origin);
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

/** Answers with a page. */
export function page(
  c: Context,
  content: JSX.Element,
  status: PageStatus = 200,
): Response | Promise<Response> {
  return c.html(html`<!doctype html>${content}`, status);
}

export type PageStatus = 200 | 401 | 404 | 422 | 500;

function createServices({ store, keys, deliver, outbox, origin, now = Date.now }: AppOptions): Services {
  const events = createSecurityEvents(store);
  const onEvent = (event: TwoFactorEvent): void => {
    events.add(event);
    sendNotice(deliver, event, SERVICE).catch((error: unknown) => {
      console.error('a notice was not sent:', error);
    });
  };
  const twoFactor = createTwoFactor({
    store,
    keys,
    issuer: SERVICE,
    send: ({ to, message }) => deliver({ to, ...message }),
    onEvent,
    now,
  });
  const sessions = createSessions(store, now, origin?.startsWith('https:') ?? false);
  return { twoFactor, sessions, events, hasOutbox: outbox !== null, now };
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
