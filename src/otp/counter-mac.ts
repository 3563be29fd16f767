/**
 * The HMAC of a counter, over noble's hashes.
 *
 * HMAC (RFC 2104) hashes two padded key blocks before it reaches the message. They depend on the secret alone, so their
 * two states are kept: a code then costs two compressions instead of four. A counter is always eight bytes and a digest
 * has a fixed length, so the two blocks that follow are laid out once, with their padding in place.
 */
import { _SHA1 } from '@noble/hashes/legacy.js';
import { _SHA256, _SHA512 } from '@noble/hashes/sha2.js';
import type { Algorithm } from './parameters.js';

/** HMAC and dynamic truncation (RFC 4226 section 5.3) of a counter up to 2^53 - 1: an integer below 2^31. */
export type CounterMac = (counter: number) => number;

/** Prepares the counter MAC of a secret's bytes. */
export function createCounterMac(algorithm: Algorithm, key: Uint8Array): CounterMac {
  return (engines[algorithm] ??= createEngineOf[algorithm]())(key);
}

type Engine = (key: Uint8Array) => CounterMac;

// One engine of each algorithm serves all secrets, since nothing yields between two compressions.
const engines: Partial<Record<Algorithm, Engine>> = {};

const createEngineOf: Readonly<Record<Algorithm, () => Engine>> = {
  SHA1: () => createEngine(() => new Sha1()),
  SHA256: () => createEngine(() => new Sha256()),
  SHA512: () => createEngine(() => new Sha512()),
};

/** One of noble's hashes, block by block; its state is the words between two blocks. */
interface Compression<State> {
  readonly blockLen: number;
  readonly outputLen: number;
  readonly initial: State;
  compress(state: State, block: DataView): State;
  update(message: Uint8Array): { digest(): Uint8Array };
}

// `get`, `set` and `process` are protected in noble's classes, so the next three open them.

class Sha1 extends _SHA1 {
  readonly initial = this.get();

  compress(state: Sha1['initial'], block: DataView): Sha1['initial'] {
    // A spread, as below, would make a code take 5 % longer.
    this.set(state[0], state[1], state[2], state[3], state[4]);
    this.process(block, 0);
    return this.get();
  }
}

class Sha256 extends _SHA256 {
  readonly initial = this.get();

  compress(state: Sha256['initial'], block: DataView): Sha256['initial'] {
    this.set(...state);
    this.process(block, 0);
    return this.get();
  }
}

class Sha512 extends _SHA512 {
  readonly initial = this.get();

  compress(state: Sha512['initial'], block: DataView): Sha512['initial'] {
    this.set(...state);
    this.process(block, 0);
    return this.get();
  }
}

function createEngine<State extends readonly number[]>(create: () => Compression<State>): Engine {
  const hash = create();
  const { blockLen, outputLen } = hash;
  const inner = lastBlock(blockLen, COUNTER_BYTES);
  const outer = lastBlock(blockLen, outputLen);
  const keyBlock = new Uint32Array(blockLen / 4);
  const keyBytes = new Uint8Array(keyBlock.buffer);
  const keyView = new DataView(keyBlock.buffer);

  /** The state after the key block XOR `mask`. The block stays masked: the next mask has to undo this one. */
  const stateAfter = (mask: number): State => {
    // By words: a mask repeats one byte, so the machine's byte order does not matter.
    for (let i = 0; i < keyBlock.length; i++) keyBlock[i] = (keyBlock[i] ?? 0) ^ mask;
    return hash.compress(hash.initial, keyView);
  };

  return (key) => {
    // RFC 2104: a key longer than a block is hashed first.
    keyBytes.set(key.length > blockLen ? create().update(key).digest() : key);
    const innerState = stateAfter(0x36363636);
    const outerState = stateAfter(0x36363636 ^ 0x5c5c5c5c);
    keyBlock.fill(0);

    return (counter) => {
      inner.setUint32(0, counter / 2 ** 32);
      inner.setUint32(4, counter);
      const digest = hash.compress(innerState, inner);
      for (let i = 0; i < outputLen; i += 4) outer.setUint32(i, digest[i / 4] ?? 0);
      return truncate(hash.compress(outerState, outer), outputLen / 4);
    };
  };
}

const COUNTER_BYTES = 8;

/** The last block of a message of a key block and `length` bytes: its end bit and its length in bits are in place. */
function lastBlock(blockLength: number, length: number): DataView {
  const view = new DataView(new ArrayBuffer(blockLength));
  view.setUint8(length, 0x80);
  view.setUint32(blockLength - 4, 8 * (blockLength + length));
  return view;
}

/** Dynamic truncation (RFC 4226 section 5.3): 31 bits from the byte offset that the last four bits name. */
function truncate(words: readonly number[], count: number): number {
  const offset = (words[count - 1] ?? 0) & 15;
  const shift = (offset & 3) * 8;
  const high = words[offset >>> 2] ?? 0;
  const low = words[(offset >>> 2) + 1] ?? 0;
  // Twice by less than 32, since a shift by 32 is a shift by none.
  return ((high << shift) | ((low >>> 1) >>> (31 - shift))) & 0x7fffffff;
}
