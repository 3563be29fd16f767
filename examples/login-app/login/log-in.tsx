/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { type Context, Hono } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { loggedIn } from '../data/session.js';
import type { Flash } from '../flash.js';
import { reply } from '../once.js';
import { Layout } from '../pages/layout.js';
import { PageFlash } from '../pages/parts.js';
import type { Services } from '../services.js';
import { type AppEnv, page, type View, viewOf } from '../view.js';
import { ask } from './ask.js';

/** The customer number and the password. */
export function logInRoutes(services: Services): Hono<AppEnv> {
  const { sessions } = services;
  const routes = new Hono<AppEnv>();
  routes
    .get('/', (c) => c.redirect('/login', 303))
    .get('/login', async (c) => {
      if ((await sessions.read(c))?.stage === 'in') return c.redirect('/master-data', 303);
      return page(c, <LogInPage view={viewOf(services, c)} />);
    })
    .post('/login', (c) => logIn(services, c))
    .post('/logout', async (c) => {
      await sessions.end(c);
      return reply(services, c, { to: '/login', says: { says: 'loggedOut' } });
    });
  return routes;
}

async function logIn(services: Services, c: Context<AppEnv>): Promise<Response> {
  const { passwordLimit, addressOf, sessions, checkPassword } = services;
  const form = new URLSearchParams(await c.req.text());
  const typed = (form.get('number') ?? '').slice(0, 100);
  const refuse = (says: Flash): Promise<Response> =>
    reply(services, c, { to: '/login', says: { ...says, typed } });
  const address = addressOf(c);
  const retryAt = passwordLimit.attempt(address);
  if (retryAt !== null) return refuse({ says: 'tooManyPasswords', retryAt });
  const customer = await checkPassword(typed, form.get('password') ?? '');
  if (customer === null) return refuse({ says: 'wrongPassword', field: 'password' });
  passwordLimit.forgive(address);

  const { number: customerNumber } = customer;
  const session = await sessions.read(c);
  const isTheirs = session?.stage === 'half' && session.customerNumber === customerNumber;
  const asking = await ask(services, c, {
    customer,
    purpose: 'login',
    before: isTheirs ? session.asked : null,
  });
  if (asking.kind === 'lost') return refuse({ says: 'lost' });
  await sessions.forget(c);
  if (asking.kind === 'passed') {
    await services.notebook.noteLanguage(customerNumber, c.var.language);
    return reply(services, c, { to: '/master-data', begins: loggedIn(customerNumber, {}) });
  }
  await sessions.begin(c, { stage: 'half', customerNumber, asked: asking.asked });
  return reply(services, c, { to: '/security-token' });
}

function LogInPage({ view }: { readonly view: View }): JSX.Element {
  const { words, flash } = view;
  const isWrong = flash?.field === 'password';
  const state = isWrong ? ({ 'aria-invalid': 'true', 'aria-describedby': 'message' } as const) : {};
  return (
    <Layout view={view} title={words.login.title}>
      {isWrong ? <PageFlash view={{ ...view, flash: { says: flash.says } }} /> : <PageFlash view={view} />}
      <form method="post" action="/login" class="card">
        <div class="field">
          <label for="number">{words.login.number}</label>
          <input
            id="number"
            name="number"
            value={flash?.typed ?? ''}
            inputmode="numeric"
            autocomplete="username"
            required
            autofocus={!isWrong}
            {...state}
          />
        </div>
        <div class="field">
          <label for="password">{words.login.password}</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            autofocus={isWrong}
            {...state}
          />
        </div>
        <button>{words.login.submit}</button>
      </form>
    </Layout>
  );
}
