import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { createTwoFactor, memoryStore, type Send } from 'countersign';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import session from 'express-session';
import { memoryCompletions } from '../framework-login/completions.js';
import { type Customers, memoryCustomers, noteApps } from '../framework-login/customers.js';
import { MAX_FORM_BYTES, refuseRequest } from '../framework-login/guard.js';
import { browserCookie } from '../framework-login/known-browser.js';
import { loginActs } from '../framework-login/login.js';
import { errorPage, pageHeaders } from '../framework-login/pages.js';
import type { LoginSession } from '../framework-login/session.js';
import { settingsActs } from '../framework-login/settings.js';
import type { Act, SessionChange } from '../framework-login/visit.js';
import { describeError, noSuchPage } from '../framework-login/words.js';

declare module 'express-session' {
  interface SessionData {
    login: LoginSession;
  }
}

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
}: AppOptions = {}): Express {
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

  return express()
    .disable('x-powered-by')
    .set('trust proxy', behindProxy)
    .use(guard, express.urlencoded({ extended: false, limit: MAX_FORM_BYTES }), sessions())
    .get('/', answer(login.home))
    .post('/login', answer(login.logIn))
    .get('/security-token', answer(login.askCode))
    .post('/security-token', answer(login.complete))
    .post('/security-token/new', answer(login.sendAgain))
    .post('/logout', answer(login.logOut))
    .get('/master-data', answer(settings.masterData))
    .post('/activation', answer(settings.activate))
    .get('/activation', answer(settings.showActivation))
    .post('/activation/token', answer(settings.prove))
    .post('/activation/confirm', answer(settings.confirm))
    .get('/recovery-codes', answer(settings.showCodes))
    .post('/deactivation', answer(settings.deactivate))
    .use(showNotFound, showError);
}

function answer(act: Act): RequestHandler {
  return async (req, res) => {
    const result = await act({
      session: req.session.login,
      form: req.body as unknown,
      query: req.query,
      isSecure: req.secure,
      header: (name) => req.headers[name],
    });
    if ('page' in result) {
      res.send(result.page);
      return;
    }
    if (result.change !== undefined) await changeSession(req, res, result.change);
    if (result.browser !== undefined) {
      const { name, value, options } = browserCookie(result.browser, req.secure);
      res.cookie(name, value, options);
    }
    res.redirect(303, result.goTo);
  };
}

async function changeSession(req: Request, res: Response, change: SessionChange): Promise<void> {
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

const sessions = (): RequestHandler =>
  session({
    secret: randomBytes(32).toString('base64url'), // From your configuration, like the keys.
    name: 'session', // And a `store`: by default, sessions live in this process.
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: 30 * 60_000 },
    resave: false,
    rolling: true,
    saveUninitialized: false,
  });

const guard: RequestHandler = (req, res, next) => {
  res.set(pageHeaders);
  const refusal = refuseRequest(req);
  if (refusal === null) next();
  else res.status(refusal.status).send(errorPage(refusal.message));
};

const showNotFound: RequestHandler = (_req, res) => {
  res.status(404).send(errorPage(noSuchPage));
};

const showError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  console.error(error);
  const { status, message } = describeError(error);
  if (res.headersSent) next(error);
  else res.status(status).send(errorPage(message));
};

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
