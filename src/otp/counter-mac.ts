/**
 * The HMAC of a counter, as fast as the hash allows.
 *
 * HMAC (RFC 2104) hashes two padded key blocks before it reaches the message. They depend on the secret alone,
 * so their two states are kept: a code then costs two compressions instead of four. A counter always is eight
 * bytes and a digest has a fixed length, so both remaining blocks are laid out once with their padding in place
 * and only the varying bytes are written. Everything here is tested against `node:crypto` and noble's own `hmac`.
 */
import { _SHA256, _SHA512 } from '@noble/hashes/sha2.js';
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

interface Hash {
  readonly blockLength: number;
  readonly digestLength: number;
  readonly initial: State;
  readonly compress: (state: State, block: DataView) => State;
}

const hashes: Readonly<Record<Algorithm, () => Hash>> = {
  SHA1: () => ({ blockLength: 64, digestLength: 20, initial: sha1Initial, compress: compressSha1 }),
  SHA256: () => hashOf(new _SHA256()),
  SHA512: () => hashOf(new _SHA512()),
};

/** What noble's hash classes do below `update` and `digest`; noble marks it protected, so its version is pinned. */
interface Compression {
  get(): number[];
  set(...state: number[]): void;
  process(block: DataView, offset: number): void;
}

function hashOf(noble: _SHA256 | _SHA512): Hash {
  const compression = noble as unknown as Compression;
  return {
    blockLength: noble.blockLen,
    digestLength: noble.outputLen,
    initial: compression.get(),
    compress: (state, block) => {
      compression.set(...state);
      compression.process(block, 0);
      return compression.get();
    },
  };
}

function createEngine(hash: Hash): Engine {
  const { blockLength, digestLength, initial, compress } = hash;
  const inner = paddedBlock(blockLength, 8);
  const outer = paddedBlock(blockLength, digestLength);
  const keyBytes = new Uint8Array(blockLength);
  const keyBlock = new DataView(keyBytes.buffer);
  // Masked by words: the masks repeat one byte, so the machine's byte order does not matter.
  const keyWords = new Uint32Array(keyBytes.buffer);

  /** The state after the key block XOR mask; the block stays masked, so the next mask has to undo this one. */
  const stateAfter = (mask: number): State => {
    for (let i = 0; i < keyWords.length; i++) keyWords[i] = (keyWords[i] ?? 0) ^ mask;
    return compress(initial, keyBlock);
  };

  return (key) => {
    // RFC 2104: a key longer than a block is hashed first.
    keyBytes.set(key.length > blockLength ? digest(hash, key) : key);
    const innerState = stateAfter(0x36363636);
    const outerState = stateAfter(0x36363636 ^ 0x5c5c5c5c);
    // The block serves the next secret too: nothing of this one may stay behind its end.
    keyBytes.fill(0);

    return (counter) => {
      inner.setUint32(0, counter / 2 ** 32);
      inner.setUint32(4, counter >>> 0);
      writeWords(outer, compress(innerState, inner), digestLength);
      return truncate(compress(outerState, outer), digestLength / 4);
    };
  };
}

/** The hash of a whole message. */
function digest({ blockLength, digestLength, initial, compress }: Hash, message: Uint8Array): Uint8Array {
  const size = Math.ceil((message.length + 1 + blockLength / 8) / blockLength) * blockLength;
  const bytes = new Uint8Array(size);
  bytes.set(message);
  bytes[message.length] = 0x80;
  new DataView(bytes.buffer).setUint32(size - 4, message.length * 8);
  let state = initial;
  for (let offset = 0; offset < size; offset += blockLength)
    state = compress(state, new DataView(bytes.buffer, offset, blockLength));
  const words = new DataView(new ArrayBuffer(digestLength));
  writeWords(words, state, digestLength);
  return new Uint8Array(words.buffer);
}

/** The last block of a message of one key block and `length` bytes: end bit and bit length in place. */
function paddedBlock(blockLength: number, length: number): DataView {
  const view = new DataView(new ArrayBuffer(blockLength));
  view.setUint8(length, 0x80);
  view.setUint32(blockLength - 4, (blockLength + length) * 8);
  return view;
}

function writeWords(target: DataView, words: State, length: number): void {
  for (let i = 0; i < length; i += 4) target.setUint32(i, words[i / 4] ?? 0);
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
