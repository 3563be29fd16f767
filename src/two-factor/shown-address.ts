import type { KeyRing } from '../internal/keys.js';

/**
 * An address as the login page may show it: enough to know one's own, not enough to learn another's from his password.
 *
 * For a null address a made-up one, always the same for a customer: a page that shows where a mail went must not tell
 * who does not exist.
 */
export function shownAddress(ring: KeyRing, userId: string, email: string | null): string {
  if (email === null) return masked(...letters(ring.digest(['shown address', userId])));
  const at = email.lastIndexOf('@');
  return masked(firstLetter(email), firstLetter(email.slice(at + 1)));
}

function masked(local: string, domain: string): string {
  return `${local}***@${domain}***`;
}

/** By code point, so that no half of a pair is left. */
function firstLetter(text: string): string {
  return (Array.from(text)[0] ?? '').toLowerCase();
}

/** Two letters of a digest; its own are base64url. */
function letters(digest: string): [string, string] {
  const [first = 0, second = 0] = [0, 1].map((index) => digest.charCodeAt(index) % 26);
  return [String.fromCharCode(97 + first), String.fromCharCode(97 + second)];
}
