import { failType } from './asserts.js';
import { CountersignError } from './errors.js';

const encoder = /* @__PURE__ */ new TextEncoder();

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Asserts that `value` is a Uint8Array, also one made in another realm. */
export function assertBytes(name: string, value: unknown): asserts value is Uint8Array {
  const isBytes = Object.prototype.toString.call(value) === '[object Uint8Array]';
  if (!isBytes || !ArrayBuffer.isView(value)) failType(name, 'a Uint8Array', value);
}

/** A copy that shares no memory with its source: `slice` on a Node Buffer would. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
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
  const characters: number[] = [];
  for (let index = 0; index < bytes.length; index += 3) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    characters.push(sextet(group >>> 18), sextet(group >>> 12), sextet(group >>> 6), sextet(group));
  }
  // The last group may have brought characters that stand for no byte.
  return String.fromCharCode(...characters).slice(0, Math.ceil((bytes.length * 4) / 3));
}

/** Reads base64url with or without padding; `name` stands in the error, the text does not. */
export function fromBase64Url(name: string, text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text)) failBase64Url(name);
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = new Uint8Array(binary.length);
    // Not Uint8Array.from, which takes seven times as long.
    for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
    return bytes;
  } catch {
    return failBase64Url(name);
  }
}

/**
 * One byte string from several texts, so that no two lists give the same: each text goes behind its length, in
 * UTF-16 units, since UTF-8 would merge all lone surrogates.
 */
export function joinTexts(texts: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(joinedLength(texts));
  writeTexts(bytes, texts);
  return bytes;
}

/** How many bytes {@link joinTexts} makes of texts. */
export function joinedLength(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += 4 + 2 * text.length;
  return length;
}

/** Writes what {@link joinTexts} makes of texts to the beginning of `target`. */
export function writeTexts(target: Uint8Array, texts: readonly string[]): void {
  let offset = 0;
  for (const text of texts) {
    const { length } = text;
    for (let shift = 24; shift >= 0; shift -= 8) target[offset++] = length >>> shift;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      target[offset++] = unit >>> 8;
      target[offset++] = unit;
    }
  }
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The character of the lowest six bits. */
function sextet(group: number): number {
  return BASE64URL.charCodeAt(group & 63);
}

function failBase64Url(name: string): never {
  throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} must be base64url text`);
}
