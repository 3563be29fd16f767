/**
 * SHA-256 and HMAC-SHA-256 (RFC 2104) of lists of texts, as fast as the compression allows.
 *
 * A token's hashes are of a few blocks each, and noble's way there, with an object, its buffers and a clone for each
 * digest, costs as much again as the blocks. Here all hashes share one buffer and one object, which is safe since
 * nothing yields between two compressions, and a key's two padded blocks are hashed once. Everything is tested
 * against `node:crypto`.
 */
import { _SHA256 } from '@noble/hashes/sha2.js';
import { maxJoinedLength, writeTexts } from './bytes.js';
import { type Compression, compressionOf } from './compression.js';

/** The MAC of a list of texts. */
export type TextMac = (texts: readonly string[]) => Uint8Array;

/** SHA-256 of what `joinTexts` makes of texts. */
export function hashTexts(texts: readonly string[]): Uint8Array {
  return toBytes(compressTexts(workshop().initial, texts, 0));
}

/** Prepares HMAC-SHA-256 under a key that is no longer than a block of 64 bytes. */
export function createTextMac(key: Uint8Array): TextMac {
  const innerState = stateAfterKey(key, 0x36);
  const outerState = stateAfterKey(key, 0x5c);
  const outer = paddedDigest();
  return (texts) => {
    const inner = compressTexts(innerState, texts, BLOCK);
    for (let index = 0; index < DIGEST / 4; index++) outer.setUint32(4 * index, inner[index] ?? 0);
    return toBytes(compress(outerState, outer, BLOCK));
  };
}

type State = readonly number[];

const BLOCK = 64;
const DIGEST = 32;
/** The end bit and the message's length in bits. */
const PADDING = 9;

interface Workshop {
  readonly hash: Compression;
  readonly initial: State;
  /** Enough for every name and address of the usual length; longer texts get a buffer of their own. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

let shared: Workshop | undefined;

/** Made at first use, so that nothing is computed while the package loads. */
function workshop(): Workshop {
  return (shared ??= createWorkshop());
}

function createWorkshop(): Workshop {
  const hash = compressionOf(new _SHA256());
  return { hash, initial: hash.get(), ...bufferOf(16 * BLOCK) };
}

/** The state after texts, of which `before` bytes have been hashed already. */
function compressTexts(state: State, texts: readonly string[], before: number): number[] {
  const room = sizeOf(maxJoinedLength(texts));
  const { bytes, view } = room <= workshop().bytes.length ? workshop() : bufferOf(room);
  const length = writeTexts(bytes, texts);
  const size = sizeOf(length);
  pad(view, length, size, before);
  const next = compress(state, view, size);
  // The buffer serves others, who have shorter texts: no code or name may stay behind theirs.
  bytes.fill(0, 0, size);
  return next;
}

/** Whole blocks for so many bytes and their padding. */
function sizeOf(length: number): number {
  return Math.ceil((length + PADDING) / BLOCK) * BLOCK;
}

function bufferOf(size: number): Pick<Workshop, 'bytes' | 'view'> {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
}

function compress(state: State, view: DataView, size: number): number[] {
  const { hash } = workshop();
  hash.set(...state);
  for (let offset = 0; offset < size; offset += BLOCK) hash.process(view, offset);
  return hash.get();
}

function stateAfterKey(key: Uint8Array, mask: number): State {
  const block = new Uint8Array(BLOCK).map((_, index) => (key[index] ?? 0) ^ mask);
  return compress(workshop().initial, new DataView(block.buffer), BLOCK);
}

/** FIPS 180-4 section 5.1.1; nothing here is as long as the 512 MB from which on the length takes more than 32 bits. */
function pad(view: DataView, length: number, size: number, before: number): void {
  view.setUint8(length, 0x80);
  view.setUint32(size - 4, (before + length) * 8);
}

/** The last block of an HMAC: the inner digest, with end bit and length in place. */
function paddedDigest(): DataView {
  const view = new DataView(new ArrayBuffer(BLOCK));
  pad(view, DIGEST, BLOCK, BLOCK);
  return view;
}

/** Byte by byte: to look at a small array through a view would move it off the heap, at twice the price. */
function toBytes(words: State): Uint8Array {
  const bytes = new Uint8Array(DIGEST);
  for (let index = 0; index < DIGEST; index++) {
    bytes[index] = (words[index >>> 2] ?? 0) >>> (24 - 8 * (index & 3));
  }
  return bytes;
}
