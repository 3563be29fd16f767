import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { LoggedIn } from './data/session.js';
import { type Flash, setFlash } from './flash.js';
import type { Services } from './services.js';
import { browserCookieName } from './browser-cookie.js';

/** How a form is answered: always with a redirect, so that a reload repeats nothing. */
export interface Answer {
  readonly to: string;
  readonly says?: Flash;
  /** Begins a session under a new id. */
  readonly begins?: LoggedIn;
  /** The cookie of a known browser. */
  readonly browser?: { readonly customerNumber: string; readonly value: string; readonly expiresAt: number };
}

/**
 * Answers a form that is sent twice with what it answered the first time. A double click sends the second one before
 * the first is answered: it waits.
 */
export async function once(
  services: Services,
  c: Context,
  act: (form: URLSearchParams) => Promise<Answer>,
): Promise<Response> {
  const { sessions } = services;
  const body = await c.req.text();
  const form = createHash('sha256').update(`${c.req.path}?${body}`).digest('base64');
  if ((await sessions.claim(c, form)) === false)
    return reply(services, c, await answerBefore(services, c, form));
  try {
    const answer = await act(new URLSearchParams(body));
    await sessions.settle(c, form, answer);
    return await reply(services, c, answer);
  } catch (error) {
    await sessions.settle(c, form, undefined);
    throw error;
  }
}

/** Redirects, with the cookies that belong to the answer. */
export async function reply(services: Services, c: Context, answer: Answer): Promise<Response> {
  const { cookies, sessions, now } = services;
  const { to, says, begins, browser } = answer;
  if (begins !== undefined) await sessions.begin(c, begins);
  if (browser !== undefined) {
    const { customerNumber, value, expiresAt } = browser;
    cookies.set(c, browserCookieName(customerNumber), value, Math.floor((expiresAt - now()) / 1000));
  }
  if (says !== undefined) setFlash(cookies, c, says);
  return c.redirect(to, 303);
}

async function answerBefore({ sessions }: Services, c: Context, form: string): Promise<Answer> {
  for (let round = 0; round < ROUNDS; round++) {
    const sent = await sessions.sentBefore(c, form);
    if (sent === null) break;
    if (sent.answer !== null) return sent.answer;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { to: '/', says: { says: 'unfinished' } };
}

/** Longer than a mail server takes. */
const ROUNDS = 200;
const PAUSE_MS = 50;
