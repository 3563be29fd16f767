import { memoryStore } from '../../../src/store/memory-store.js';
import type { NextRecord, Store, StoredRecord } from '../../../src/store/store.js';

/**
 * What becomes of one call: it works; the request is lost; the answer is lost; the client loses the answer, sends the
 * request again and passes the second answer on; the request lands after so many more calls of the store, when its
 * sender has been told that it failed.
 */
export type Fault = 'none' | 'request lost' | 'answer lost' | 'sent twice' | `lands ${1 | 2 | 3} later`;

export const writeFaults: readonly Fault[] = [
  'none',
  'request lost',
  'answer lost',
  'sent twice',
  'lands 1 later',
  'lands 2 later',
  'lands 3 later',
];

export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** A memory store behind a network whose faults are scripted, one for each call; later calls work. */
export class ScriptedStore implements Store {
  readonly inner: Store = memoryStore({ now: () => 0 });
  readonly calls: string[] = [];
  readonly etags: string[] = [];
  readonly #late: { at: number; land: () => Promise<unknown> }[] = [];
  readonly #reads: Fault[];
  readonly #writes: Fault[];

  constructor({ reads = [], writes = [] }: { reads?: readonly Fault[]; writes?: readonly Fault[] } = {}) {
    this.#reads = [...reads];
    this.#writes = [...writes];
  }

  async read(key: string): Promise<StoredRecord | undefined> {
    await this.#begin('read');
    if ((this.#reads.shift() ?? 'none') !== 'none') throw new Unreachable();
    return this.inner.read(key);
  }

  async write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    await this.#begin('write');
    if (next) this.etags.push(next.etag);
    const land = (): Promise<boolean> => this.inner.write(key, next, expected);
    const fault = this.#writes.shift() ?? 'none';
    if (fault === 'none') return land();
    if (fault === 'answer lost' || fault === 'sent twice') await land();
    if (fault === 'sent twice') return land();
    const delay = /\d/.exec(fault)?.[0];
    if (delay !== undefined) this.#late.push({ at: this.calls.length + Number(delay), land });
    throw new Unreachable();
  }

  /** Lets everything land that is still under way. */
  async settle(): Promise<void> {
    for (const { land } of this.#late.splice(0)) await land();
  }

  async #begin(call: string): Promise<void> {
    this.calls.push(call);
    for (const late of this.#late.filter(({ at }) => at <= this.calls.length)) {
      this.#late.splice(this.#late.indexOf(late), 1);
      await late.land();
    }
  }
}
