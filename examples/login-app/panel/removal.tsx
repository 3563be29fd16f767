/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { type Context, Hono } from 'hono';
import { findCustomer } from '../data/customers.js';
import type { LoggedIn } from '../data/session.js';
import { type Answer, once, reply } from '../once.js';
import { refused } from '../pages/parts.js';
import type { Services } from '../services.js';
import { type AppEnv, page, viewOf } from '../view.js';
import { ProofPage } from './proof-page.js';

/** Taking an app away, against a code of any app or a recovery code. */
export function removalRoutes(services: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes
    .get('/two-factor/removal', (c) => show(services, c))
    .post('/two-factor/removal', (c) => once(services, c, (form) => remove(services, c, form)));
  return routes;
}

async function show(services: Services, c: Context<AppEnv>): Promise<Response> {
  const { customerNumber } = c.var.session;
  const { apps } = await services.twoFactor.status(customerNumber);
  const app = apps.find(({ id }) => id === c.req.query('app'));
  if (app === undefined) return reply(services, c, { to: '/master-data', says: { says: 'noSuchApp' } });
  const view = viewOf(services, c, findCustomer(customerNumber));
  const { title, text, lastText, code, hint } = view.words.removal;
  const props = { title: title(app.name), action: pageOf(app.id), text: apps.length === 1 ? lastText : text };
  return page(c, <ProofPage view={view} {...props} field={{ label: code, hint, letters: true }} />);
}

function pageOf(app: string): string {
  return `/two-factor/removal?app=${encodeURIComponent(app)}`;
}

async function remove(services: Services, c: Context<AppEnv>, form: URLSearchParams): Promise<Answer> {
  const { twoFactor, sessions, now } = services;
  const { session } = c.var;
  const userId = session.customerNumber;
  const app = c.req.query('app') ?? '';
  const { apps } = await twoFactor.status(userId);
  const name = apps.find(({ id }) => id === app)?.name ?? '';
  const result = await twoFactor.deactivate({ userId, app, code: form.get('code') });
  if (!result.ok) {
    const { reason } = result;
    if (reason === 'inactive') return { to: '/master-data', says: { says: 'inactive' } };
    if (reason === 'unknown') return { to: '/master-data', says: { says: 'noSuchApp' } };
    return { to: pageOf(app), says: refused({ ...result, reason }, { by: 'authenticator', field: 'code' }) };
  }
  await sessions.change<LoggedIn>(c, session, { provedAt: now() });
  await sessions.endOthers(c, userId);
  const says =
    apps.length > 1 ? ({ says: 'appRemoved', name } as const) : ({ says: 'lastAppRemoved' } as const);
  return { to: '/master-data', says };
}
