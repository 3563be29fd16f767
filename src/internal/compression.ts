/** What noble's hash classes do below `update` and `digest`. */
export interface Compression {
  /** The state, in words of 32 bits. */
  get(): number[];
  set(...state: number[]): void;
  /** Takes the block at `offset` into the state. */
  process(block: DataView, offset: number): void;
}

/**
 * The part of a hash that noble marks protected; therefore its version is pinned. The parameter is described and not
 * named, since the package's declarations know nothing of noble.
 */
export function compressionOf(hash: { readonly blockLen: number; readonly outputLen: number }): Compression {
  return hash as unknown as Compression;
}
