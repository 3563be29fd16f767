import { parseOtpauthUri } from 'countersign';
import { qrSvg } from 'countersign/qr';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { page, type PageStatus } from './page.js';
import type { Services } from './services.js';
import { findCustomer } from './customers.js';
import {
  ActivationPage,
  MasterDataPage,
  ProofPage,
  RecoveryCodesPage,
  SecurityEventsPage,
} from './pages/panel.js';
import { explainRefusal } from './words.js';

interface PanelEnv {
  Variables: { customerNumber: string };
}

/** What only a session sees that has passed both steps. */
export function panelRoutes(services: Services): Hono<PanelEnv> {
  const { twoFactor, events, hasOutbox } = services;
  const routes = new Hono<PanelEnv>();
  routes
    .use('/master-data', loggedIn(services))
    .use('/security-events', loggedIn(services))
    .use('/two-factor/*', loggedIn(services))
    .get('/master-data', async (c) => {
      const number = c.var.customerNumber;
      const status = await twoFactor.status(number);
      const notice = notices.get(c.req.query('notice') ?? '') ?? null;
      const customer = findCustomer(number);
      return page(c, <MasterDataPage {...{ customer, status, notice, hasOutbox }} />);
    })
    .get('/security-events', async (c) => {
      const list = await events.list(c.var.customerNumber);
      return page(c, <SecurityEventsPage events={list} hasOutbox={hasOutbox} />);
    })
    .post('/two-factor/activation', async (c) => {
      const number = c.var.customerNumber;
      const begun = await twoFactor.beginActivation({ userId: number, account: number });
      if (!begun.ok) return c.redirect('/master-data?notice=active', 303);
      return activation(services, c, begun.uri, null);
    })
    .post('/two-factor/confirmation', (c) => confirm(services, c))
    .get('/two-factor/deactivation', (c) => proof(services, c, deactivation, null))
    .post('/two-factor/deactivation', async (c) => {
      const { code } = await c.req.parseBody();
      const result = await twoFactor.deactivate({ userId: c.var.customerNumber, code });
      if (!result.ok) return proof(services, c, deactivation, explainRefusal(result, services.now()));
      return c.redirect('/master-data?notice=deactivated', 303);
    })
    .get('/two-factor/recovery-codes', (c) => proof(services, c, renewal, null))
    .post('/two-factor/recovery-codes', async (c) => {
      const { code } = await c.req.parseBody();
      const result = await twoFactor.renewRecoveryCodes({ userId: c.var.customerNumber, code });
      if (!result.ok) return proof(services, c, renewal, explainRefusal(result, services.now()));
      const title = 'New recovery codes';
      return page(c, <RecoveryCodesPage title={title} codes={result.recoveryCodes} hasOutbox={hasOutbox} />);
    })
    // A page that answered a POST cannot be opened again by its address.
    .get('/two-factor/*', (c) => c.redirect('/master-data', 303));
  return routes;
}

const notices = new Map([
  ['active', 'Two-factor authentication is active already.'],
  ['deactivated', 'Two-factor authentication was deactivated. The next token comes by e-mail.'],
]);

const deactivation = {
  title: 'Deactivate two-factor authentication',
  action: '/two-factor/deactivation',
  explanation: 'From then on we send you a token by e-mail when you log in, and your recovery codes end.',
  hint: 'The six digits that the app shows now, or a recovery code.',
  letters: true,
};

const renewal = {
  title: 'Renew recovery codes',
  action: '/two-factor/recovery-codes',
  explanation: 'You get ten new codes; those that you have now are worth nothing from then on.',
  hint: 'The six digits that the app shows now.',
  letters: false,
};

function loggedIn({ sessions }: Services): MiddlewareHandler<PanelEnv> {
  return async (c, next) => {
    const session = await sessions.current(c);
    if (session?.stage !== 'logged-in') return c.redirect('/login', 303);
    c.set('customerNumber', session.customerNumber);
    return next();
  };
}

async function confirm(services: Services, c: Context<PanelEnv>): Promise<Response> {
  const { twoFactor, hasOutbox, now } = services;
  const { code, uri } = await c.req.parseBody();
  const result = await twoFactor.confirmActivation({ userId: c.var.customerNumber, code });
  if (!result.ok) return activation(services, c, uri, explainRefusal(result, now()));
  const title = 'The setup is complete';
  return page(
    c,
    <RecoveryCodesPage title={title} codes={result.recoveryCodes ?? []} hasOutbox={hasOutbox} />,
  );
}

function activation(
  { hasOutbox }: Services,
  c: Context,
  uri: unknown,
  alert: string | null,
): Response | Promise<Response> {
  const shown = readUri(uri);
  if (shown === null) return c.redirect('/master-data', 303);
  const props = { ...shown, qr: qrSvg(shown.uri), alert, hasOutbox };
  return page(c, <ActivationPage {...props} />, alert === null ? 200 : 422);
}

/** The form brings the URI back: whatever else it brings is not shown. */
function readUri(uri: unknown): { uri: string; secret: string } | null {
  if (typeof uri !== 'string') return null;
  try {
    return { uri, secret: parseOtpauthUri(uri).secret.toBase32() };
  } catch {
    return null;
  }
}

function proof(
  { hasOutbox }: Services,
  c: Context,
  asked: typeof deactivation,
  alert: string | null,
): Response | Promise<Response> {
  const status: PageStatus = alert === null ? 200 : 422;
  return page(c, <ProofPage {...asked} alert={alert} hasOutbox={hasOutbox} />, status);
}
