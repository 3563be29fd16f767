import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';

/** Cookies that no script reads; over https, that no other host can plant. */
export interface Cookies {
  get(c: Context, name: string): string | undefined;
  /** Without a number of seconds, the cookie goes when the browser is closed. */
  set(c: Context, name: string, value: string, maxAge?: number): void;
  remove(c: Context, name: string): void;
}

export function createCookies(isSecure: boolean): Cookies {
  const options: CookieOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure,
    ...(isSecure && { prefix: 'host' }),
  };
  return {
    get: (c, name) => getCookie(c, name, options.prefix),
    set: (c, name, value, maxAge) => {
      setCookie(c, name, value, { ...options, ...(maxAge !== undefined && { maxAge }) });
    },
    remove: (c, name) => {
      deleteCookie(c, name, options);
    },
  };
}
