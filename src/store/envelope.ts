import { CountersignError } from '../internal/errors.js';

/** What a stored value says: `value` is undefined for a tombstone. */
export interface Envelope {
  value: string | undefined;
  expiresAt: Date | null;
}

/**
 * The text that goes into a store: the caller's value, with its expiry in front.
 *
 * The expiry travels inside the value because a store may judge it late (a TTL monitor, another clock, a restored
 * backup), and a late yes is a replay.
 */
export function formatEnvelope({ value, expiresAt }: Envelope): string {
  const expiry = expiresAt === null ? '-' : String(expiresAt.getTime());
  return value === undefined ? `gone ${expiry} ` : `live ${expiry} ${value}`;
}

/** Reads {@link formatEnvelope}'s text back; throws `ERR_STORE_FAILED` if it is anything else. */
export function parseEnvelope(text: string): Envelope {
  // Never "absent": a record that somebody damaged would start again with all its attempts.
  if (!/^(?:live|gone) (?:-|\d{1,16}) /.test(text))
    throw new CountersignError('ERR_STORE_FAILED', 'the store returned a value that was not written here');
  const end = text.indexOf(' ', EXPIRY);
  const expiry = text.slice(EXPIRY, end);
  const value = text.startsWith('live') ? text.slice(end + 1) : undefined;
  return { value, expiresAt: expiry === '-' ? null : new Date(Number(expiry)) };
}

/** Where the expiry begins: behind `live ` or `gone `. */
const EXPIRY = 5;
