/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { type Context, Hono } from 'hono';
import { findCustomer } from '../data/customers.js';
import type { LoggedIn } from '../data/session.js';
import { type Answer, once } from '../once.js';
import { refused } from '../pages/parts.js';
import type { Services } from '../services.js';
import { type AppEnv, page, viewOf } from '../view.js';
import { ProofPage } from './proof-page.js';
import { RECOVERY_CODES_MS } from './recovery-codes.js';

/** Ten new recovery codes, against a code of the app. */
export function renewalRoutes(services: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes
    .get('/two-factor/renewal', (c) => {
      const view = viewOf(services, c, findCustomer(c.var.session.customerNumber));
      const { title, text, code, hint } = view.words.renewal;
      return page(
        c,
        <ProofPage view={view} title={title} action={PAGE} text={text} field={{ label: code, hint }} />,
      );
    })
    .post('/two-factor/renewal', (c) => once(services, c, (form) => renew(services, c, form)));
  return routes;
}

const PAGE = '/two-factor/renewal';

async function renew(services: Services, c: Context<AppEnv>, form: URLSearchParams): Promise<Answer> {
  const { twoFactor, sessions, now } = services;
  const { session } = c.var;
  const userId = session.customerNumber;
  const result = await twoFactor.renewRecoveryCodes({ userId, code: form.get('code') });
  if (!result.ok) {
    if (result.reason === 'inactive') return { to: '/master-data', says: { says: 'inactive' } };
    return { to: PAGE, says: refused(result, { by: 'authenticator', field: 'code' }) };
  }
  const recoveryCodes = { codes: result.recoveryCodes, until: now() + RECOVERY_CODES_MS };
  await sessions.change<LoggedIn>(c, session, { recoveryCodes, provedAt: now() });
  await sessions.endOthers(c, userId);
  return { to: '/two-factor/recovery-codes' };
}
