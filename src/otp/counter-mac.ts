/**
 * The HMAC of a counter, as fast as the hash allows.
 *
 * HMAC (RFC 2104) hashes two padded key blocks before it reaches the message. They depend on the secret alone,
 * so their two states are kept: a code then costs two compressions instead of four. A counter always is eight
 * bytes and a digest has a fixed length, so both remaining blocks are laid out once with their padding in place
 * and only the varying bytes are written. Everything here is tested against noble's own `hmac`.
 */
import { _SHA1, sha1 } from '@noble/hashes/legacy.js';
import { _SHA256, _SHA512, sha256, sha512 } from '@noble/hashes/sha2.js';
import type { Algorithm } from './parameters.js';

/** HMAC and dynamic truncation (RFC 4226 section 5.3) of a counter up to 2^53 - 1: an integer below 2^31. */
export type CounterMac = (counter: number) => number;

/** Prepares the counter MAC of a key. */
export function createCounterMac(algorithm: Algorithm, key: Uint8Array): CounterMac {
  const engine = engineOf(algorithm);
  const { hash, inner, outer, digestWords } = engine;
  const { innerState, outerState } = keyStates(engine, shortKey(algorithm, key, engine.hash.blockLen));

  return (counter) => {
    inner.setUint32(0, Math.floor(counter / 2 ** 32));
    inner.setUint32(4, counter >>> 0);
    hash.set(...innerState);
    hash.process(inner, 0);
    writeWords(outer, hash.get(), digestWords);
    hash.set(...outerState);
    hash.process(outer, 0);
    return truncate(hash.get(), digestWords);
  };
}

/** What noble's hash classes do below `update` and `digest`; noble marks it protected, so its version is pinned. */
interface Compression {
  readonly blockLen: number;
  readonly outputLen: number;
  get(): number[];
  set(...state: number[]): void;
  process(block: DataView, offset: number): void;
}

interface Engine {
  readonly hash: Compression;
  readonly initialState: readonly number[];
  readonly inner: DataView;
  readonly outer: DataView;
  readonly digestWords: number;
  /** Masked by words: the masks repeat one byte, so the machine's byte order does not matter. */
  readonly keyBlock: Uint32Array;
}

// One engine an algorithm serves all secrets, since nothing here yields between two compressions.
const engines: Partial<Record<Algorithm, Engine>> = {};

function engineOf(algorithm: Algorithm): Engine {
  return (engines[algorithm] ??= createEngine(createHash(algorithm)));
}

function createHash(algorithm: Algorithm): Compression {
  const Hash = algorithm === 'SHA1' ? _SHA1 : algorithm === 'SHA256' ? _SHA256 : _SHA512;
  return new Hash() as unknown as Compression;
}

function createEngine(hash: Compression): Engine {
  return {
    hash,
    initialState: hash.get(),
    inner: paddedBlock(hash.blockLen, 8),
    outer: paddedBlock(hash.blockLen, hash.outputLen),
    digestWords: hash.outputLen / 4,
    keyBlock: new Uint32Array(hash.blockLen / 4),
  };
}

/** The last block of a message of one key block and `length` bytes: end bit and bit length in place. */
function paddedBlock(blockLength: number, length: number): DataView {
  const view = new DataView(new ArrayBuffer(blockLength));
  view.setUint8(length, 0x80);
  view.setUint32(blockLength - 4, (blockLength + length) * 8);
  return view;
}

function keyStates(engine: Engine, key: Uint8Array): { innerState: number[]; outerState: number[] } {
  const { keyBlock } = engine;
  new Uint8Array(keyBlock.buffer).set(key);
  const innerState = stateAfter(engine, 0x36363636);
  const outerState = stateAfter(engine, 0x36363636 ^ 0x5c5c5c5c);
  // The block serves the next secret too: nothing of this one may stay behind its end.
  keyBlock.fill(0);
  return { innerState, outerState };
}

/** The state after the key block XOR mask; the block stays masked, so the next mask has to undo this one. */
function stateAfter({ hash, initialState, keyBlock }: Engine, mask: number): number[] {
  for (let i = 0; i < keyBlock.length; i++) keyBlock[i] = (keyBlock[i] ?? 0) ^ mask;
  hash.set(...initialState);
  hash.process(new DataView(keyBlock.buffer), 0);
  return hash.get();
}

/** RFC 2104: a key longer than a block is hashed first. */
function shortKey(algorithm: Algorithm, key: Uint8Array, blockLength: number): Uint8Array {
  if (key.length <= blockLength) return key;
  return (algorithm === 'SHA1' ? sha1 : algorithm === 'SHA256' ? sha256 : sha512)(key);
}

function writeWords(view: DataView, words: readonly number[], count: number): void {
  for (let i = 0; i < count; i++) view.setUint32(4 * i, words[i] ?? 0);
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
