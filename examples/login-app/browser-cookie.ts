import { createHash } from 'node:crypto';

/** One cookie for each customer, since a family shares a browser; its name does not tell who it is. */
export function browserCookieName(customerNumber: string): string {
  return `browser-${createHash('sha256').update(customerNumber).digest('hex').slice(0, 12)}`;
}
