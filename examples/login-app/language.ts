import type { Context, Hono, MiddlewareHandler } from 'hono';
import { accepts } from 'hono/accepts';
import type { Cookies } from './cookies.js';
import type { AppEnv } from './view.js';
import { isLanguage, type Language } from './words/languages.js';

/** The language that the person chose, or the first that their browser asks for and that we have. */
export function chooseLanguage(cookies: Cookies): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const chosen = cookies.get(c, NAME) ?? '';
    c.set('language', isLanguage(chosen) ? chosen : acceptedLanguage(c));
    return next();
  };
}

/** Each page has a switch, which leads back to the page. */
export function languageRoutes(app: Hono<AppEnv>, cookies: Cookies): void {
  app.post('/language', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const language = form.get('language') ?? '';
    if (isLanguage(language)) cookies.set(c, NAME, language, YEAR_SECONDS);
    const back = form.get('back') ?? '';
    return c.redirect(isOwnPath(back) ? back : '/', 303);
  });
}

const NAME = 'language';
const YEAR_SECONDS = 365 * 86_400;

function acceptedLanguage(c: Context): Language {
  const match = (wanted: { type: string; q: number }[]): string => {
    const byWish = [...wanted]
      .sort((a, b) => b.q - a.q)
      .map(({ type }) => type.toLowerCase().split('-')[0] ?? '');
    return byWish.find(isLanguage) ?? 'en';
  };
  const found = accepts(c, { header: 'Accept-Language', supports: ['en', 'de'], default: 'en', match });
  return isLanguage(found) ? found : 'en';
}

/** `//host` and `/\host` lead elsewhere. */
function isOwnPath(path: string): boolean {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path);
}
