import { fromBase64Url, joinTexts, toBase64Url } from './bytes.js';
import { deriveKey, type KeySet } from './keys.js';
import { randomBytes } from './random.js';

/** AES-256-GCM (NIST SP 800-38D) under keys for one use: the first one seals, all of them open, retired ones too. */
export interface Cipher {
  /** Encrypts bytes. What is sealed opens only with the same `context`, so it cannot be moved to another account. */
  readonly seal: (plain: Uint8Array, context: readonly string[]) => Promise<string>;
  /** Decrypts a sealed text; null if no key opens it, if it was changed, or if the context differs. */
  readonly open: (sealed: string, context: readonly string[]) => Promise<Opened | null>;
}

/** What was sealed. */
export interface Opened {
  readonly plain: Uint8Array;
  /** Whether the first key sealed it. If not, it is time to seal it again. */
  readonly isCurrent: boolean;
}

/** Makes a cipher for one use of an application's keys. */
export function deriveCipher({ active, retired }: KeySet, use: string): Cipher {
  const [first, ...others] = active;
  const writing = lazyKey(deriveKey(first, use));
  const reading = [writing, ...[...others, ...retired].map((key) => lazyKey(deriveKey(key, use)))];
  return {
    seal: async (plain, context) => seal(await writing(), plain, [use, ...context]),
    open: (sealed, context) => openWithAny(reading, sealed, [use, ...context]),
  };
}

/** 96 random bits (NIST SP 800-38D section 8.2.2), good for 2^32 records under one key (section 8.3). */
const NONCE_BYTES = 12;

type LazyKey = () => Promise<CryptoKey>;

/** WebCrypto imports asynchronously and a constructor cannot wait, so a key is imported once, when first needed. */
function lazyKey(bytes: Uint8Array): LazyKey {
  let key: Promise<CryptoKey> | undefined;
  return () => (key ??= importKey(bytes));
}

function importKey(bytes: Uint8Array): Promise<CryptoKey> {
  const { subtle } = globalThis.crypto;
  return subtle.importKey('raw', Uint8Array.from(bytes), 'AES-GCM', false, ['encrypt', 'decrypt']);
}

async function seal(key: CryptoKey, plain: Uint8Array, context: readonly string[]): Promise<string> {
  const nonce = randomBytes(NONCE_BYTES);
  const { subtle } = globalThis.crypto;
  const sealed = await subtle.encrypt(algorithm(nonce, context), key, Uint8Array.from(plain));
  return toBase64Url(Uint8Array.of(...nonce, ...new Uint8Array(sealed)));
}

async function openWithAny(
  keys: readonly LazyKey[],
  sealed: string,
  context: readonly string[],
): Promise<Opened | null> {
  for (const [index, key] of keys.entries()) {
    const plain = await open(await key(), sealed, context).catch(() => null);
    if (plain !== null) return { plain, isCurrent: index === 0 };
  }
  return null;
}

async function open(key: CryptoKey, sealed: string, context: readonly string[]): Promise<Uint8Array> {
  const bytes = Uint8Array.from(fromBase64Url('sealed', sealed));
  const nonce = bytes.slice(0, NONCE_BYTES);
  const { subtle } = globalThis.crypto;
  return new Uint8Array(await subtle.decrypt(algorithm(nonce, context), key, bytes.slice(NONCE_BYTES)));
}

function algorithm(nonce: Uint8Array, context: readonly string[]): AesGcmParams {
  const [iv, additionalData] = [Uint8Array.from(nonce), Uint8Array.from(joinTexts(context))];
  // The default is written out, since a polluted `Object.prototype` would replace it.
  return { name: 'AES-GCM', iv, additionalData, tagLength: 128 };
}
