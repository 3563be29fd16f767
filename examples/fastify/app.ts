import { randomBytes } from 'node:crypto';
import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import fastifySession from '@fastify/session';
import { createTwoFactor, memoryStore, type Send } from 'countersign';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestAsyncHookHandler,
  type RouteHandlerMethod,
} from 'fastify';
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

declare module 'fastify' {
  interface Session {
    login?: LoginSession;
  }
}

export interface AppOptions {
  readonly send?: Send;
  readonly now?: () => number;
  readonly customers?: Customers;
  /** Believes the proxy in front that a request came over https, so that cookies are Secure. */
  readonly behindProxy?: boolean;
}

export function createApp(options: AppOptions = {}): FastifyInstance {
  const { send = print, now = Date.now, customers = memoryCustomers(), behindProxy = false } = options;
  const twoFactor = createTwoFactor({
    store: memoryStore({ now }), // The line that changes, to a store that outlives the process: docs/guides/stores.md
    keys: [randomBytes(32)], // From your configuration, or no app works after a restart: docs/guides/keys.md
    issuer: 'Example Hosting',
    send,
    onEvent: noteApps(customers),
    now,
  });
  const services = { twoFactor, customers, completions: memoryCompletions(now), now };
  const app = fastify({ trustProxy: behindProxy, bodyLimit: MAX_FORM_BYTES });
  app.addHook('onRequest', guard);
  app.register(fastifyFormbody);
  app.register(fastifyCookie);
  app.register(fastifySession, {
    secret: randomBytes(32).toString('base64url'), // From your configuration, like the keys.
    cookieName: 'session', // And a `store`: by default, sessions live in this process.
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: 30 * 60_000 },
    saveUninitialized: false,
    // Rolling would save what a slow request has read over what a faster one has written.
    rolling: false,
  });
  app.setErrorHandler(showError);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorPage(noSuchPage)));
  app.register((routes, _options, done) => {
    const login = loginActs(services);
    routes.get('/', answer(login.home));
    routes.post('/login', answer(login.logIn));
    routes.get('/security-token', answer(login.askCode));
    routes.post('/security-token', answer(login.complete));
    routes.post('/security-token/new', answer(login.sendAgain));
    routes.post('/logout', answer(login.logOut));
    const settings = settingsActs(services);
    routes.get('/master-data', answer(settings.masterData));
    routes.post('/activation', answer(settings.activate));
    routes.get('/activation', answer(settings.showActivation));
    routes.post('/activation/token', answer(settings.prove));
    routes.post('/activation/confirm', answer(settings.confirm));
    routes.get('/recovery-codes', answer(settings.showCodes));
    routes.post('/deactivation', answer(settings.deactivate));
    done();
  });
  return app;
}

function answer(act: Act): RouteHandlerMethod {
  return async (request, reply) => {
    const isSecure = request.protocol === 'https';
    const result = await act({
      session: request.session.login,
      form: request.body,
      query: request.query,
      isSecure,
      header: (name) => request.headers[name],
    });
    if ('page' in result) return reply.send(result.page);
    if (result.change !== undefined) await changeSession(request, result.change);
    if (result.browser !== undefined) {
      const { name, value, options } = browserCookie(result.browser, isSecure);
      reply.setCookie(name, value, options);
    }
    return reply.redirect(result.goTo, 303);
  };
}

async function changeSession(request: FastifyRequest, change: SessionChange): Promise<void> {
  const { session: before, sessionStore } = request;
  if (change.is === 'ended') {
    await before.destroy();
    return;
  }
  if (change.is === 'renewed') {
    await before.regenerate();
    // A half-login stays: the second click of a double click still comes with its cookie.
    if (before.login?.step === 'code') sessionStore.set(before.sessionId, before, () => undefined);
  }
  request.session.login = change.session;
}

const guard: onRequestAsyncHookHandler = async (request, reply) => {
  reply.headers(pageHeaders).type('text/html; charset=utf-8');
  const refusal = refuseRequest(request);
  if (refusal !== null) await reply.code(refusal.status).send(errorPage(refusal.message));
};

function showError(error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  console.error(error);
  const { status, message } = describeError(error);
  // Fastify has dropped the type together with the answer that failed.
  return reply.code(status).type('text/html; charset=utf-8').send(errorPage(message));
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
