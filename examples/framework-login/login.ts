import { createHash } from 'node:crypto';
import type { BeginResult } from 'countersign';
import { browserOf, halfway, notBegun, refused, type Services } from './acts.js';
import { checkPassword, type Customer } from './customers.js';
import * as pages from './pages.js';
import { type Asked, type HalfLogin, methodOf } from './session.js';
import { type Act, type Answer, localeOf, textOf, type Visit } from './visit.js';
import { pageWith, problemOf } from './words.js';

/** The password and the second step, in the order in which a customer meets them. */
export interface LoginActs {
  /** GET / */
  readonly home: Act;
  /** POST /login */
  readonly logIn: Act;
  /** GET /security-token */
  readonly askCode: Act;
  /** POST /security-token */
  readonly complete: Act;
  /** POST /security-token/new */
  readonly sendAgain: Act;
  /** POST /logout */
  readonly logOut: Act;
}

/** Makes the acts of the login. */
export function loginActs(services: Services): LoginActs {
  const { customers, now } = services;
  return {
    home: ({ session, query }) => {
      if (session?.step === 'in') return Promise.resolve({ goTo: '/master-data' });
      if (session?.step === 'code') return Promise.resolve({ goTo: '/security-token' });
      return Promise.resolve({ page: pages.loginPage(problemOf(query, now())) });
    },

    logIn: async (visit) => {
      const { form } = visit;
      const customer = await checkPassword(customers, textOf(form, 'number'), textOf(form, 'password'));
      if (customer === null) return { goTo: pageWith('/', 'password') };
      return beginLogin(services, visit, customer);
    },

    askCode: halfway(({ query }, half) => ({
      page: pages.secondStepPage(half, problemOf(query, now(), methodOf(half))),
    })),

    complete: halfway((visit, half) => completeLogin(services, visit, half)),

    sendAgain: halfway(async (visit, { userId }) => {
      const customer = await customers.find(userId);
      return customer === undefined
        ? { goTo: pageWith('/', 'over') }
        : beginLogin(services, visit, customer, '/security-token');
    }),

    logOut: () => Promise.resolve({ goTo: '/', change: { is: 'ended' } }),
  };
}

async function beginLogin(
  { twoFactor }: Services,
  visit: Visit,
  { number: userId, email, hasApp, generation }: Customer,
  onRefusal = '/',
): Promise<Answer> {
  const begun = await twoFactor.begin({
    userId,
    email,
    locale: localeOf(visit),
    browser: browserOf(visit, userId),
    expect: hasApp ? 'authenticator' : undefined,
  });
  if (!begun.ok) return notBegun(onRefusal, begun);
  const asked = askedBy(begun);
  if (asked === null) {
    // No code was asked for, so none was right: `provedAt` is null.
    const session = { step: 'in', userId, generation, provedAt: null } as const;
    return { goTo: '/master-data', change: { is: 'renewed', session } };
  }
  const session = { step: 'code', userId, ...asked } as const;
  const retryAt = begun.method === 'authenticator' ? begun.retryAt : null;
  const path = '/security-token';
  const goTo = retryAt === null ? path : pageWith(path, 'delayed', retryAt);
  return { goTo, change: { is: 'renewed', session } };
}

/** What the second step needs of a `begin`; null if it asks for no code. */
export function askedBy(begun: Extract<BeginResult, { ok: true }>): Asked | null {
  switch (begun.method) {
    case 'email':
      return { challenge: begun.challenge, sentTo: begun.sentTo, isLong: begun.long };
    case 'authenticator':
      return { challenge: begun.challenge };
    case 'none':
    case 'remembered':
      return null;
  }
}

async function completeLogin(services: Services, visit: Visit, half: HalfLogin): Promise<Answer> {
  const { twoFactor, customers, completions, now } = services;
  const { userId, challenge } = half;
  const code = textOf(visit.form, 'code');
  const key = createHash('sha256').update(`${challenge} ${code}`).digest('base64url');
  const result = await twoFactor.complete({ userId, challenge, code, browser: browserOf(visit, userId) });
  if (result.ok) await completions.note(key);
  // The form was sent twice: what matters is that it was right a moment ago, in this very login.
  else if (result.reason !== 'replayed' || !(await isNoted(services, key)))
    return refused('/security-token', result);
  const { generation = 0 } = (await customers.find(userId)) ?? {};
  return {
    goTo: '/master-data',
    change: { is: 'renewed', session: { step: 'in', userId, generation, provedAt: now() } },
    browser: result.ok && result.browser !== undefined ? { userId, ...result.browser } : undefined,
  };
}

/** The other request may have been answered by countersign and not have noted it yet. */
async function isNoted({ completions }: Services, key: string): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await completions.has(key)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
