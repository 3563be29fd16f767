import { assertBytes, equalBytes, fromBase64Url, toBase64Url, utf8 } from './bytes.js';
import { CountersignError } from './errors.js';
import { hmac } from './hash.js';
import { sha256 } from './sha256.js';
import { createTextMac, type TextMac } from './text-hash.js';

/** A key of at least 32 random bytes, or its base64url text. */
export type Key = Uint8Array | string;

/** Keys for one use: the first writes, all of them read, so that a key can be replaced while the service runs. */
export interface KeyRing {
  /** A digest of texts under the first key. */
  digest(texts: readonly string[]): string;
  /** Tells whether any key makes `digest` of the texts; all keys are tried, whichever fits. */
  matches(digest: string, texts: readonly string[]): boolean;
}

/** Digest keys for one use, from {@link deriveKeys}. */
export function deriveKeyRing(keys: Key | readonly Key[], use: string): KeyRing {
  const [first, ...others] = deriveKeys(keys, use);
  const writing = createTextMac(first);
  const reading = [writing, ...others.map(createTextMac)];
  return {
    digest: (texts) => toBase64Url(writing(texts)),
    matches: (digest, texts) => matchesAny(reading, digest, texts),
  };
}

/**
 * Keys of 32 bytes for one use, derived from the application's with HKDF-SHA-256 (RFC 5869): what is made for one use
 * means nothing to another.
 */
export function deriveKeys(keys: Key | readonly Key[], use: string): [Uint8Array, ...Uint8Array[]] {
  const [first, ...others] = readKeys(keys).map((key) => deriveKey(key, `countersign ${use}`));
  if (first === undefined)
    throw new CountersignError('ERR_INVALID_ARGUMENT', 'keys must hold at least one key');
  return [first, ...others];
}

/** HKDF-SHA-256 (RFC 5869) without a salt, to the length of one digest. */
function deriveKey(key: Uint8Array, info: string): Uint8Array {
  const extracted = hmac(sha256, new Uint8Array(32), key);
  return hmac(sha256, extracted, Uint8Array.of(...utf8(info), 1));
}

const MIN_KEY_BYTES = 32;

function readKeys(keys: unknown): Uint8Array[] {
  if (!Array.isArray(keys)) return [readKey('keys', keys)];
  return keys.map((key: unknown, index) => readKey(`keys[${index}]`, key));
}

function readKey(name: string, key: unknown): Uint8Array {
  const bytes = typeof key === 'string' ? fromBase64Url(name, key) : key;
  assertBytes(name, bytes);
  if (bytes.length < MIN_KEY_BYTES) {
    throw new CountersignError('ERR_OUT_OF_RANGE', `${name} must have at least ${MIN_KEY_BYTES} bytes`);
  }
  return bytes;
}

function matchesAny(macs: readonly TextMac[], digest: string, texts: readonly string[]): boolean {
  const stored = fromBase64Url('digest', digest);
  let count = 0;
  for (const mac of macs) count += Number(equalBytes(mac(texts), stored));
  return count > 0;
}
