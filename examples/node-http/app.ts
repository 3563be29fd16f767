import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createTwoFactor, memoryStore, type Send } from 'countersign';
import { memoryCompletions } from '../framework-login/completions.js';
import { type Customers, memoryCustomers, noteApps } from '../framework-login/customers.js';
import { MAX_FORM_BYTES, refuseRequest } from '../framework-login/guard.js';
import { browserCookie, cookieText } from '../framework-login/known-browser.js';
import { loginActs } from '../framework-login/login.js';
import { errorPage, pageHeaders } from '../framework-login/pages.js';
import { settingsActs } from '../framework-login/settings.js';
import type { Act } from '../framework-login/visit.js';
import { describeError, noSuchPage } from '../framework-login/words.js';
import { Sessions } from './sessions.js';

export interface AppOptions {
  readonly send?: Send;
  readonly now?: () => number;
  readonly customers?: Customers;
  /** Believes the proxy in front that a request came over https, so that cookies are Secure. */
  readonly behindProxy?: boolean;
}

export function createApp({
  send = print,
  now = Date.now,
  customers = memoryCustomers(),
  behindProxy = false,
}: AppOptions = {}): Server {
  const twoFactor = createTwoFactor({
    store: memoryStore({ now }), // The line that changes, to a store that outlives the process: docs/guides/stores.md
    keys: [randomBytes(32)], // From your configuration, or no app works after a restart: docs/guides/keys.md
    issuer: 'Example Hosting',
    send,
    onEvent: noteApps(customers),
    now,
  });
  const services = { twoFactor, customers, completions: memoryCompletions(now), now };
  const login = loginActs(services);
  const settings = settingsActs(services);
  const routes = new Map<string, Act>([
    ['GET /', login.home],
    ['POST /login', login.logIn],
    ['GET /security-token', login.askCode],
    ['POST /security-token', login.complete],
    ['POST /security-token/new', login.sendAgain],
    ['POST /logout', login.logOut],
    ['GET /master-data', settings.masterData],
    ['POST /activation', settings.activate],
    ['GET /activation', settings.showActivation],
    ['POST /activation/token', settings.prove],
    ['POST /activation/confirm', settings.confirm],
    ['GET /recovery-codes', settings.showCodes],
    ['POST /deactivation', settings.deactivate],
  ]);
  const sessions = new Sessions(now);
  return createServer((request, response) => {
    const isSecure = behindProxy && request.headers['x-forwarded-proto'] === 'https';
    void answer({ routes, sessions, isSecure }, request)
      .catch(explain)
      .then(({ status, page, headers }) => {
        response.writeHead(status, {
          ...pageHeaders,
          'Content-Type': 'text/html; charset=utf-8',
          ...headers,
        });
        response.end(page);
      });
  });
}

interface Response {
  readonly status: number;
  readonly page?: string;
  readonly headers?: Record<string, string | string[]>;
}

interface Context {
  readonly routes: ReadonlyMap<string, Act>;
  readonly sessions: Sessions;
  readonly isSecure: boolean;
}

async function answer({ routes, sessions, isSecure }: Context, request: IncomingMessage): Promise<Response> {
  const { method = '', url = '', headers } = request;
  const refusal = refuseRequest({ method, headers });
  if (refusal !== null) return show(refusal.status, errorPage(refusal.message));
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const act = routes.get(`${method} ${pathname}`);
  if (act === undefined) return show(404, errorPage(noSuchPage));
  const result = await act({
    session: sessions.find(request),
    form: Object.fromEntries(await readForm(request)),
    query: Object.fromEntries(searchParams),
    isSecure,
    header: (name) => headers[name],
  });
  if ('page' in result) return show(200, result.page);
  const cookies: string[] = [];
  if (result.change !== undefined) cookies.push(sessions.change(request, result.change, isSecure));
  if (result.browser !== undefined) cookies.push(cookieText(browserCookie(result.browser, isSecure)));
  return { status: 303, headers: { Location: result.goTo, 'Set-Cookie': cookies } };
}

function show(status: number, page: string): Response {
  return { status, page };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk as string;
    if (body.length > MAX_FORM_BYTES)
      throw Object.assign(new Error('a form longer than ours'), { statusCode: 413 });
  }
  return new URLSearchParams(body);
}

function explain(error: unknown): Response {
  console.error(error);
  const { status, message } = describeError(error);
  return show(status, errorPage(message));
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
