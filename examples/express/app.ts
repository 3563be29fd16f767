import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { createTwoFactor, memoryStore, type Send, type TwoFactor } from 'countersign';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import session, { type SessionData } from 'express-session';
import { isCrossSite } from '../small-login/cross-site.js';
import { checkPassword, type Customer, findCustomer } from '../small-login/customers.js';
import * as pages from '../small-login/pages.js';
import * as words from '../small-login/words.js';

/** A login whose password was right: nobody is logged in by it. */
interface Pending {
  readonly userId: string;
  readonly challenge?: string;
  readonly sentTo?: string;
}

declare module 'express-session' {
  interface SessionData {
    pending: Pending;
    /** The customer who passed both steps. */
    userId: string;
  }
}

export interface AppOptions {
  readonly send?: Send;
  readonly now?: () => number;
  /** Believes the proxy in front that a request came over https, so that cookies are Secure. */
  readonly behindProxy?: boolean;
}

export function createApp({ send = print, now = Date.now, behindProxy = false }: AppOptions = {}): Express {
  const twoFactor = createTwoFactor({
    store: memoryStore({ now }), // The line that changes, to a store that outlives the process: docs/guides/stores.md
    keys: [randomBytes(32)], // From your configuration, or no app works after a restart: docs/guides/keys.md
    issuer: 'Example Hosting',
    send,
    now,
  });
  const app = express().disable('x-powered-by').set('trust proxy', behindProxy);
  app.use(guard, express.urlencoded({ extended: false }), sessions());
  app.use(loginRoutes(twoFactor, now), secondStepRoutes(twoFactor, now), settingsRoutes(twoFactor, now));
  return app.use(showNotFound, showError);
}

function loginRoutes(twoFactor: TwoFactor, now: () => number): Router {
  const router = express.Router();

  router.get('/', ({ session: { userId, pending } }, res) => {
    if (userId !== undefined) res.redirect(303, '/master-data');
    else if (pending !== undefined) res.redirect(303, '/security-token');
    else res.send(pages.loginPage());
  });

  router.post('/login', async (req, res) => {
    const customer = await checkPassword(field(req, 'number'), field(req, 'password'));
    if (customer === null) {
      res.status(422).send(pages.loginPage({ wrong: words.wrongPassword }));
      return;
    }
    const { number: userId, email } = customer;
    const begun = await twoFactor.begin({ userId, email });
    // Whoever went back and logs in again has the token of a moment ago in his session.
    if (!begun.ok && req.session.pending?.userId !== userId) {
      res.status(429).send(pages.loginPage({ notice: words.describeRefusal(begun, now()) }));
      return;
    }
    if (begun.ok) await renewSession(req, { pending: { userId, ...begun } });
    res.redirect(303, '/security-token');
  });

  router.post('/logout', async (req, res) => {
    await promisify((done: (error: unknown) => void) => req.session.destroy(done))();
    res.clearCookie('session').redirect(303, '/');
  });

  return router;
}

function secondStepRoutes(twoFactor: TwoFactor, now: () => number): Router {
  const router = express.Router();

  router.get(
    '/security-token',
    halfway((_req, res, { sentTo }) => res.send(pages.secondStepPage(sentTo))),
  );

  router.post(
    '/security-token',
    halfway(async (req, res, { userId, challenge, sentTo }) => {
      const result = await twoFactor.complete({ userId, challenge, code: field(req, 'code') });
      if (!result.ok) {
        res.status(422).send(pages.secondStepPage(sentTo, { wrong: words.describeRefusal(result, now()) }));
        return;
      }
      await renewSession(req, { userId: result.userId });
      res.redirect(303, '/master-data');
    }),
  );

  router.post(
    '/security-token/new',
    halfway(async (req, res, { userId, sentTo }) => {
      const begun = await twoFactor.begin({ userId, email: findCustomer(userId)?.email ?? null });
      if (!begun.ok) {
        res.status(429).send(pages.secondStepPage(sentTo, { notice: words.describeRefusal(begun, now()) }));
        return;
      }
      await renewSession(req, { pending: { userId, ...begun } });
      res.redirect(303, '/security-token');
    }),
  );

  return router;
}

function settingsRoutes(twoFactor: TwoFactor, now: () => number): Router {
  const router = express.Router();

  router.get(
    '/master-data',
    loggedIn(async (_req, res, customer) => {
      res.send(pages.masterDataPage(customer, await twoFactor.status(customer.number)));
    }),
  );

  router.post(
    '/activation',
    loggedIn(async (_req, res, { number }) => {
      const begun = await twoFactor.beginActivation({ userId: number, account: number });
      if (begun.ok) res.send(pages.activationPage(begun));
      else res.redirect(303, '/master-data');
    }),
  );

  router.post(
    '/activation/confirm',
    loggedIn(async (req, res, { number }) => {
      const result = await twoFactor.confirmActivation({ userId: number, code: field(req, 'code') });
      if (result.ok) res.send(pages.setupCompletePage(result.recoveryCodes));
      else res.status(422).send(pages.activationRetryPage(words.describeRefusal(result, now())));
    }),
  );

  router.post(
    '/deactivation',
    loggedIn(async (req, res, customer) => {
      const userId = customer.number;
      const result = await twoFactor.deactivate({ userId, code: field(req, 'code') });
      if (result.ok) {
        res.redirect(303, '/master-data');
        return;
      }
      const status = await twoFactor.status(userId);
      res.status(422).send(pages.masterDataPage(customer, status, words.describeRefusal(result, now())));
    }),
  );

  return router;
}

type Handler<Who> = (req: Request, res: Response, who: Who) => unknown;

function halfway(handle: Handler<Pending>): RequestHandler {
  return (req, res) => {
    const { pending } = req.session;
    if (pending === undefined) res.redirect(303, '/');
    else return handle(req, res, pending);
  };
}

function loggedIn(handle: Handler<Customer>): RequestHandler {
  return (req, res) => {
    const customer = findCustomer(req.session.userId ?? '');
    if (customer === undefined) res.redirect(303, '/');
    else return handle(req, res, customer);
  };
}

/** Another id and no old data: a cookie that somebody planted or saw before this step is worth nothing after it. */
async function renewSession(req: Request, data: Partial<SessionData>): Promise<void> {
  await promisify((done: (error: unknown) => void) => req.session.regenerate(done))();
  Object.assign(req.session, data);
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
  res.set(pages.pageHeaders);
  if (req.method === 'POST' && isCrossSite(req.headers))
    res.status(403).send(pages.errorPage(words.fromAnotherSite));
  else next();
};

const showNotFound: RequestHandler = (_req, res) => {
  res.status(404).send(pages.errorPage(words.noSuchPage));
};

const showError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  console.error(error);
  const { status, message } = words.describeError(error);
  if (res.headersSent) next(error);
  else res.status(status).send(pages.errorPage(message));
};

function field({ body }: Request, name: string): string {
  const value = (body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
