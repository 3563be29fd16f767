import { toBase64Url } from './bytes.js';

/** `length` bytes from the platform's cryptographic generator. */
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

/** `length` random bytes as base64url text. */
export function randomText(length: number): string {
  return toBase64Url(randomBytes(length));
}

function randomUint32(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
