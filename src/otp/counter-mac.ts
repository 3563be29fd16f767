/**
 * The HMAC of a counter, as fast as the hash allows.
 *
 * HMAC (RFC 2104) hashes two padded key blocks before it reaches the message. They depend on the secret alone,
 * so their two states are kept: a code then costs two compressions instead of four. A counter always is eight
 * bytes and a digest has a fixed length, so both remaining blocks are laid out once with their padding in place
 * and only the varying words are written. Everything here is tested against `node:crypto` and noble's own `hmac`.
 */
import { type Hash, keyStates, putEnd, type State } from '../internal/hash.js';
import { sha1 } from '../internal/sha1.js';
import { sha256 } from '../internal/sha256.js';
import { sha512 } from '../internal/sha512.js';
import type { Algorithm } from './parameters.js';

/** HMAC and dynamic truncation (RFC 4226 section 5.3) of a counter up to 2^53 - 1: an integer below 2^31. */
export type CounterMac = (counter: number) => number;

/** Prepares the counter MAC of a key. */
export function createCounterMac(algorithm: Algorithm, key: Uint8Array): CounterMac {
  return (engines[algorithm] ??= createEngine(hashes[algorithm]))(key);
}

type Engine = (key: Uint8Array) => CounterMac;

const hashes: Readonly<Record<Algorithm, Hash>> = { SHA1: sha1, SHA256: sha256, SHA512: sha512 };

// One engine an algorithm serves all secrets, since nothing here yields between two compressions.
const engines: Partial<Record<Algorithm, Engine>> = {};

function createEngine(hash: Hash): Engine {
  const { blockWords, initial, compress } = hash;
  const digestWords = initial.length;
  const keyBlock = new Int32Array(blockWords);
  const inner = lastBlock(blockWords, COUNTER_WORDS);
  const outer = lastBlock(blockWords, digestWords);

  return (key) => {
    const [innerState, outerState] = keyStates(hash, key, keyBlock);

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

/** The last block of a message of one key block and `words` more, its end in place. */
function lastBlock(blockWords: number, words: number): Int32Array {
  const block = new Int32Array(blockWords);
  putEnd(block, 4 * words, 4 * blockWords);
  return block;
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
