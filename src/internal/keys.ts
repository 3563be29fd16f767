import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { failType, failValue } from './asserts.js';
import { fromBase64Url, macTexts, readBytes, toBase64Url, utf8 } from './bytes.js';
import { CountersignError } from './errors.js';

/** A key: at least 32 random bytes, or their text in base64 or base64url, such as `openssl rand -base64 32` prints. */
export type Key = Uint8Array | string;

/** A key that opens secrets that it sealed, and is good for nothing else: made by {@link retired}. */
export interface RetiredKey {
  readonly retired: true;
}

/** What the `keys` option takes: one key, or several, the first of which writes. */
export type Keys = Key | readonly (Key | RetiredKey)[];

/** The bytes of an application's keys. */
export interface KeySet {
  /** The first one writes, and all of them read. */
  readonly active: readonly [Uint8Array, ...Uint8Array[]];
  /** These open sealed secrets and nothing else. */
  readonly retired: readonly Uint8Array[];
}

/** A key for one use. */
export interface MacKey {
  /** Eight characters that tell an application's keys apart and reveal nothing about them. */
  readonly name: string;
  /** HMAC-SHA-256 (RFC 2104) of texts: 32 bytes. */
  readonly mac: (texts: readonly string[]) => Uint8Array;
}

/**
 * Marks a key as retired: it still opens the secrets of authenticator apps that it sealed, and is good for nothing
 * else. A key that leaked goes here, behind the new one, until every record has been written again.
 *
 * @param key - the old key: at least 32 bytes, or their base64 or base64url text
 * @returns the marked key, for the end of the `keys` list
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT` or `ERR_OUT_OF_RANGE` for anything that is not a key
 * @example
 * ```ts
 * import { createTwoFactor, memoryStore, retired } from 'countersign';
 *
 * const [fresh, leaked] = [crypto.getRandomValues(new Uint8Array(32)), crypto.getRandomValues(new Uint8Array(32))];
 * const twoFactor = createTwoFactor({
 *   store: memoryStore(),
 *   keys: [fresh, retired(leaked)],
 *   issuer: 'Example Hosting',
 *   fallback: 'none',
 * });
 * console.log((await twoFactor.status('12345')).method); // none
 * ```
 */
export function retired(key: Key): RetiredKey {
  const marked: RetiredKey = Object.freeze({ retired: true });
  retiredBytes.set(marked, readKey('key', key));
  return marked;
}

/** Reads the `keys` option, and copies the bytes. */
export function readKeys(keys: unknown): KeySet {
  const list: readonly unknown[] = Array.isArray(keys) ? Array.from<unknown>(keys) : [keys];
  const nameOf = (index: number): string => (Array.isArray(keys) ? `keys[${index}]` : 'keys');
  const isRetired = list.map((key) => typeof key === 'object' && key !== null && retiredBytes.has(key));
  const firstRetired = isRetired.includes(true) ? isRetired.indexOf(true) : list.length;
  if (isRetired.lastIndexOf(false) > firstRetired)
    failValue('keys', 'a list whose retired keys stand at its end');
  const [first, ...others] = list.slice(0, firstRetired).map((key, index) => readKey(nameOf(index), key));
  if (first === undefined) failValue('keys', 'a list that holds at least one key that is not retired');
  const old = list.slice(firstRetired).map((key) => retiredBytes.get(key as object) ?? new Uint8Array());
  return { active: [first, ...others], retired: old };
}

/**
 * Derives 32 bytes for one use with HKDF-SHA-256 (RFC 5869), so that what is made for one use is worthless for another.
 */
export function deriveKey(key: Uint8Array, use: string): Uint8Array {
  return hkdf(sha256, key, undefined, utf8(`countersign ${use}`), 32);
}

/** Derives the active keys for one use, in their order. */
export function deriveMacKeys({ active }: KeySet, use: string): [MacKey, ...MacKey[]] {
  const [first, ...others] = active;
  return [macKey(first, use), ...others.map((key) => macKey(key, use))];
}

const MIN_KEY_BYTES = 32;
const NAME_BYTES = 6;

/** The bytes stand here and not in the object, so that no log prints them. */
const retiredBytes = /* @__PURE__ */ new WeakMap<object, Uint8Array>();

function macKey(key: Uint8Array, use: string): MacKey {
  const derived = deriveKey(key, use);
  return {
    name: toBase64Url(deriveKey(key, 'key name').slice(0, NAME_BYTES)),
    mac: (texts) => macTexts(derived, texts),
  };
}

function readKey(name: string, key: unknown): Uint8Array {
  const unset = `a key; is its environment variable set? A key is ${KEY_FORM}`;
  if (key === undefined) failType(name, unset, key);
  if (key === '') failValue(name, unset);
  const bytes = typeof key === 'string' ? readKeyText(name, key) : readKeyBytes(name, key);
  if (bytes.length < MIN_KEY_BYTES) {
    const message = `${name} must have at least ${MIN_KEY_BYTES} bytes: make one with openssl rand -base64 32`;
    throw new CountersignError('ERR_OUT_OF_RANGE', message);
  }
  return bytes;
}

/** Text from a file often ends with a line feed. */
function readKeyText(name: string, key: string): Uint8Array {
  const text = key.trim().replaceAll('+', '-').replaceAll('/', '_');
  try {
    return fromBase64Url(name, text);
  } catch {
    return failValue(name, KEY_FORM);
  }
}

function readKeyBytes(name: string, key: unknown): Uint8Array {
  try {
    return readBytes(name, key);
  } catch {
    return failType(name, KEY_FORM, key);
  }
}

const KEY_FORM = '32 random bytes, or the text that openssl rand -base64 32 prints';
