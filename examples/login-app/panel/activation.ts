import type { ConfirmActivationResult } from 'countersign';
import { type Context, Hono } from 'hono';
import { findCustomer } from '../data/customers.js';
import type { Activation, LoggedIn } from '../data/session.js';
import type { Flash } from '../flash.js';
import { type Answer, once } from '../once.js';
import { refused } from '../pages/parts.js';
import { MAX_APPS, type Services } from '../services.js';
import { type AppEnv, page, viewOf } from '../view.js';
import { languages } from '../words/languages.js';
import { ActivationPage } from './activation-page.js';
import { isFresh } from './fresh-token.js';
import { RECOVERY_CODES_MS } from './recovery-codes.js';

/** Setting up an app: the first one, another one, or a new phone. */
export function activationRoutes(services: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes
    .get('/two-factor/activation', (c) => show(services, c))
    .post('/two-factor/activation', (c) => once(services, c, (form) => confirm(services, c, form)));
  return routes;
}

const PAGE = '/two-factor/activation';

async function show(services: Services, c: Context<AppEnv>): Promise<Response> {
  const { twoFactor, sessions, now } = services;
  const { session } = c.var;
  const { customerNumber } = session;
  const { apps } = await twoFactor.status(customerNumber);
  if (apps.length >= MAX_APPS) return c.redirect('/master-data', 303);
  const wantedName = readName(c.req.query('name'));
  if (apps.length === 0 && !isFresh(session, now())) {
    await sessions.change<LoggedIn>(c, session, { wantedName });
    return c.redirect('/two-factor/fresh-token', 303);
  }
  const { defaultAppName } = languages[c.var.language].masterData;
  const name =
    wantedName ?? session.wantedName ?? session.activation?.name ?? defaultAppName(apps.length + 1);
  const { activation: last } = session;
  const isGood = last !== null && last.expiresAt > now() && last.name === name;
  const activation = isGood ? last : await begin(services, c, name);
  if (activation === null) return c.redirect('/master-data', 303);
  const view = viewOf(services, c, findCustomer(customerNumber));
  const flash: Flash | null =
    last !== null && last.expiresAt <= now() ? { says: 'activationExpired' } : view.flash;
  const needsProof = apps.length > 0 && session.proof === null;
  return page(
    c,
    ActivationPage({ view: { ...view, flash }, activation, needsProof, isProved: session.proof !== null }),
  );
}

/** Keeps the secret in the session, so that the QR code stays the same while it is good. */
async function begin(services: Services, c: Context<AppEnv>, name: string): Promise<Activation | null> {
  const { session } = c.var;
  const { customerNumber } = session;
  const begun = await services.twoFactor.beginActivation({
    userId: customerNumber,
    account: customerNumber,
    name,
  });
  if (!begun.ok) return null;
  const activation = { uri: begun.uri, name, expiresAt: begun.expiresAt.getTime() };
  await services.sessions.change<LoggedIn>(c, session, { activation, wantedName: null });
  return activation;
}

async function confirm(services: Services, c: Context<AppEnv>, form: URLSearchParams): Promise<Answer> {
  const { twoFactor, sessions, now } = services;
  const { session } = c.var;
  const { customerNumber: userId, proof: ticket, activation } = session;
  const proof = ticket ?? form.get('proof');
  const result = await twoFactor.confirmActivation({ userId, code: form.get('code'), proof });
  if (!result.ok) return refuse(services, c, result, form.get('proof') !== null && form.get('proof') !== '');
  const { recoveryCodes: codes } = result;
  await sessions.change<LoggedIn>(c, session, {
    ...{ activation: null, proof: null, provedAt: now() },
    recoveryCodes: codes === null ? null : { codes, until: now() + RECOVERY_CODES_MS },
  });
  await sessions.endOthers(c, userId);
  if (codes !== null) return { to: '/two-factor/recovery-codes' };
  const says = ticket === null ? 'appAdded' : 'appAddedByRecovery';
  return { to: '/master-data', says: { says, name: activation?.name ?? '' } };
}

type Refusal = Extract<ConfirmActivationResult, { ok: false }>;

/** The page comes back at the field that is wrong: on a phone it lies below the QR code. */
async function refuse(
  services: Services,
  c: Context<AppEnv>,
  result: Refusal,
  hasProof: boolean,
): Promise<Answer> {
  const { sessions, twoFactor } = services;
  const { session } = c.var;
  switch (result.reason) {
    case 'malformed':
      return { to: `${PAGE}#code-field`, says: { says: 'malformed', by: 'authenticator', field: 'code' } };
    case 'mismatch':
      return { to: `${PAGE}#code-field`, says: { says: 'newAppMismatch', field: 'code' } };
    case 'proof':
      // The ticket of the login may have ended with a change of a factor: then the page asks for a code.
      await sessions.change<LoggedIn>(c, session, { proof: null });
      return {
        to: `${PAGE}#proof-field`,
        says: refused(
          { ...result, reason: hasProof ? 'mismatch' : 'proof' },
          { by: 'authenticator', field: 'proof' },
        ),
      };
    case 'replayed':
    case 'delayed':
    case 'locked':
      return {
        to: PAGE,
        says: refused({ ...result, reason: result.reason }, { by: 'authenticator', field: 'proof' }),
      };
    case 'full':
      return { to: '/master-data', says: { says: 'full' } };
    case 'expired':
      await sessions.change<LoggedIn>(c, session, { activation: null });
      return { to: PAGE, says: { says: 'activationExpired' } };
    case 'unknown': {
      // Sent again from a page that is long done with, or confirmed in another browser.
      await sessions.change<LoggedIn>(c, session, { activation: null });
      const { apps } = await twoFactor.status(session.customerNumber);
      return apps.length > 0 ? { to: '/master-data', says: { says: 'alreadyActive' } } : { to: PAGE };
    }
  }
}

/** A name that people can read, or null. */
function readName(text: string | undefined): string | null {
  const name = (text ?? '').replaceAll(/\p{C}/gu, '').trim();
  // By code point, so that no half of a pair is left.
  return name === '' ? null : Array.from(name).slice(0, 40).join('');
}
