/** The state of a hash, or its digest: words of 32 bits. */
export type State = readonly number[];

/** A hash function of the SHA family, in words of 32 bits. */
export interface Hash {
  readonly blockWords: number;
  /** The state before the first block; a digest is as long. */
  readonly initial: State;
  /** The state after a block. */
  readonly compress: (state: State, block: Int32Array) => State;
}

/** The hash of a message, or of its rest: `state` is then the one after the `before` bytes that came first. */
export function digest(hash: Hash, message: Uint8Array, state: State = hash.initial, before = 0): State {
  const { blockWords, compress } = hash;
  const padded = new Int32Array(blocksFor(hash, message.length) * blockWords);
  putBytes(padded, message);
  putEnd(padded, message.length, before);
  let next = state;
  for (let i = 0; i < padded.length; i += blockWords)
    next = compress(next, padded.subarray(i, i + blockWords));
  return next;
}

/** HMAC (RFC 2104). */
export function hmac(hash: Hash, key: Uint8Array, message: Uint8Array): Uint8Array {
  const [inner, outer] = keyStates(hash, key);
  const before = 4 * hash.blockWords;
  return toBytes(digest(hash, toBytes(digest(hash, message, inner, before)), outer, before));
}

/**
 * The two states, after a key's padded blocks, that an HMAC's two hashes begin with: they depend on the key alone.
 *
 * @param block of zeros, and of zeros again afterwards: whoever makes many states need not make many blocks.
 */
export function keyStates(
  hash: Hash,
  key: Uint8Array,
  block: Int32Array = new Int32Array(hash.blockWords),
): [inner: State, outer: State] {
  const { blockWords, initial, compress } = hash;
  if (key.length <= 4 * blockWords) putBytes(block, key);
  else block.set(digest(hash, key));
  mask(block, 0x36363636);
  const inner = compress(initial, block);
  mask(block, 0x36363636 ^ 0x5c5c5c5c);
  const outer = compress(initial, block);
  // Not `fill`, which takes as long as a third of a compression.
  for (let i = 0; i < blockWords; i++) block[i] = 0;
  return [inner, outer];
}

/** How many blocks a message of so many bytes fills, with its end bit and its length (FIPS 180-4 section 5.1). */
export function blocksFor({ blockWords }: Hash, length: number): number {
  return Math.ceil((length + 1 + blockWords / 2) / (4 * blockWords));
}

/** The end bit and the length in bits of a message of so many bytes, `before` of them in earlier blocks. */
export function putEnd(padded: Int32Array, length: number, before: number): void {
  const end = length >>> 2;
  padded[end] = (padded[end] ?? 0) | (0x80 << (24 - 8 * (length & 3)));
  // Nothing here is as long as the 512 MB from which on the length takes more than a word.
  padded[padded.length - 1] = 8 * (before + length);
}

/** The bytes of words, the highest first. */
export function toBytes(words: State): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  // Byte by byte: to look at a small array through a view would move it off the heap, at twice the price.
  for (let i = 0; i < bytes.length; i++) bytes[i] = (words[i >>> 2] ?? 0) >>> (24 - 8 * (i & 3));
  return bytes;
}

/** Puts bytes into words of zeros, the first one highest. */
function putBytes(words: Int32Array, bytes: Uint8Array): void {
  let word = 0;
  for (let i = 0; i < bytes.length; i++) {
    word = (word << 8) | (bytes[i] ?? 0);
    words[i >>> 2] = word << (24 - 8 * (i & 3));
  }
}

function mask(block: Int32Array, word: number): void {
  for (let i = 0; i < block.length; i++) block[i] = (block[i] ?? 0) ^ word;
}
