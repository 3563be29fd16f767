import type { TwoFactor } from 'countersign';
import { type Context, Hono } from 'hono';
import { isCrossSite } from '../../framework-login/cross-site.js';
import { checkPassword, type Customer, findCustomer } from '../../framework-login/customers.js';
import * as pages from '../../framework-login/pages.js';
import * as words from '../../framework-login/words.js';
import type { Session, Sessions } from './sessions.js';

/** What the routes work with. */
export interface Services {
  readonly twoFactor: TwoFactor;
  readonly sessions: Sessions;
  readonly now: () => number;
}

interface Env {
  readonly Variables: { services: Services };
}

/** The login as a Hono app, for one request: a Worker has its bindings only there. */
export function createApp(services: Services): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    if (c.req.method === 'POST' && isCrossSite(c.req.header())) {
      return html(pages.errorPage(words.fromAnotherSite), 403);
    }
    c.set('services', services);
    return next();
  });
  loginRoutes(app);
  secondStepRoutes(app);
  settingsRoutes(app);
  app.notFound((c) => html(pages.errorPage(words.noSuchPage), 404));
  app.onError((error, c) => {
    console.error(error);
    const { status, message } = words.describeError(error);
    return html(pages.errorPage(message), status);
  });
  return app;
}

function loginRoutes(app: Hono<Env>): void {
  app.get('/', async (c) => {
    const { userId, pending } = await c.var.services.sessions.read(c);
    if (userId !== undefined) return c.redirect('/master-data', 303);
    if (pending !== undefined) return c.redirect('/security-token', 303);
    return html(pages.loginPage());
  });

  app.post('/login', async (c) => {
    const { twoFactor, sessions, now } = c.var.services;
    const customer = await checkPassword(await field(c, 'number'), await field(c, 'password'));
    if (customer === null) return html(pages.loginPage({ wrong: words.wrongPassword }), 422);
    const { number: userId, email } = customer;
    const begun = await twoFactor.begin({ userId, email });
    if (!begun.ok) return html(pages.loginPage({ notice: words.describeRefusal(begun, now()) }), 429);
    await sessions.renew(c, { pending: { userId, ...begun } });
    return c.redirect('/security-token', 303);
  });

  app.post('/logout', async (c) => {
    await c.var.services.sessions.end(c);
    return c.redirect('/', 303);
  });
}

function secondStepRoutes(app: Hono<Env>): void {
  app.get('/security-token', async (c) => {
    const pending = await pendingOf(c);
    return pending === undefined ? toLogin(c) : html(pages.secondStepPage(pending.sentTo));
  });

  app.post('/security-token', async (c) => {
    const { twoFactor, sessions, now } = c.var.services;
    const pending = await pendingOf(c);
    if (pending === undefined) return toLogin(c);
    const { userId, challenge, sentTo } = pending;
    const result = await twoFactor.complete({ userId, challenge, code: await field(c, 'code') });
    if (!result.ok) {
      return html(pages.secondStepPage(sentTo, { wrong: words.describeRefusal(result, now()) }), 422);
    }
    await sessions.renew(c, { userId: result.userId });
    return c.redirect('/master-data', 303);
  });

  app.post('/security-token/new', async (c) => {
    const { twoFactor, sessions, now } = c.var.services;
    const pending = await pendingOf(c);
    if (pending === undefined) return toLogin(c);
    const { userId, sentTo } = pending;
    const begun = await twoFactor.begin({ userId, email: findCustomer(userId)?.email ?? null });
    if (!begun.ok) {
      return html(pages.secondStepPage(sentTo, { notice: words.describeRefusal(begun, now()) }), 429);
    }
    await sessions.renew(c, { pending: { userId, ...begun } });
    return c.redirect('/security-token', 303);
  });
}

function settingsRoutes(app: Hono<Env>): void {
  app.get('/master-data', async (c) => {
    const customer = await customerOf(c);
    if (customer === undefined) return toLogin(c);
    return html(pages.masterDataPage(customer, await c.var.services.twoFactor.status(customer.number)));
  });

  app.post('/activation', async (c) => {
    const customer = await customerOf(c);
    if (customer === undefined) return toLogin(c);
    const { number } = customer;
    const begun = await c.var.services.twoFactor.beginActivation({ userId: number, account: number });
    return begun.ok ? html(pages.activationPage(begun)) : c.redirect('/master-data', 303);
  });

  app.post('/activation/confirm', async (c) => {
    const { twoFactor, now } = c.var.services;
    const customer = await customerOf(c);
    if (customer === undefined) return toLogin(c);
    const userId = customer.number;
    const result = await twoFactor.confirmActivation({ userId, code: await field(c, 'code') });
    if (result.ok) return html(pages.setupCompletePage(result.recoveryCodes ?? []));
    return html(pages.activationRetryPage(words.describeRefusal(result, now())), 422);
  });

  app.post('/deactivation', async (c) => {
    const { twoFactor, now } = c.var.services;
    const customer = await customerOf(c);
    if (customer === undefined) return toLogin(c);
    const userId = customer.number;
    const result = await twoFactor.deactivate({ userId, code: await field(c, 'code') });
    if (result.ok) return c.redirect('/master-data', 303);
    const status = await twoFactor.status(userId);
    return html(pages.masterDataPage(customer, status, words.describeRefusal(result, now())), 422);
  });
}

async function pendingOf(c: Context<Env>): Promise<Session['pending']> {
  return (await c.var.services.sessions.read(c)).pending;
}

async function customerOf(c: Context<Env>): Promise<Customer | undefined> {
  return findCustomer((await c.var.services.sessions.read(c)).userId ?? '');
}

function toLogin(c: Context): Response {
  return c.redirect('/', 303);
}

async function field(c: Context, name: string): Promise<string> {
  const value = (await c.req.parseBody())[name];
  return typeof value === 'string' ? value : '';
}

function html(page: string, status = 200): Response {
  const headers = { ...pages.pageHeaders, 'Content-Type': 'text/html; charset=utf-8' };
  return new Response(page, { status, headers });
}
