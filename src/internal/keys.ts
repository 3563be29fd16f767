import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { failRange } from './asserts.js';
import { equalBytes, fromBase64Url, joinTexts, readBytes, toBase64Url, utf8 } from './bytes.js';
import { CountersignError } from './errors.js';

/** A key of at least 32 random bytes, or its base64url or base64 text. */
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
  return {
    digest: (texts) => toBase64Url(mac(first, texts)),
    matches: (digest, texts) => matchesAny([first, ...others], digest, texts),
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

function deriveKey(key: Uint8Array, info: string): Uint8Array {
  return hkdf(sha256, key, undefined, utf8(info), 32);
}

function mac(key: Uint8Array, texts: readonly string[]): Uint8Array {
  return hmac(sha256, key, joinTexts(texts));
}

const MIN_KEY_BYTES = 32;
const EXPECTED_KEY = 'at least 32 random bytes, or their base64url or base64 text (openssl rand -base64 32)';

function readKeys(keys: unknown): Uint8Array[] {
  if (!Array.isArray(keys)) return [readKey('keys', keys)];
  return keys.map((key: unknown, index) => readKey(`keys[${index}]`, key));
}

function readKey(name: string, key: unknown): Uint8Array {
  const bytes = typeof key === 'string' ? fromBase64Url(name, key) : readBytes(name, key, EXPECTED_KEY);
  if (bytes.length < MIN_KEY_BYTES) failRange(name, `${EXPECTED_KEY}; it has ${bytes.length} bytes`);
  return bytes;
}

function matchesAny(keys: readonly Uint8Array[], digest: string, texts: readonly string[]): boolean {
  const stored = fromBase64Url('digest', digest);
  let count = 0;
  for (const key of keys) count += Number(equalBytes(mac(key, texts), stored));
  return count > 0;
}
