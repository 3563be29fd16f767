/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { type Context, Hono } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { browserCookieName } from '../browser-cookie.js';
import { findCustomer } from '../data/customers.js';
import type { Asked, LoggedIn } from '../data/session.js';
import { ask } from '../login/ask.js';
import { Hindrance, Resend, SentTo, takesCode, whyOver } from '../login/asked-parts.js';
import { type Answer, once } from '../once.js';
import { Layout } from '../pages/layout.js';
import { CodeField, PageFlash, refused } from '../pages/parts.js';
import type { Services } from '../services.js';
import { type AppEnv, page, type View, viewOf } from '../view.js';

/**
 * Whether a code was accepted in the last ten minutes. Otherwise a session that was left open would be enough to take
 * the account over with an app of one's own.
 */
export function isFresh({ provedAt }: LoggedIn, now: number): boolean {
  return provedAt !== null && now - provedAt < 10 * 60_000;
}

/** A security token for one act, before the first app takes the place of mail. */
export function freshTokenRoutes(services: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes
    .get('/two-factor/fresh-token', (c) => {
      const { customerNumber, asked } = c.var.session;
      if (isFresh(c.var.session, services.now())) return c.redirect('/two-factor/activation', 303);
      return page(
        c,
        <FreshTokenPage view={viewOf(services, c, findCustomer(customerNumber))} asked={asked} />,
      );
    })
    .post('/two-factor/fresh-token', (c) => once(services, c, (form) => enterToken(services, c, form)))
    .post('/two-factor/fresh-token/new', (c) => once(services, c, () => sendToken(services, c)));
  return routes;
}

const PAGE = '/two-factor/fresh-token';

async function sendToken(services: Services, c: Context<AppEnv>): Promise<Answer> {
  const { session } = c.var;
  const customer = findCustomer(session.customerNumber);
  const asking = await ask(services, c, { customer, purpose: 'activate', before: session.asked });
  // With an app, its code is the proof: the activation asks for it.
  if (asking.kind !== 'asked' || asking.asked.method === 'authenticator')
    return { to: '/two-factor/activation' };
  await services.sessions.change<LoggedIn>(c, session, { asked: asking.asked });
  return { to: PAGE, ...(asking.says && { says: asking.says }) };
}

async function enterToken(services: Services, c: Context<AppEnv>, form: URLSearchParams): Promise<Answer> {
  const { twoFactor, sessions, cookies, now } = services;
  const { session } = c.var;
  const { customerNumber: userId, asked } = session;
  if (asked === null) return { to: PAGE };
  const result = await twoFactor.complete({
    ...{ userId, challenge: asked.challenge, code: form.get('code'), purpose: 'activate' },
    browser: cookies.get(c, browserCookieName(userId)),
  });
  if (result.ok) {
    await sessions.change<LoggedIn>(c, session, { provedAt: now(), asked: null });
    return { to: '/two-factor/activation' };
  }
  const { reason } = result;
  if (reason === 'unknown') {
    await sessions.change<LoggedIn>(c, session, { asked: null });
    return { to: PAGE };
  }
  const over = whyOver(result, now());
  if (over !== null) {
    const hindrance = { says: over, retryAt: null };
    await sessions.change<LoggedIn>(c, session, { asked: { ...asked, challenge: null, hindrance } });
    return { to: PAGE };
  }
  return {
    to: PAGE,
    says: refused(
      { ...result, reason },
      reason === 'delayed' ? { by: 'email' } : { by: 'email', field: 'code' },
    ),
  };
}

function FreshTokenPage({ view, asked }: { readonly view: View; readonly asked: Asked | null }): JSX.Element {
  const { stepUp, secondStep, cancel } = view.words;
  const isOpen = asked !== null && takesCode(asked, view.now);
  const kind = asked?.mail?.isLong === true ? 'long' : 'email';
  return (
    <Layout view={view} title={stepUp.title} hasError={asked !== null && !isOpen}>
      <PageFlash view={view} />
      {view.flash === null && asked !== null && <Hindrance view={view} asked={asked} />}
      <div class="card">
        {!isOpen && <p>{stepUp.explanation}</p>}
        {asked === null && (
          <form method="post" action={`${PAGE}/new`}>
            <button>{stepUp.send}</button>
          </form>
        )}
        {isOpen && (
          <>
            <SentTo view={view} asked={asked} />
            <form method="post" action={PAGE}>
              <CodeField
                view={view}
                label={secondStep.titles[kind]}
                hint={secondStep.hints[kind]}
                letters={kind === 'long'}
                autofocus
              />
              <button>{stepUp.submit}</button>
            </form>
          </>
        )}
        {asked !== null && <Resend view={view} asked={asked} action={`${PAGE}/new`} />}
      </div>
      <p>
        <a href="/master-data">{cancel}</a>
      </p>
    </Layout>
  );
}
