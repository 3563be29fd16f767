import { type BeginResult, isCountersignError } from 'countersign';
import type { Context } from 'hono';
import { browserCookieName } from '../browser-cookie.js';
import type { Customer } from '../data/customers.js';
import type { Asked } from '../data/session.js';
import type { Flash } from '../flash.js';
import type { Services } from '../services.js';
import type { AppEnv } from '../view.js';
import { locales } from '../words/languages.js';

/** Login, or the fresh token before the first app. */
export type Purpose = 'login' | 'activate';

/** What to ask for, what to say about it, and whether this browser may go on without. */
export type Asking =
  | { readonly kind: 'asked'; readonly asked: Asked; readonly says: Flash | null }
  | { readonly kind: 'passed' }
  | { readonly kind: 'lost' };

/** Asks for a code, which sends a mail unless there is an app. What was asked before stays good if nothing new comes. */
export async function ask(
  services: Services,
  c: Context<AppEnv>,
  { customer, purpose, before }: { customer: Customer; purpose: Purpose; before: Asked | null },
): Promise<Asking> {
  const { number: userId, email, timeZone } = customer;
  try {
    const begun = await services.twoFactor.begin({
      ...{ userId, email, purpose },
      locale: locales[c.var.language],
      context: { timeZone },
      browser: services.cookies.get(c, browserCookieName(userId)),
    });
    return begun.ok ? accepted(begun) : hindered(begun, before);
  } catch (error) {
    if (!isCountersignError(error) || error.code !== 'ERR_SEND_FAILED') throw error;
    return withHindrance(before, { says: 'sendFailed', retryAt: null });
  }
}

function accepted(begun: Extract<BeginResult, { ok: true }>): Asking {
  switch (begun.method) {
    // Not in this app, whose fallback is mail.
    case 'none':
    case 'remembered':
      return { kind: 'passed' };
    case 'authenticator': {
      const { challenge, retryAt } = begun;
      const hindrance = retryAt === null ? null : { says: 'waits' as const, retryAt: retryAt.getTime() };
      const asked: Asked = { method: 'authenticator', challenge, mail: null, hindrance };
      return { kind: 'asked', asked, says: null };
    }
    case 'email': {
      const { challenge, sentTo, expiresAt, resendAt, long, sent } = begun;
      const mail = {
        sentTo,
        expiresAt: expiresAt.getTime(),
        resendAt: resendAt.getTime(),
        isLong: long === true,
      };
      const asked: Asked = { method: 'email', challenge, mail, hindrance: null };
      return { kind: 'asked', asked, says: { says: sent ? 'tokenSent' : 'tokenOnItsWay' } };
    }
  }
}

function hindered({ reason, retryAt }: Extract<BeginResult, { ok: false }>, before: Asked | null): Asking {
  if (reason === 'lost') return { kind: 'lost' };
  const says = reason === 'locked' ? 'lockedOut' : reason;
  return withHindrance(before, { says, retryAt: retryAt?.getTime() ?? null });
}

function withHindrance(before: Asked | null, hindrance: NonNullable<Asked['hindrance']>): Asking {
  const { method = 'email', challenge = null, mail = null } = before ?? {};
  // The page tells the hindrance for as long as it lasts.
  return { kind: 'asked', asked: { method, challenge, mail, hindrance }, says: null };
}
