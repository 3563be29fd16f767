import type { IncomingHttpHeaders } from 'node:http';

/**
 * Tells whether another site made the browser send this. Browsers name the origin of every POST; a request with neither
 * header comes from a program, which has no cookie of a customer.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const { origin, host = '' } = headers;
  return origin !== undefined && origin !== `https://${host}` && origin !== `http://${host}`;
}
