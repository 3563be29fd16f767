import { BASE64URL, scratch } from './bytes.js';

/** `length` bytes from the platform's cryptographic generator, drawn now: for secrets, and for nonces that must never repeat. */
export function randomBytes(length: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}

/**
 * A uniform code of `digits` decimal digits, leading zeros included.
 *
 * Values past the largest multiple of the code space are drawn again: a bare remainder would make some codes
 * likelier than others.
 */
export function randomDigits(digits: number, draw: () => number = randomUint32): string {
  const space = 10 ** digits;
  const limit = 2 ** 32 - (2 ** 32 % space);
  let value = draw();
  while (value >= limit) value = draw();
  return String(value % space).padStart(digits, '0');
}

/** A uniform text of `length` characters of the alphabet, which has from 2 to 256; see {@link randomDigits} for why bytes are drawn again. */
export function randomLetters(alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    const usable = Array.from(randomBytes(length)).filter((byte) => byte < limit);
    text += usable.map((byte) => alphabet[byte % alphabet.length]).join('');
  }
  return text.slice(0, length);
}

/** A uniform text of `length` characters of base64url, at most {@link POOL_BYTES}: six bits each. */
export function randomText(length: number): string {
  fillPool(length);
  const characters = scratch(length);
  for (let index = 0; index < length; index++) characters[index] = BASE64URL.charCodeAt(takeByte() & 63);
  return String.fromCharCode(...characters);
}

function randomUint32(): number {
  fillPool(4);
  return ((takeByte() << 24) | (takeByte() << 16) | (takeByte() << 8) | takeByte()) >>> 0;
}

/**
 * Bytes drawn ahead: asking the platform's generator costs as much for a few bytes as for a thousand, and more than
 * the rest of a token. Only what is short-lived comes from here; secrets and nonces are drawn when they are needed.
 *
 * No byte is given out twice: nothing yields between reading and wiping it, and each thread has a module, and so a
 * pool, of its own. What could double a pool is a snapshot of the whole machine that is started twice; such clones
 * wake up later, and {@link POOL_MS} has them draw anew.
 */
const pool = /* @__PURE__ */ new Uint8Array(1024);
const POOL_BYTES = 1024;
const POOL_MS = 1000;
// Nothing is drawn while the module loads: workerd allows no randomness there.
let taken = POOL_BYTES;
let drawnAt = 0;

/** Sees to it that the next `length` bytes are there, and young enough. */
function fillPool(length: number): void {
  const time = Date.now();
  if (taken + length <= POOL_BYTES && Math.abs(time - drawnAt) <= POOL_MS) return;
  globalThis.crypto.getRandomValues(pool);
  taken = 0;
  drawnAt = time;
}

function takeByte(): number {
  const byte = pool[taken] ?? 0;
  pool[taken++] = 0;
  return byte;
}
