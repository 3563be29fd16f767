import { failType } from './asserts.js';

const encoder = /* @__PURE__ */ new TextEncoder();

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Asserts that `value` is a Uint8Array, also one made in another realm. */
export function assertBytes(name: string, value: unknown): asserts value is Uint8Array {
  const isBytes =
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]');
  if (!isBytes) failType(name, 'a Uint8Array', value);
}

/** A copy that shares no memory with its source: `slice` on a Node Buffer would. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}
