import { failType } from './asserts.js';
import { CountersignError } from './errors.js';

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
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
  const characters = scratch(Math.ceil((bytes.length * 4) / 3));
  let end = 0;
  for (let index = 0; index < bytes.length; index += 3) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    for (let shift = 18; shift >= 0 && end < characters.length; shift -= 6)
      characters[end++] = BASE64URL.charCodeAt((group >>> shift) & 63);
  }
  return String.fromCharCode(...characters);
}

/** Lower-case hexadecimal digits (RFC 4648 section 8). */
export function toHex(bytes: Uint8Array): string {
  const characters = scratch(2 * bytes.length);
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    characters[2 * index] = hexDigit(byte >>> 4);
    characters[2 * index + 1] = hexDigit(byte & 15);
  }
  return String.fromCharCode(...characters);
}

/** Reads base64url with or without padding; `name` stands in the error, the text does not. */
export function fromBase64Url(name: string, text: string): Uint8Array {
  const length = unpaddedLength(text);
  // A single character is less than a byte.
  if (length % 4 === 1) failBase64Url(name);
  const bytes = new Uint8Array(Math.floor((length * 6) / 8));
  let group = 0;
  for (let index = 0; index < length; index++) {
    const value = sextetOf(text.charCodeAt(index));
    if (value < 0) failBase64Url(name);
    group = (group << 6) | value;
    // Each character after the first of four completes a byte.
    const place = index & 3;
    if (place > 0) bytes[(index >>> 2) * 3 + place - 1] = group >>> (6 - 2 * place);
  }
  return bytes;
}

/**
 * One byte string from several texts, so that no two lists give the same: each text goes behind its length and width.
 * A text of Latin-1 takes a byte a UTF-16 unit, which saves hashing as much again; any other takes two, and not UTF-8,
 * which would merge all lone surrogates.
 */
export function joinTexts(texts: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(maxJoinedLength(texts));
  return bytes.slice(0, writeTexts(bytes, texts));
}

/** How many bytes {@link joinTexts} makes of texts at most. */
export function maxJoinedLength(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += HEADER + 2 * text.length;
  return length;
}

/** Writes what {@link joinTexts} makes of texts to the beginning of `target`, and tells how many bytes that took. */
export function writeTexts(target: Uint8Array, texts: readonly string[]): number {
  let end = 0;
  for (const text of texts) end = writeText(target, end, text);
  return end;
}

/** The digits of base64url, in order. */
export const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/**
 * Lists for digits, used up before anything else can run: to make them anew was a tenth of a token's garbage. What
 * stays in them is no secret: what is written in digits is random names, digests and ciphertexts.
 */
const scratches: (number[] | undefined)[] = [];
const MAX_SCRATCH = 64;
/** Bytes before each text: twice its length in UTF-16 units, and one more where a unit takes two bytes. */
const HEADER = 4;

/** The value of each ASCII character, -1 where it has none: random digits would mispredict branches. */
let sextets: Int8Array | undefined;

/** The value of a character of {@link BASE64URL}; -1 for any other. */
function sextetOf(code: number): number {
  // Made at first use, so that nothing is computed while the package loads.
  sextets ??= makeSextets();
  return sextets[code] ?? -1;
}

function makeSextets(): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let value = 0; value < 64; value++) table[BASE64URL.charCodeAt(value)] = value;
  return table;
}

/** Padding counts as such only where it fills the last group. */
function unpaddedLength(text: string): number {
  if (text.length % 4 !== 0 || !text.endsWith('=')) return text.length;
  return text.endsWith('==') ? text.length - 2 : text.length - 1;
}

/** The code unit of a digit, without a branch that random digits would mispredict. */
function hexDigit(value: number): number {
  return 48 + value + ((9 - value) >>> 31) * 39;
}

/** A list of that length for digits: the same one again for the few short lengths of keys, digests and etags. */
export function scratch(length: number): number[] {
  if (length > MAX_SCRATCH) return new Array<number>(length);
  return (scratches[length] ??= new Array<number>(length).fill(0));
}

/** Returns where the text ends. */
function writeText(target: Uint8Array, start: number, text: string): number {
  const { length } = text;
  const begin = start + HEADER;
  let allBits = 0;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    target[begin + index] = unit;
    allBits |= unit;
  }
  const isWide = allBits > 0xff;
  writeUint32(target, start, 2 * length + Number(isWide));
  return isWide ? writeWide(target, begin, text) : begin + length;
}

function writeWide(target: Uint8Array, begin: number, text: string): number {
  let end = begin;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    target[end++] = unit >>> 8;
    target[end++] = unit;
  }
  return end;
}

function writeUint32(target: Uint8Array, start: number, value: number): void {
  for (let index = 0; index < 4; index++) target[start + index] = value >>> (24 - 8 * index);
}

function failBase64Url(name: string): never {
  throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} must be base64url text`);
}

export function readBytes(name: string, value: unknown): Uint8Array {
  assertBytes(name, value);
  return new Uint8Array(value);
}
