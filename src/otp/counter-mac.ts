/**
 * The HMAC of a counter, as fast as the hash allows.
 *
 * HMAC (RFC 2104) hashes two padded key blocks before it reaches the message. They depend on the secret alone,
 * so their two states are kept: a code then costs two compressions instead of four. A counter always is eight
 * bytes and a digest has a fixed length, so both remaining blocks are laid out once with their padding in place
 * and only the varying bytes are written. Everything here is tested against noble's own `hmac`.
 */
import { _SHA1 } from '@noble/hashes/legacy.js';
import { _SHA256, _SHA512 } from '@noble/hashes/sha2.js';
import type { Algorithm } from './parameters.js';

/** HMAC and dynamic truncation (RFC 4226 section 5.3) of a counter up to 2^53 - 1: an integer below 2^31. */
export type CounterMac = (counter: number) => number;

/** Prepares the counter MAC of a key. */
export function createCounterMac(algorithm: Algorithm, key: Uint8Array): CounterMac {
  return (engines[algorithm] ??= createEngine(hashes[algorithm]))(key);
}

const hashes = { SHA1: _SHA1, SHA256: _SHA256, SHA512: _SHA512 };

// One engine an algorithm serves all secrets, since nothing here yields between two compressions.
const engines: Partial<Record<Algorithm, Engine>> = {};

type Engine = (key: Uint8Array) => CounterMac;

/** What noble's hash classes do below `update` and `digest`; noble marks it protected, so its version is pinned. */
interface Compression {
  get(): number[];
  set(...state: number[]): void;
  process(block: DataView, offset: number): void;
}

function createEngine(Hash: (typeof hashes)[Algorithm]): Engine {
  const noble = new Hash();
  const { blockLen, outputLen } = noble;
  const hash = noble as unknown as Compression;
  const initial = hash.get();
  const inner = paddedBlock(blockLen, 8);
  const outer = paddedBlock(blockLen, outputLen);
  // Masked by words: the masks repeat one byte, so the machine's byte order does not matter.
  const keyBlock = new Uint32Array(blockLen / 4);

  /** The state after the key block XOR mask; the block stays masked, so the next mask has to undo this one. */
  const stateAfter = (mask: number): number[] => {
    for (let i = 0; i < keyBlock.length; i++) keyBlock[i] = (keyBlock[i] ?? 0) ^ mask;
    return compress(initial, new DataView(keyBlock.buffer));
  };

  const compress = (state: readonly number[], block: DataView): number[] => {
    hash.set(...state);
    hash.process(block, 0);
    return hash.get();
  };

  return (key) => {
    // RFC 2104: a key longer than a block is hashed first.
    new Uint8Array(keyBlock.buffer).set(key.length > blockLen ? new Hash().update(key).digest() : key);
    const innerState = stateAfter(0x36363636);
    const outerState = stateAfter(0x36363636 ^ 0x5c5c5c5c);
    // The block serves the next secret too: nothing of this one may stay behind its end.
    keyBlock.fill(0);

    return (counter) => {
      inner.setUint32(0, counter / 2 ** 32);
      inner.setUint32(4, counter >>> 0);
      const digest = compress(innerState, inner);
      for (let i = 0; i < outputLen; i += 4) outer.setUint32(i, digest[i / 4] ?? 0);
      return truncate(compress(outerState, outer), outputLen / 4);
    };
  };
}

/** The last block of a message of one key block and `length` bytes: end bit and bit length in place. */
function paddedBlock(blockLength: number, length: number): DataView {
  const view = new DataView(new ArrayBuffer(blockLength));
  view.setUint8(length, 0x80);
  view.setUint32(blockLength - 4, (blockLength + length) * 8);
  return view;
}

/** RFC 4226 section 5.3: 31 bits from the byte offset that the last four bits name. */
function truncate(words: readonly number[], count: number): number {
  const offset = (words[count - 1] ?? 0) & 15;
  const shift = (offset & 3) * 8;
  const high = words[offset >>> 2] ?? 0;
  const low = words[(offset >>> 2) + 1] ?? 0;
  // Twice by less than 32, since a shift by 32 is a shift by none.
  return ((high << shift) | ((low >>> 1) >>> (31 - shift))) & 0x7fffffff;
}
