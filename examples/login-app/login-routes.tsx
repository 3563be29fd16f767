import { isCountersignError } from 'countersign';
import { type Context, Hono } from 'hono';
import { page, type PageStatus } from './page.js';
import type { Services } from './services.js';
import { type Customer, findCustomer, logIn } from './customers.js';
import { LoginPage, SecondStepPage } from './pages/login.js';
import type { Pending } from './sessions.js';
import { explainHindrance, explainRefusal } from './words.js';

/** From the customer number to a session. */
export function loginRoutes(services: Services): Hono {
  const { sessions } = services;
  const routes = new Hono();
  routes
    .get('/', (c) => c.redirect('/login', 303))
    .get('/login', async (c) => {
      if ((await sessions.current(c))?.stage === 'logged-in') return c.redirect('/master-data', 303);
      return page(c, <LoginPage customerNumber="" alert={null} hasOutbox={services.hasOutbox} />);
    })
    .post('/login', (c) => checkPassword(services, c))
    .get('/security-token', async (c) => {
      const pending = await pendingOf(services, c);
      if (pending === null) return c.redirect('/login', 303);
      const notice = c.req.query('notice') === 'sent' ? 'A new token was sent.' : null;
      return secondStep(services, c, pending, { alert: hindranceOf(services, pending), notice });
    })
    .post('/security-token', (c) => checkCode(services, c))
    .post('/security-token/new', async (c) => {
      const pending = await pendingOf(services, c);
      if (pending === null) return c.redirect('/login', 303);
      const next = await beginSecondStep(services, findCustomer(pending.customerNumber), pending);
      await sessions.begin(c, next);
      return c.redirect(next.hindrance === null ? '/security-token?notice=sent' : '/security-token', 303);
    })
    .post('/logout', async (c) => {
      await sessions.end(c);
      return c.redirect('/login', 303);
    });
  return routes;
}

async function checkPassword(services: Services, c: Context): Promise<Response> {
  const form = await c.req.parseBody();
  const number = text(form['number']);
  const customer = await logIn(number, text(form['password']));
  if (customer === null) {
    const alert = 'The customer number or the password is wrong.';
    return page(c, <LoginPage customerNumber={number} alert={alert} hasOutbox={services.hasOutbox} />, 401);
  }
  const before = await pendingOf(services, c);
  const half = before?.customerNumber === customer.number ? before : null;
  await services.sessions.begin(c, await beginSecondStep(services, customer, half));
  return c.redirect('/security-token', 303);
}

/** Sends a token, unless there is an app. The challenge from before stays good where there is no new one. */
async function beginSecondStep(
  { twoFactor, now }: Services,
  customer: Customer,
  half: Pending | null,
): Promise<Pending> {
  const { challenge = null, mail = null } = half ?? {};
  const { number: customerNumber, email } = customer;
  const pending = { stage: 'pending', customerNumber, challenge, mail, hindrance: null } as const;
  try {
    const begun = await twoFactor.begin({ userId: customerNumber, email });
    if (!begun.ok)
      return { ...pending, hindrance: { reason: begun.reason, retryAt: begun.retryAt?.getTime() ?? now() } };
    if (!('challenge' in begun))
      throw new Error('neither a fallback without a code nor remembering is set up');
    if (begun.method !== 'email') return { ...pending, challenge: begun.challenge, mail: null };
    const { sentTo, expiresAt, resendAt } = begun;
    const sent = { sentTo, expiresAt: expiresAt.getTime(), resendAt: resendAt.getTime() };
    return { ...pending, challenge: begun.challenge, mail: sent };
  } catch (error) {
    if (!isCountersignError(error) || error.code !== 'ERR_SEND_FAILED') throw error;
    return { ...pending, hindrance: { reason: 'send-failed', retryAt: now() } };
  }
}

async function checkCode(services: Services, c: Context): Promise<Response> {
  const { twoFactor, sessions, now } = services;
  const pending = await pendingOf(services, c);
  if (pending === null) return c.redirect('/login', 303);
  const { customerNumber, challenge } = pending;
  const { code } = await c.req.parseBody();
  const result = await twoFactor.complete({ userId: customerNumber, challenge, code });
  if (!result.ok)
    return secondStep(services, c, pending, { alert: explainRefusal(result, now()), notice: null }, 422);
  await sessions.begin(c, { stage: 'logged-in', customerNumber });
  return c.redirect('/master-data', 303);
}

interface Said {
  readonly alert: string | null;
  readonly notice: string | null;
}

async function secondStep(
  { twoFactor, hasOutbox, now }: Services,
  c: Context,
  { customerNumber, mail }: Pending,
  said: Said,
  status: PageStatus = 200,
): Promise<Response> {
  // Asked again each time: the app may have been activated in another browser meanwhile.
  const { method } = await twoFactor.status(customerNumber);
  const withApp = c.req.query('with') === 'recovery' ? 'recovery' : 'authenticator';
  const by = method === 'authenticator' ? withApp : 'email';
  return page(c, <SecondStepPage by={by} mail={mail} now={now()} hasOutbox={hasOutbox} {...said} />, status);
}

async function pendingOf({ sessions }: Services, c: Context): Promise<Pending | null> {
  const session = await sessions.current(c);
  return session?.stage === 'pending' ? session : null;
}

function hindranceOf({ now }: Services, { hindrance }: Pending): string | null {
  if (hindrance === null || (hindrance.retryAt <= now() && hindrance.reason !== 'send-failed')) return null;
  return explainHindrance(hindrance, now());
}

/** A field of a form that may be missing, or a file. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
