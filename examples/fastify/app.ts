import { randomBytes } from 'node:crypto';
import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import fastifySession from '@fastify/session';
import { createTwoFactor, memoryStore, type Send, type TwoFactor } from 'countersign';
import fastify, {
  type FastifyInstance,
  type FastifyPluginCallback,
  type FastifyReply,
  type FastifyRequest,
  type onRequestAsyncHookHandler,
  type Session,
} from 'fastify';
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

declare module 'fastify' {
  interface Session {
    pending?: Pending;
    /** The customer who passed both steps. */
    userId?: string;
  }
  interface FastifyRequest {
    /** Set on the routes of the second step. */
    pending: Pending;
    /** Set on the routes behind the login. */
    customer: Customer;
  }
}

export interface AppOptions {
  readonly send?: Send;
  readonly now?: () => number;
  /** Believes the proxy in front that a request came over https, so that cookies are Secure. */
  readonly behindProxy?: boolean;
}

export function createApp(options: AppOptions = {}): FastifyInstance {
  const { send = print, now = Date.now, behindProxy = false } = options;
  const twoFactor = createTwoFactor({
    store: memoryStore({ now }), // The line that changes, to a store that outlives the process: docs/guides/stores.md
    keys: [randomBytes(32)], // From your configuration, or no app works after a restart: docs/guides/keys.md
    issuer: 'Example Hosting',
    send,
    now,
  });
  const app = fastify({ trustProxy: behindProxy });
  app.addHook('onRequest', guard);
  app.register(fastifyFormbody);
  app.register(fastifyCookie);
  app.register(fastifySession, {
    secret: randomBytes(32).toString('base64url'), // From your configuration, like the keys.
    cookieName: 'session', // And a `store`: by default, sessions live in this process.
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: 30 * 60_000 },
    saveUninitialized: false,
  });
  app.decorateRequest('pending');
  app.decorateRequest('customer');
  app.setErrorHandler(showError);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(pages.errorPage(words.noSuchPage)));
  const services = { twoFactor, now };
  app.register(loginRoutes, services);
  app.register(secondStepRoutes, services);
  app.register(settingsRoutes, services);
  return app;
}

interface Services {
  readonly twoFactor: TwoFactor;
  readonly now: () => number;
}

const loginRoutes: FastifyPluginCallback<Services> = (app, { twoFactor, now }, done) => {
  app.get('/', ({ session: { userId, pending } }, reply) => {
    if (userId !== undefined) return reply.redirect('/master-data', 303);
    if (pending !== undefined) return reply.redirect('/security-token', 303);
    return reply.send(pages.loginPage());
  });

  app.post('/login', async (request, reply) => {
    const customer = await checkPassword(field(request, 'number'), field(request, 'password'));
    if (customer === null) return reply.code(422).send(pages.loginPage({ wrong: words.wrongPassword }));
    const { number: userId, email } = customer;
    const begun = await twoFactor.begin({ userId, email });
    // Whoever went back and logs in again has the token of a moment ago in his session.
    if (!begun.ok && request.session.pending?.userId !== userId)
      return reply.code(429).send(pages.loginPage({ notice: words.describeRefusal(begun, now()) }));
    if (begun.ok) await renewSession(request, { pending: { userId, ...begun } });
    return reply.redirect('/security-token', 303);
  });

  app.post('/logout', async (request, reply) => {
    await request.session.destroy();
    return reply.clearCookie('session', { path: '/' }).redirect('/', 303);
  });

  done();
};

const secondStepRoutes: FastifyPluginCallback<Services> = (app, { twoFactor, now }, done) => {
  app.addHook('preHandler', async (request, reply) => {
    const { pending } = request.session;
    if (pending === undefined) return reply.redirect('/', 303);
    request.pending = pending;
  });

  app.get('/security-token', ({ pending }, reply) => reply.send(pages.secondStepPage(pending.sentTo)));

  app.post('/security-token', async (request, reply) => {
    const { userId, challenge, sentTo } = request.pending;
    const result = await twoFactor.complete({ userId, challenge, code: field(request, 'code') });
    if (!result.ok) {
      const wrong = words.describeRefusal(result, now());
      return reply.code(422).send(pages.secondStepPage(sentTo, { wrong }));
    }
    await renewSession(request, { userId: result.userId });
    return reply.redirect('/master-data', 303);
  });

  app.post('/security-token/new', async (request, reply) => {
    const { userId, sentTo } = request.pending;
    const begun = await twoFactor.begin({ userId, email: findCustomer(userId)?.email ?? null });
    if (!begun.ok) {
      const notice = words.describeRefusal(begun, now());
      return reply.code(429).send(pages.secondStepPage(sentTo, { notice }));
    }
    await renewSession(request, { pending: { userId, ...begun } });
    return reply.redirect('/security-token', 303);
  });

  done();
};

const settingsRoutes: FastifyPluginCallback<Services> = (app, { twoFactor, now }, done) => {
  app.addHook('preHandler', async (request, reply) => {
    const customer = findCustomer(request.session.userId ?? '');
    if (customer === undefined) return reply.redirect('/', 303);
    request.customer = customer;
  });

  app.get('/master-data', async ({ customer }, reply) =>
    reply.send(pages.masterDataPage(customer, await twoFactor.status(customer.number))),
  );

  app.post('/activation', async ({ customer: { number } }, reply) => {
    const begun = await twoFactor.beginActivation({ userId: number, account: number });
    return begun.ok ? reply.send(pages.activationPage(begun)) : reply.redirect('/master-data', 303);
  });

  app.post('/activation/confirm', async (request, reply) => {
    const userId = request.customer.number;
    const result = await twoFactor.confirmActivation({ userId, code: field(request, 'code') });
    if (result.ok) return reply.send(pages.setupCompletePage(result.recoveryCodes));
    return reply.code(422).send(pages.activationRetryPage(words.describeRefusal(result, now())));
  });

  app.post('/deactivation', async (request, reply) => {
    const { customer } = request;
    const userId = customer.number;
    const result = await twoFactor.deactivate({ userId, code: field(request, 'code') });
    if (result.ok) return reply.redirect('/master-data', 303);
    const wrong = words.describeRefusal(result, now());
    return reply.code(422).send(pages.masterDataPage(customer, await twoFactor.status(userId), wrong));
  });

  done();
};

/** Another id and no old data: a cookie that somebody planted or saw before this step is worth nothing after it. */
async function renewSession(request: FastifyRequest, data: Partial<Session>): Promise<void> {
  await request.session.regenerate();
  Object.assign(request.session, data);
}

const guard: onRequestAsyncHookHandler = async (request, reply) => {
  reply.headers(pages.pageHeaders).type('text/html; charset=utf-8');
  if (request.method === 'POST' && isCrossSite(request.headers))
    await reply.code(403).send(pages.errorPage(words.fromAnotherSite));
};

function showError(error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  console.error(error);
  const { status, message } = words.describeError(error);
  // Fastify has dropped the type together with the answer that failed.
  return reply.code(status).type('text/html; charset=utf-8').send(pages.errorPage(message));
}

function field({ body }: FastifyRequest, name: string): string {
  const value = (body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
