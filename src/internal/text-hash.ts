/**
 * SHA-256 and HMAC-SHA-256 (RFC 2104) of lists of texts, as fast as the compression allows: all hashes share one
 * buffer and one block, which is safe since nothing yields between two compressions, and a key's two padded blocks are
 * hashed once. Everything is tested against `node:crypto`.
 */
import { maxJoinedLength, writeTexts } from './bytes.js';
import { blocksFor, keyStates, putEnd, type State, toBytes } from './hash.js';
import { compressSha256, sha256 } from './sha256.js';

/** The MAC of a list of texts. */
export type TextMac = (texts: readonly string[]) => Uint8Array;

/** SHA-256 of what `joinTexts` makes of texts. */
export function hashTexts(texts: readonly string[]): Uint8Array {
  return toBytes(compressTexts(sha256.initial, texts, 0));
}

/** Prepares HMAC-SHA-256 under a key. */
export function createTextMac(key: Uint8Array): TextMac {
  const [innerState, outerState] = keyStates(sha256, key);
  const outer = new Int32Array(BLOCK / 4);
  putEnd(outer, DIGEST, BLOCK);
  return (texts) => {
    const inner = compressTexts(innerState, texts, BLOCK);
    for (let index = 0; index < DIGEST / 4; index++) outer[index] = inner[index] ?? 0;
    return toBytes(compressSha256(outerState, outer));
  };
}

const BLOCK = 64;
const DIGEST = 32;

interface Workshop {
  /** Enough for every name and address of the usual length; longer texts get a buffer of their own. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly block: Int32Array;
}

let shared: Workshop | undefined;

/** The state after texts, of which `before` bytes have been hashed already. */
function compressTexts(state: State, texts: readonly string[], before: number): State {
  const room = sizeOf(maxJoinedLength(texts));
  shared ??= workshopFor(16 * BLOCK);
  const { bytes, view, block } = room <= shared.bytes.length ? shared : workshopFor(room);
  const length = writeTexts(bytes, texts);
  const size = sizeOf(length);
  view.setUint8(length, 0x80);
  view.setUint32(size - 4, 8 * (before + length));
  let next = state;
  for (let offset = 0; offset < size; offset += BLOCK) {
    for (let word = 0; word < BLOCK / 4; word++) block[word] = view.getInt32(offset + 4 * word);
    next = compressSha256(next, block);
  }
  // The buffer serves others, who have shorter texts: no code or name may stay behind theirs.
  bytes.fill(0, 0, size);
  return next;
}

/** The bytes of whole blocks for so many and their padding. */
function sizeOf(length: number): number {
  return blocksFor(sha256, length) * BLOCK;
}

function workshopFor(size: number): Workshop {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer), block: new Int32Array(BLOCK / 4) };
}
