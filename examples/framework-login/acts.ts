import type { TwoFactor } from 'countersign';
import type { Completions } from './completions.js';
import type { Customer, Customers } from './customers.js';
import { readBrowser } from './known-browser.js';
import type { HalfLogin, Login } from './session.js';
import type { Act, Answer, Visit } from './visit.js';
import { pageWith, type Refusal } from './words.js';

/** What the acts work with. */
export interface Services {
  readonly twoFactor: TwoFactor;
  readonly customers: Customers;
  readonly completions: Completions;
  readonly now: () => number;
}

/** An act after the password was right. */
export function halfway(act: (visit: Visit, half: HalfLogin) => Answer | Promise<Answer>): Act {
  return async (visit) => {
    const { session } = visit;
    if (session?.step === 'in') return { goTo: '/master-data' };
    return session === undefined ? { goTo: pageWith('/', 'over') } : act(visit, session);
  };
}

/** What an act behind the login knows. */
export interface LoggedIn {
  readonly login: Login;
  readonly customer: Customer;
}

/** An act after both steps. A login of before a factor changed has ended. */
export function loggedIn(
  { customers }: Services,
  act: (visit: Visit, who: LoggedIn) => Answer | Promise<Answer>,
): Act {
  return async (visit) => {
    const { session } = visit;
    if (session === undefined) return { goTo: pageWith('/', 'over') };
    if (session.step === 'code') return { goTo: '/security-token' };
    const customer = await customers.find(session.userId);
    if (customer?.generation !== session.generation)
      return { goTo: pageWith('/', 'over'), change: { is: 'ended' } };
    return act(visit, { login: session, customer });
  };
}

/** Leads to the page that says why not. */
export function refused(path: string, { reason, retryAt }: Refusal): Answer {
  return { goTo: pageWith(path, reason, retryAt) };
}

/** The same for a `begin`: its `locked` says that the longer code was sent and used. */
export function notBegun(path: string, { reason, retryAt }: Refusal): Answer {
  return { goTo: pageWith(path, reason === 'locked' ? 'lockedOut' : reason, retryAt) };
}

/** The customer's cookie of a known browser. */
export function browserOf({ header, isSecure }: Visit, userId: string): string | undefined {
  return readBrowser(header('cookie'), { userId, isSecure });
}
