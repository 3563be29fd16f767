/** Bytes from the platform's cryptographic generator. */
export function randomBytes(length: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}

/** A uniform text of base64url characters, six bits each. */
export function randomText(length: number): string {
  return randomLetters('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', length);
}

/** A uniform code of decimal digits, leading zeros included. */
export function randomDigits(digits: number): string {
  return randomLetters('0123456789', digits);
}

/**
 * A uniform text over an alphabet of 2 to 256 characters.
 *
 * Bytes past the largest multiple of the alphabet's length are drawn again: a bare remainder would make some
 * characters likelier than others.
 */
export function randomLetters(alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    const usable = Array.from(randomBytes(length)).filter((byte) => byte < limit);
    text += usable.map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
  }
  return text.slice(0, length);
}
