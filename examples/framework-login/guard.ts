import { fromAnotherSite, noSuchHost, notAForm, tooLong } from './words.js';

/** What the guard reads of a request. Names of headers are in lower case. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A request that no route may see. */
export interface GuardRefusal {
  readonly status: number;
  readonly message: string;
}

/** The names that browsers reach the examples by. Put the names of your login there. */
export const localHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The longest form that is read, in bytes. Ours have less than a tenth of it. */
export const MAX_FORM_BYTES = 10_000;

/**
 * Tells why a request must be refused before anything looks at it, or null.
 *
 * A page elsewhere can make its own name lead to this machine, so the `Host` header must be one of ours. Another site can
 * make a browser send a form, so a form must come from our own pages, in the one format that our pages send.
 */
export function refuseRequest({ method, headers }: GuardedRequest, hosts = localHosts): GuardRefusal | null {
  const host = textOf(headers['host']);
  if (!hosts.includes(host.replace(/:\d+$/, '').toLowerCase())) return { status: 421, message: noSuchHost };
  if (method !== 'POST') return null;
  if (isCrossSite(headers, host)) return { status: 403, message: fromAnotherSite };
  const type = textOf(headers['content-type']).split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return { status: 415, message: notAForm };
  return Number(headers['content-length'] ?? 0) > MAX_FORM_BYTES ? { status: 413, message: tooLong } : null;
}

/** Browsers name the origin of every POST. A request without both headers comes from a program, which has no cookie. */
function isCrossSite(headers: GuardedRequest['headers'], host: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const origin = headers['origin'];
  return origin !== undefined && origin !== `https://${host}` && origin !== `http://${host}`;
}

function textOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
