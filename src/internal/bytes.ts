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
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads base64url with or without padding; `name` stands in the error, the text does not. */
export function fromBase64Url(name: string, text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text)) failBase64Url(name);
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  } catch {
    return failBase64Url(name);
  }
}

/**
 * One byte string from several texts, so that no two lists give the same: each text goes behind its length, in
 * UTF-16 units, since UTF-8 would merge all lone surrogates.
 */
export function joinTexts(texts: readonly string[]): Uint8Array {
  const size = texts.reduce((sum, text) => sum + 4 + 2 * text.length, 0);
  const view = new DataView(new ArrayBuffer(size));
  let offset = 0;
  for (const text of texts) {
    view.setUint32(offset, text.length);
    offset += 4;
    for (let index = 0; index < text.length; index++, offset += 2)
      view.setUint16(offset, text.charCodeAt(index));
  }
  return new Uint8Array(view.buffer);
}

function failBase64Url(name: string): never {
  throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} must be base64url text`);
}
