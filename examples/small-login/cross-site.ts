import type { IncomingHttpHeaders } from 'node:http';

/**
 * Tells whether another site made the browser send this. Browsers name the origin of every POST; what carries neither
 * header is no browser, and has nobody's cookie.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const { origin, host = '' } = headers;
  return origin !== undefined && origin !== `https://${host}` && origin !== `http://${host}`;
}
