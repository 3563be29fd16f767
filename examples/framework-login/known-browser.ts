import { createHash } from 'node:crypto';
import type { KnownBrowser } from './visit.js';

/** A cookie as every framework sets it. */
export interface BrowserCookie {
  readonly name: string;
  readonly value: string;
  readonly options: {
    readonly path: '/';
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly secure: boolean;
    readonly expires: Date;
  };
}

/** The cookie that makes this browser a known one. It stays when the customer logs out. */
export function browserCookie(
  { userId, value, expiresAt: expires }: KnownBrowser,
  secure: boolean,
): BrowserCookie {
  const name = nameOf(userId, secure);
  return { name, value, options: { path: '/', httpOnly: true, sameSite: 'lax', secure, expires } };
}

/** A cookie as the text of its header, where the framework does not write it. */
export function cookieText({ name, value, options: { expires, secure } }: BrowserCookie): string {
  const attributes = `Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Lax`;
  return `${name}=${value}; ${attributes}${secure ? '; Secure' : ''}`;
}

/** What the browser sent as this customer's cookie. A family may share a computer, so each customer has their own. */
export function readBrowser(
  cookies: string | undefined,
  { userId, isSecure }: { userId: string; isSecure: boolean },
): string | undefined {
  return new RegExp(`(?:^|; )${nameOf(userId, isSecure)}=([^;]*)`).exec(cookies ?? '')?.[1];
}

/** Says nothing about the customer. The prefix keeps other hosts of the domain from setting it. */
function nameOf(userId: string, isSecure: boolean): string {
  const hash = createHash('sha256').update(userId).digest('hex').slice(0, 12);
  return `${isSecure ? '__Host-' : ''}browser-${hash}`;
}
