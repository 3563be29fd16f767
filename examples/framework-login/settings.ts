import { loggedIn, type LoggedIn, browserOf, notBegun, refused, type Services } from './acts.js';
import { askedBy } from './login.js';
import * as pages from './pages.js';
import type { Login } from './session.js';
import { type Act, type Answer, localeOf, textOf, type Visit } from './visit.js';
import { problemOf } from './words.js';

/** _Master Data_, where customers switch their app on and off. */
export interface SettingsActs {
  /** GET /master-data */
  readonly masterData: Act;
  /** POST /activation */
  readonly activate: Act;
  /** GET /activation */
  readonly showActivation: Act;
  /** POST /activation/token */
  readonly prove: Act;
  /** POST /activation/confirm */
  readonly confirm: Act;
  /** GET /recovery-codes */
  readonly showCodes: Act;
  /** POST /deactivation */
  readonly deactivate: Act;
}

/** The purpose of the code that is asked for before the first app. */
const purpose = 'activate';

const MINUTE = 60_000;

/** Makes the acts of the settings. */
export function settingsActs(services: Services): SettingsActs {
  const { twoFactor, now } = services;
  return {
    masterData: loggedIn(services, async ({ query }, { login, customer }) => {
      const status = await twoFactor.status(customer.number);
      const hasCodes = codesOf(login, now()) !== null;
      const method = status.method === 'authenticator' ? status.method : 'email';
      const problem = problemOf(query, now(), method);
      return { page: pages.masterDataPage({ customer, status, hasCodes }, problem) };
    }),

    activate: loggedIn(services, (visit, who) => activate(services, visit, who)),

    showActivation: loggedIn(services, ({ query }, { login: { activation, stepUp } }) => {
      const problem = problemOf(query, now());
      if (activation !== undefined)
        return activation.expiresAt > now()
          ? { page: pages.activationPage(activation, problem) }
          : { page: pages.activationOverPage() };
      return stepUp === undefined ? { goTo: '/master-data' } : { page: pages.stepUpPage(stepUp, problem) };
    }),

    prove: loggedIn(services, async (visit, who) => {
      const { login } = who;
      const { userId, stepUp, activation } = login;
      if (stepUp === undefined || activation !== undefined) return { goTo: '/activation' };
      const { challenge } = stepUp;
      const code = textOf(visit.form, 'code');
      const browser = browserOf(visit, userId);
      const result = await twoFactor.complete({ userId, purpose, challenge, code, browser });
      if (!result.ok) return refused('/activation', result);
      return beginActivation(services, { ...login, provedAt: now(), stepUp: undefined });
    }),

    confirm: loggedIn(services, async ({ form }, { login }) =>
      confirm(services, login, textOf(form, 'code')),
    ),

    showCodes: loggedIn(services, (_visit, { login }) => {
      const codes = codesOf(login, now());
      return codes === null ? { goTo: '/master-data' } : { page: pages.recoveryCodesPage(codes) };
    }),

    deactivate: loggedIn(services, async ({ form }, { login }) => {
      const { userId } = login;
      const result = await twoFactor.deactivate({ userId, code: textOf(form, 'code') });
      // Inactive: the form was sent twice.
      if (!result.ok && result.reason === 'inactive') return { goTo: '/master-data' };
      if (!result.ok) return refused('/master-data', result);
      return { goTo: '/master-data', change: await endOtherSessions(services, login, {}) };
    }),
  };
}

/**
 * The first app takes mail's place, so the code that allows it must be a fresh one: a session that was left open is not
 * enough.
 */
async function activate(services: Services, visit: Visit, { login, customer }: LoggedIn): Promise<Answer> {
  const { twoFactor, now } = services;
  const { userId, provedAt, activation } = login;
  if (activation !== undefined && activation.expiresAt > now()) return { goTo: '/activation' };
  if ((await twoFactor.status(userId)).method === 'authenticator') return { goTo: '/master-data' };
  if (provedAt !== null && now() - provedAt < 10 * MINUTE) return beginActivation(services, login);
  const { email } = customer;
  const browser = browserOf(visit, userId);
  const begun = await twoFactor.begin({ userId, email, purpose, locale: localeOf(visit), browser });
  if (!begun.ok) return notBegun('/master-data', begun);
  const stepUp = askedBy(begun) ?? undefined;
  const session = { ...login, stepUp, activation: undefined };
  return { goTo: '/activation', change: { is: 'kept', session } };
}

async function beginActivation({ twoFactor }: Services, login: Login): Promise<Answer> {
  const { userId } = login;
  const begun = await twoFactor.beginActivation({ userId, account: userId });
  if (!begun.ok) return refused('/master-data', begun);
  const { uri, secret, expiresAt } = begun;
  const activation = { uri, secret: secret.toBase32(), expiresAt: expiresAt.getTime() };
  return { goTo: '/activation', change: { is: 'kept', session: { ...login, activation } } };
}

async function confirm(services: Services, login: Login, code: string): Promise<Answer> {
  const { userId } = login;
  const result = await services.twoFactor.confirmActivation({ userId, code });
  // Unknown: the form was sent twice, and the first one has put the codes into the session.
  if (!result.ok && result.reason === 'unknown') return { goTo: '/recovery-codes' };
  if (!result.ok) return refused('/activation', result);
  const recoveryCodes = { codes: result.recoveryCodes ?? [], until: services.now() + 10 * MINUTE };
  return { goTo: '/recovery-codes', change: await endOtherSessions(services, login, { recoveryCodes }) };
}

/** A factor has changed: an intruder who is logged in should not stay. */
async function endOtherSessions(
  { customers }: Services,
  { userId, provedAt }: Login,
  more: Partial<Login>,
): Promise<{ is: 'kept'; session: Login }> {
  const generation = await customers.endSessions(userId);
  return { is: 'kept', session: { step: 'in', userId, generation, provedAt, ...more } };
}

function codesOf({ recoveryCodes }: Login, now: number): readonly string[] | null {
  return recoveryCodes !== undefined && recoveryCodes.until > now ? recoveryCodes.codes : null;
}
