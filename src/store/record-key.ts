import { sha256 } from '@noble/hashes/sha2.js';
import { joinTexts, toHex } from '../internal/bytes.js';

/**
 * The key of a record: a readable room and a digest of what the record belongs to.
 *
 * Hashing keeps user ids apart whatever they contain and wherever they are stored: `('a', 'b:c')` and `('a:b', 'c')`
 * do not meet at a separator, `Ann` and `ann` do not meet in a column that folds case, and the key has one length.
 *
 * @param room - what kind of record it is: a constant of 1 to 32 characters of `a-z 0-9 -`
 * @param parts - what it belongs to, in order; any strings
 * @returns `room:` and 64 lower-case hexadecimal digits
 */
export function recordKey(room: string, ...parts: string[]): string {
  return `${room}:${toHex(sha256(joinTexts(parts)))}`;
}
