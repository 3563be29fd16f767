/**
 * The HMAC of a counter, as fast as the hash allows.
 *
 * HMAC (RFC 2104) hashes two padded key blocks before it reaches the message. They depend on the secret alone,
 * so their two states are kept: a code then costs two compressions instead of four. A counter always is eight
 * bytes and a digest has a fixed length, so both remaining blocks are laid out once with their padding in place
 * and only the varying bytes are written. Everything here is tested against `node:crypto` and noble's own `hmac`.
 */
import { _SHA256, _SHA512 } from '@noble/hashes/sha2.js';
import { compressionOf } from '../internal/compression.js';
import type { Algorithm } from './parameters.js';
import { compressSha1, sha1Initial } from './sha1.js';

/** HMAC and dynamic truncation (RFC 4226 section 5.3) of a counter up to 2^53 - 1: an integer below 2^31. */
export type CounterMac = (counter: number) => number;

/** Prepares the counter MAC of a key. */
export function createCounterMac(algorithm: Algorithm, key: Uint8Array): CounterMac {
  return (engines[algorithm] ??= createEngine(hashes[algorithm]()))(key);
}

type Engine = (key: Uint8Array) => CounterMac;

// One engine an algorithm serves all secrets, since nothing here yields between two compressions.
const engines: Partial<Record<Algorithm, Engine>> = {};

/** A state of a hash, or its digest: words of 32 bits. */
type State = readonly number[];

/** A hash in words of 32 bits. */
interface Hash {
  readonly blockWords: number;
  readonly digestWords: number;
  readonly initial: State;
  /** The state after a block. */
  readonly compress: (state: State, block: Int32Array) => State;
}

const hashes: Readonly<Record<Algorithm, () => Hash>> = {
  SHA1: () => ({ blockWords: 16, digestWords: 5, initial: sha1Initial, compress: compressSha1 }),
  SHA256: () => hashOf(new _SHA256()),
  SHA512: () => hashOf(new _SHA512()),
};

function hashOf(noble: _SHA256 | _SHA512): Hash {
  const compression = compressionOf(noble);
  const bytes = new DataView(new ArrayBuffer(noble.blockLen));
  return {
    blockWords: noble.blockLen / 4,
    digestWords: noble.outputLen / 4,
    initial: compression.get(),
    compress: (state, block) => {
      for (let i = 0; i < block.length; i++) bytes.setInt32(4 * i, block[i] ?? 0);
      compression.set(...state);
      compression.process(bytes, 0);
      return compression.get();
    },
  };
}

function createEngine(hash: Hash): Engine {
  const { blockWords, digestWords, initial, compress } = hash;
  const keyBlock = new Int32Array(blockWords);
  const inner = lastBlock(blockWords, COUNTER_WORDS);
  const outer = lastBlock(blockWords, digestWords);

  const stateAfter = (mask: number): State => {
    for (let i = 0; i < blockWords; i++) keyBlock[i] = (keyBlock[i] ?? 0) ^ mask;
    return compress(initial, keyBlock);
  };

  return (key) => {
    putKey(keyBlock, key, hash);
    const innerState = stateAfter(0x36363636);
    const outerState = stateAfter(0x36363636 ^ 0x5c5c5c5c);
    // The block serves the next secret too; not `fill`, which takes as long as a third of a compression.
    for (let i = 0; i < blockWords; i++) keyBlock[i] = 0;

    return (counter) => {
      inner[0] = counter / 2 ** 32;
      inner[1] = counter;
      const words = compress(innerState, inner);
      for (let i = 0; i < digestWords; i++) outer[i] = words[i] ?? 0;
      return truncate(compress(outerState, outer), digestWords);
    };
  };
}

/** A counter is eight bytes. */
const COUNTER_WORDS = 2;

/** The last block of a message of one key block and `words` more: end bit and bit length in place. */
function lastBlock(blockWords: number, words: number): Int32Array {
  const block = new Int32Array(blockWords);
  block[words] = 0x80000000;
  block[blockWords - 1] = 32 * (blockWords + words);
  return block;
}

/** Puts a key into a block of zeros (RFC 2104: hashed first if it is longer). */
function putKey(block: Int32Array, key: Uint8Array, hash: Hash): void {
  if (key.length <= 4 * block.length) {
    putBytes(block, key);
  } else {
    block.set(digest(hash, key));
  }
}

/** Puts bytes into words of zeros, the first one highest. */
function putBytes(words: Int32Array, bytes: Uint8Array): void {
  let word = 0;
  for (let i = 0; i < bytes.length; i++) {
    word = (word << 8) | (bytes[i] ?? 0);
    words[i >>> 2] = word << (24 - 8 * (i & 3));
  }
}

/** The hash of a whole message. */
function digest({ blockWords, initial, compress }: Hash, message: Uint8Array): State {
  const blocks = Math.ceil((message.length + 1 + blockWords / 2) / (4 * blockWords));
  const padded = new Int32Array(blocks * blockWords);
  putBytes(padded, Uint8Array.of(...message, 0x80));
  padded[padded.length - 1] = 8 * message.length;
  let state = initial;
  for (let i = 0; i < padded.length; i += blockWords)
    state = compress(state, padded.subarray(i, i + blockWords));
  return state;
}

/** RFC 4226 section 5.3: 31 bits from the byte offset that the last four bits name. */
function truncate(words: State, count: number): number {
  const offset = (words[count - 1] ?? 0) & 15;
  const shift = (offset & 3) * 8;
  const high = words[offset >>> 2] ?? 0;
  const low = words[(offset >>> 2) + 1] ?? 0;
  // Twice by less than 32, since a shift by 32 is a shift by none.
  return ((high << shift) | ((low >>> 1) >>> (31 - shift))) & 0x7fffffff;
}
