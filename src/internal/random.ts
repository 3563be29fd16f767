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
  const start = reserve(length);
  const characters = scratch(length);
  for (let index = 0; index < length; index++)
    characters[index] = BASE64URL.charCodeAt(takeByte(start + index) & 63);
  return String.fromCharCode(...characters);
}

function randomUint32(): number {
  const start = reserve(4);
  let value = 0;
  for (let index = start; index < start + 4; index++) value = (value << 8) | takeByte(index);
  return value >>> 0;
}

/**
 * Bytes drawn ahead: asking the platform's generator costs as much for a few bytes as for a thousand, and more than
 * the rest of a token. Only what is short-lived comes from here; secrets and nonces are drawn when they are needed.
 *
 * No byte is given out twice: nothing yields between reading and wiping it, and each thread has a module, and so a
 * pool, of its own. What could double a pool is a snapshot of the whole machine that is started twice; such clones
 * wake up later, and {@link POOL_MS} has them draw anew.
 */
const pool = /* @__PURE__ */ new Uint8Array(4096);
const POOL_BYTES = 4096;
const POOL_MS = 1000;
// Nothing is drawn while the module loads: workerd allows no randomness there.
let taken = POOL_BYTES;
let drawnAt = 0;

/** Sets the next `length` bytes of the pool aside, young enough, and tells where they begin. */
function reserve(length: number): number {
  const time = Date.now();
  if (taken + length > POOL_BYTES || Math.abs(time - drawnAt) > POOL_MS) {
    globalThis.crypto.getRandomValues(pool);
    taken = 0;
    drawnAt = time;
  }
  taken += length;
  return taken - length;
}

/** Reads a byte that was set aside, and wipes it. */
function takeByte(index: number): number {
  const byte = pool[index] ?? 0;
  pool[index] = 0;
  return byte;
}
