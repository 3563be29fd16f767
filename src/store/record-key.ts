import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

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
  const hash = sha256.create();
  for (const part of parts) hash.update(lengthPrefixed(part));
  return `${room}:${bytesToHex(hash.digest())}`;
}

/**
 * UTF-16 code units rather than UTF-8: an encoder replaces every lone surrogate by U+FFFD, so that two strange user
 * ids would share a record.
 */
function lengthPrefixed(text: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + 2 * text.length));
  view.setUint32(0, text.length);
  for (let i = 0; i < text.length; i++) view.setUint16(4 + 2 * i, text.charCodeAt(i));
  return new Uint8Array(view.buffer);
}
