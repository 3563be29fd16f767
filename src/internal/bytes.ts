import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { failType, failValue } from './asserts.js';

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * Copies the bytes of a Uint8Array, even of one that was made in another realm.
 *
 * Check the copy, not the original: a subclass can claim any `length`, and the caller can still write to it.
 *
 * @param name - what to call the bytes in errors
 * @param value - the bytes as the caller passed them
 * @param expected - what errors say that it must be
 * @returns a copy that shares no memory with `value`
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`
 */
export function readBytes(name: string, value: unknown, expected = 'a Uint8Array'): Uint8Array {
  if (!isUint8Array(value)) failType(name, expected, value);
  // The constructor reads the true length, whatever a property says.
  return new Uint8Array(value);
}

/** Compares two byte arrays in a time that depends on their lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

/** base64url without padding (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Reads base64url or base64 (RFC 4648 sections 4 and 5), without padding or with the right one.
 *
 * @param name - what to call the text in errors, which never repeat it
 * @param text - the text
 * @returns the bytes
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`
 */
export function fromBase64Url(name: string, text: string): Uint8Array {
  // `atob` would skip white space.
  if (!/^[\w+/-]*={0,2}$/.test(text)) failText(name);
  return Uint8Array.from(decodeBase64(name, text), (character) => character.charCodeAt(0));
}

/** Lower-case hexadecimal digits (RFC 4648 section 8). */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/**
 * Joins texts into bytes so that no two lists give the same: each text stands behind its length.
 *
 * The bytes are UTF-16. UTF-8 would merge all lone surrogates, and with them the names of two accounts.
 */
export function joinTexts(texts: readonly string[]): Uint8Array {
  const length = texts.reduce((sum, text) => sum + LENGTH_BYTES + UNIT_BYTES * text.length, 0);
  const view = new DataView(new ArrayBuffer(length));
  let end = 0;
  for (const text of texts) {
    view.setUint32(end, text.length);
    end += LENGTH_BYTES;
    for (let index = 0; index < text.length; index++, end += UNIT_BYTES)
      view.setUint16(end, text.charCodeAt(index));
  }
  return new Uint8Array(view.buffer);
}

const LENGTH_BYTES = 4;
const UNIT_BYTES = 2;

/** By its tag, since `instanceof` fails for another realm's. */
function isUint8Array(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function decodeBase64(name: string, text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return failText(name);
  }
}

function failText(name: string): never {
  return failValue(name, 'base64url or base64 text');
}

/** SHA-256 of texts (FIPS 180-4): 32 bytes that no other list of texts gives. */
export function digestTexts(texts: readonly string[]): Uint8Array {
  return sha256(joinTexts(texts));
}

/** HMAC-SHA-256 of texts (RFC 2104): 32 bytes. */
export function macTexts(key: Uint8Array, texts: readonly string[]): Uint8Array {
  return hmac(sha256, key, joinTexts(texts));
}
