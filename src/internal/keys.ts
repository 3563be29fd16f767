import { hkdf } from '@noble/hashes/hkdf.js';
import { _SHA256 } from '@noble/hashes/sha2.js';
import { createHasher } from '@noble/hashes/utils.js';
import { assertBytes, equalBytes, fromBase64Url, toBase64Url, utf8 } from './bytes.js';
import { CountersignError } from './errors.js';
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
  // noble's own `sha256` would be made, and compute its tables, while the package loads.
  const sha256 = createHasher(() => new _SHA256());
  const [first, ...others] = readKeys(keys).map((key) =>
    hkdf(sha256, key, undefined, utf8(`countersign ${use}`), 32),
  );
  if (first === undefined)
    throw new CountersignError('ERR_INVALID_ARGUMENT', 'keys must hold at least one key');
  return [first, ...others];
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
