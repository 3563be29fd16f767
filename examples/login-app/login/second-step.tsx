/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { Completed } from 'countersign';
import { type Context, Hono } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { browserCookieName } from '../browser-cookie.js';
import { findCustomer } from '../data/customers.js';
import { type Asked, type HalfLogin, loggedIn } from '../data/session.js';
import { type Answer, once, reply } from '../once.js';
import { Layout } from '../pages/layout.js';
import { CodeField, PageFlash, refused } from '../pages/parts.js';
import type { Services } from '../services.js';
import { type AppEnv, page, type View, viewOf } from '../view.js';
import type { Factor } from '../words/message.js';
import { ask } from './ask.js';
import { Hindrance, Resend, SentTo, takesCode, whyOver } from './asked-parts.js';

/** The second step of a login, from the right password to a session. */
export function secondStepRoutes(services: Services): Hono<AppEnv> {
  const { sessions } = services;
  const routes = new Hono<AppEnv>();
  routes
    .get('/security-token', async (c) => {
      const session = await sessions.read(c);
      if (session?.stage === 'in') return c.redirect('/master-data', 303);
      if (session === null) return reply(services, c, loginOver(services, c));
      const { asked } = session;
      return page(c, <SecondStepPage view={viewOf(services, c)} asked={asked} by={factorOf(c, asked)} />);
    })
    .post('/security-token', (c) => once(services, c, (form) => enterCode(services, c, form)))
    .post('/security-token/new', (c) => once(services, c, () => sendAgain(services, c)));
  return routes;
}

async function enterCode(services: Services, c: Context<AppEnv>, form: URLSearchParams): Promise<Answer> {
  const { sessions, twoFactor, cookies } = services;
  const half = await sessions.read(c);
  if (half?.stage !== 'half') return half === null ? loginOver(services, c) : { to: '/master-data' };
  const { customerNumber: userId, asked } = half;
  const result = await twoFactor.complete({
    userId,
    challenge: asked.challenge,
    code: form.get('code'),
    browser: cookies.get(c, browserCookieName(userId)),
    remember: form.get('remember') === 'yes',
  });
  if (result.ok) return enter(services, c, result);
  const by = factorOf(c, asked);
  const back = by === 'recovery' ? '/security-token?with=recovery' : '/security-token';
  const { reason } = result;
  if (reason === 'unknown') return loginOver(services, c);
  const over = by === 'email' ? whyOver(result, services.now()) : null;
  if (over !== null) {
    const hindrance = { says: over, retryAt: null };
    await sessions.change<HalfLogin>(c, half, { asked: { ...asked, challenge: null, hindrance } });
    return { to: back };
  }
  if (result.retryAt !== undefined) {
    const hindrance = { says: 'waits', retryAt: result.retryAt.getTime() } as const;
    await sessions.change<HalfLogin>(c, half, { asked: { ...asked, hindrance } });
  }
  if (reason === 'locked')
    return { to: '/security-token?with=recovery', says: refused({ ...result, reason }, { by }) };
  // A code that was not looked at may be right: its field is not marked.
  return {
    to: back,
    says: refused({ ...result, reason }, reason === 'delayed' ? { by } : { by, field: 'code' }),
  };
}

async function enter(services: Services, c: Context<AppEnv>, result: Completed): Promise<Answer> {
  const { twoFactor, notebook, now } = services;
  const { userId: customerNumber, method, recoveryCodesLeft: left, proof = null, browser } = result;
  await notebook.noteLanguage(customerNumber, c.var.language);
  const browserId = (await twoFactor.status(customerNumber)).browsers.at(-1)?.id ?? null;
  return {
    to: '/master-data',
    begins: loggedIn(customerNumber, { provedAt: now(), proof, browserId }),
    ...(browser && {
      browser: { customerNumber, value: browser.value, expiresAt: browser.expiresAt.getTime() },
    }),
    ...(method === 'recovery' && { says: { says: 'recoveryCodeUsed', left } }),
  };
}

async function sendAgain(services: Services, c: Context<AppEnv>): Promise<Answer> {
  const { sessions } = services;
  const half = await sessions.read(c);
  if (half?.stage !== 'half') return half === null ? loginOver(services, c) : { to: '/master-data' };
  const { customerNumber, asked: before } = half;
  const asking = await ask(services, c, { customer: findCustomer(customerNumber), purpose: 'login', before });
  if (asking.kind === 'passed') return { to: '/master-data', begins: loggedIn(customerNumber, {}) };
  if (asking.kind === 'lost') return { to: '/login', says: { says: 'lost' } };
  await sessions.change<HalfLogin>(c, half, { asked: asking.asked });
  return { to: '/security-token', ...(asking.says && { says: asking.says }) };
}

/** Without a word to people who have not begun. */
function loginOver({ sessions }: Services, c: Context): Answer {
  return { to: '/login', ...(sessions.hadOne(c) && { says: { says: 'loginOver' } }) };
}

function factorOf(c: Context, { method }: Asked): Factor {
  return method === 'authenticator' && c.req.query('with') === 'recovery' ? 'recovery' : method;
}

interface SecondStepProps {
  readonly view: View;
  readonly asked: Asked;
  readonly by: Factor;
}

function SecondStepPage({ view, asked, by }: SecondStepProps): JSX.Element {
  const { words, now } = view;
  const { secondStep } = words;
  const kind = by === 'email' && asked.mail?.isLong === true ? 'long' : by;
  const isOpen = takesCode(asked, now);
  return (
    <Layout view={view} title={secondStep.titles[kind]} hasError={!isOpen}>
      <PageFlash view={view} />
      {view.flash === null && by !== 'recovery' && <Hindrance view={view} asked={asked} />}
      <div class="card">
        {isOpen && by === 'email' && <SentTo view={view} asked={asked} />}
        {isOpen && (
          <form
            method="post"
            action={by === 'recovery' ? '/security-token?with=recovery' : '/security-token'}
          >
            <CodeField
              view={view}
              label={secondStep.titles[kind]}
              hint={secondStep.hints[kind]}
              letters={kind === 'recovery' || kind === 'long'}
              autofocus
            />
            <Remember view={view} />
            <button>{secondStep.submit}</button>
          </form>
        )}
        {by === 'email' && <Resend view={view} asked={asked} action="/security-token/new" />}
        {by === 'authenticator' && <a href="/security-token?with=recovery">{secondStep.useRecovery}</a>}
        {by === 'recovery' && <a href="/security-token">{secondStep.useApp}</a>}
      </div>
      <form method="post" action="/logout">
        <button class="quiet">{words.cancel}</button>
      </form>
    </Layout>
  );
}

function Remember({ view: { words } }: { readonly view: View }): JSX.Element {
  const { remember, rememberHint } = words.secondStep;
  return (
    <div class="tick">
      <input id="remember" name="remember" type="checkbox" value="yes" aria-describedby="remember-hint" />
      <label for="remember">{remember}</label>
      <p id="remember-hint" class="hint">
        {rememberHint}
      </p>
    </div>
  );
}
