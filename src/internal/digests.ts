import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { joinTexts } from './bytes.js';

/** SHA-256 of texts (FIPS 180-4): 32 bytes that no other list of texts gives. */
export function digestTexts(texts: readonly string[]): Uint8Array {
  return sha256(joinTexts(texts));
}

/** HMAC-SHA-256 of texts (RFC 2104): 32 bytes. */
export function macTexts(key: Uint8Array, texts: readonly string[]): Uint8Array {
  return hmac(sha256, key, joinTexts(texts));
}
