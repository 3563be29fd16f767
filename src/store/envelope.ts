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
  const isLive = text.startsWith('live ');
  const end = text.indexOf(' ', EXPIRY);
  const expiresAt = readExpiry(text, end);
  // Never "absent": a record that somebody damaged would start again with all its attempts.
  if (expiresAt === undefined || !(isLive || text.startsWith('gone ')))
    throw new CountersignError('ERR_STORE_FAILED', 'the store returned a value that was not written here');
  return { value: isLive ? text.slice(end + 1) : undefined, expiresAt };
}

/** Where the expiry begins: behind `live ` or `gone `. */
const EXPIRY = 5;
const MAX_DIGITS = 16;

/** The expiry up to `end`; undefined if there is none. Digit by digit: a pattern took several times as long. */
function readExpiry(text: string, end: number): Date | null | undefined {
  const length = end - EXPIRY;
  if (length === 1 && text[EXPIRY] === '-') return null;
  if (length < 1 || length > MAX_DIGITS) return undefined;
  let instant = 0;
  for (let index = EXPIRY; index < end; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    instant = instant * 10 + digit;
  }
  return new Date(instant);
}
