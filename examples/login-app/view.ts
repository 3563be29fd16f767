import type { Context } from 'hono';
import { html } from 'hono/html';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Customer } from './data/customers.js';
import type { LoggedIn } from './data/session.js';
import { type Flash, takeFlash } from './flash.js';
import type { Services } from './services.js';
import { formatDate, formatTime, type Language, languages } from './words/languages.js';
import type { Words } from './words/en.js';

/** What the routes know of each request. */
export interface AppEnv {
  Variables: {
    language: Language;
    /** Behind the login only: see {@link requireLogin}. */
    session: LoggedIn;
  };
}

/** What every page needs to draw itself. */
export interface View {
  readonly words: Words;
  readonly language: Language;
  /** The page's own address, to come back to after a change of the language. */
  readonly path: string;
  readonly flash: Flash | null;
  /** Null until both steps are passed. */
  readonly customer: Customer | null;
  readonly hasOutbox: boolean;
  readonly now: number;
  /** An instant in the customer's language and time zone. */
  time(ms: number): string;
  date(ms: number): string;
}

/** Takes the flash, so call it once for a page that is shown. */
export function viewOf(services: Services, c: Context<AppEnv>, customer: Customer | null = null): View {
  const { language } = c.var;
  const zone = customer?.timeZone ?? 'UTC';
  const { pathname, search } = new URL(c.req.url);
  return {
    words: languages[language],
    language,
    path: c.req.method === 'GET' ? pathname + search : '/',
    flash: takeFlash(services.cookies, c),
    customer,
    hasOutbox: services.outbox !== null,
    now: services.now(),
    time: (ms) => formatTime(language, zone, ms),
    date: (ms) => formatDate(language, zone, ms),
  };
}

export type PageStatus = 200 | 404 | 500 | 503;

/** Answers with a page. */
export function page(
  c: Context,
  content: JSX.Element,
  status: PageStatus = 200,
): Response | Promise<Response> {
  return c.html(html`<!doctype html>${content}`, status);
}
