import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createTwoFactor, memoryStore, type Send, type TwoFactor } from 'countersign';
import { isCrossSite } from '../small-login/cross-site.js';
import { checkPassword, type Customer, findCustomer } from '../small-login/customers.js';
import * as pages from '../small-login/pages.js';
import * as words from '../small-login/words.js';
import { type Pending, type Session, Sessions } from './sessions.js';

export interface AppOptions {
  readonly send?: Send;
  readonly now?: () => number;
  /** Believes the proxy in front that a request came over https, so that cookies are Secure. */
  readonly behindProxy?: boolean;
}

export function createApp({ send = print, now = Date.now, behindProxy = false }: AppOptions = {}): Server {
  const twoFactor = createTwoFactor({
    store: memoryStore({ now }), // The line that changes, to a store that outlives the process: docs/guides/stores.md
    keys: [randomBytes(32)], // From your configuration, or no app works after a restart: docs/guides/keys.md
    issuer: 'Example Hosting',
    send,
    now,
  });
  const routes = new Map([
    ...loginRoutes(twoFactor, now),
    ...secondStepRoutes(twoFactor, now),
    ...settingsRoutes(twoFactor, now),
  ]);
  const sessions = new Sessions(now);
  return createServer((request, response) => {
    const isSecure = behindProxy && request.headers['x-forwarded-proto'] === 'https';
    void dispatch(routes, sessions, request)
      .catch(explain)
      .then(({ status, page = '', location, session }) => {
        response.writeHead(status, {
          ...pages.pageHeaders,
          'Content-Type': 'text/html; charset=utf-8',
          ...(location === undefined ? {} : { Location: location }),
          ...(session === undefined ? {} : { 'Set-Cookie': sessions.replace(request, session, isSecure) }),
        });
        response.end(page);
      });
  });
}

/** What a route makes of a request. */
interface Answer {
  readonly status: number;
  readonly page?: string;
  readonly location?: string;
  /** In place of the one before, under another id; null: none. */
  readonly session?: Session | null;
}

type Route = (session: Session, form: URLSearchParams) => Answer | Promise<Answer>;

type Routes = readonly (readonly [string, Route])[];

function loginRoutes(twoFactor: TwoFactor, now: () => number): Routes {
  const home: Route = ({ userId, pending }) => {
    if (userId !== undefined) return goTo('/master-data');
    return pending === undefined ? show(pages.loginPage()) : goTo('/security-token');
  };

  const logIn: Route = async ({ pending }, form) => {
    const customer = await checkPassword(form.get('number') ?? '', form.get('password') ?? '');
    if (customer === null) return show(pages.loginPage({ wrong: words.wrongPassword }), 422);
    const { number: userId, email } = customer;
    const begun = await twoFactor.begin({ userId, email });
    if (begun.ok) return goTo('/security-token', { pending: { userId, ...begun } });
    // Whoever went back and logs in again has the token of a moment ago in his session.
    if (pending?.userId === userId) return goTo('/security-token');
    return show(pages.loginPage({ notice: words.describeRefusal(begun, now()) }), 429);
  };

  const logOut: Route = () => goTo('/', null);

  return [
    ['GET /', home],
    ['POST /login', logIn],
    ['POST /logout', logOut],
  ];
}

function secondStepRoutes(twoFactor: TwoFactor, now: () => number): Routes {
  const ask = halfway(({ sentTo }) => show(pages.secondStepPage(sentTo)));

  const complete = halfway(async ({ userId, challenge, sentTo }, form) => {
    const result = await twoFactor.complete({ userId, challenge, code: form.get('code') });
    if (result.ok) return goTo('/master-data', { userId: result.userId });
    return show(pages.secondStepPage(sentTo, { wrong: words.describeRefusal(result, now()) }), 422);
  });

  const sendNew = halfway(async ({ userId, sentTo }) => {
    const begun = await twoFactor.begin({ userId, email: findCustomer(userId)?.email ?? null });
    if (begun.ok) return goTo('/security-token', { pending: { userId, ...begun } });
    return show(pages.secondStepPage(sentTo, { notice: words.describeRefusal(begun, now()) }), 429);
  });

  return [
    ['GET /security-token', ask],
    ['POST /security-token', complete],
    ['POST /security-token/new', sendNew],
  ];
}

function settingsRoutes(twoFactor: TwoFactor, now: () => number): Routes {
  const masterData = loggedIn(async (customer) =>
    show(pages.masterDataPage(customer, await twoFactor.status(customer.number))),
  );

  const activate = loggedIn(async ({ number }) => {
    const begun = await twoFactor.beginActivation({ userId: number, account: number });
    return begun.ok ? show(pages.activationPage(begun)) : goTo('/master-data');
  });

  const confirm = loggedIn(async ({ number }, form) => {
    const result = await twoFactor.confirmActivation({ userId: number, code: form.get('code') });
    if (result.ok) return show(pages.setupCompletePage(result.recoveryCodes));
    return show(pages.activationRetryPage(words.describeRefusal(result, now())), 422);
  });

  const deactivate = loggedIn(async (customer, form) => {
    const userId = customer.number;
    const result = await twoFactor.deactivate({ userId, code: form.get('code') });
    if (result.ok) return goTo('/master-data');
    const wrong = words.describeRefusal(result, now());
    return show(pages.masterDataPage(customer, await twoFactor.status(userId), wrong), 422);
  });

  return [
    ['GET /master-data', masterData],
    ['POST /activation', activate],
    ['POST /activation/confirm', confirm],
    ['POST /deactivation', deactivate],
  ];
}

type RouteOf<Who> = (who: Who, form: URLSearchParams) => Answer | Promise<Answer>;

function halfway(route: RouteOf<Pending>): Route {
  return ({ pending }, form) => (pending === undefined ? goTo('/') : route(pending, form));
}

function loggedIn(route: RouteOf<Customer>): Route {
  return ({ userId = '' }, form) => {
    const customer = findCustomer(userId);
    return customer === undefined ? goTo('/') : route(customer, form);
  };
}

function show(page: string, status = 200): Answer {
  return { status, page };
}

function goTo(location: string, session?: Session | null): Answer {
  return { status: 303, location, ...(session === undefined ? {} : { session }) };
}

async function dispatch(
  routes: ReadonlyMap<string, Route>,
  sessions: Sessions,
  request: IncomingMessage,
): Promise<Answer> {
  const { method = '', url = '', headers } = request;
  if (method === 'POST' && isCrossSite(headers)) return show(pages.errorPage(words.fromAnotherSite), 403);
  const route = routes.get(`${method} ${url.replace(/\?.*/, '')}`);
  if (route === undefined) return show(pages.errorPage(words.noSuchPage), 404);
  return route(sessions.find(request), await readForm(request));
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk as string;
    if (body.length > 10_000) throw Object.assign(new Error('a form longer than ours'), { statusCode: 413 });
  }
  return new URLSearchParams(body);
}

function explain(error: unknown): Answer {
  console.error(error);
  const { status, message } = words.describeError(error);
  return show(pages.errorPage(message), status);
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
