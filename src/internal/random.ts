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

/** `length` random bytes as base64url text. */
export function randomText(length: number): string {
  return toBase64Url(randomBytes(length));
}

function randomUint32(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
