import { type MemoryStore, memoryStore } from '../../../src/store/memory-store.js';
import type { NextRecord, Store, StoredRecord } from '../../../src/store/store.js';

/** A memory store that shows what it holds and was asked. */
export class OpenStore implements Store {
  readonly calls: ('read' | 'write')[] = [];
  /** Every value that was ever written, in order. */
  readonly written: string[] = [];
  /** When each of them was written, by the clock. */
  readonly writtenAt: number[] = [];
  readonly records = new Map<string, StoredRecord>();
  /** The test's clock, once it is there. */
  now: () => number = Date.now;
  readonly #inner: MemoryStore = memoryStore({ now: () => this.now() });

  /** The newest value of each record, as one text: to compare byte for byte. */
  get content(): string {
    return JSON.stringify([...this.records].sort());
  }

  read(key: string): Promise<StoredRecord | undefined> {
    this.calls.push('read');
    return this.#inner.read(key);
  }

  async write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    this.calls.push('write');
    const isWritten = await this.#inner.write(key, next, expected);
    if (isWritten && next !== null) {
      this.written.push(next.value);
      this.writtenAt.push(this.now());
      this.records.set(key, { value: next.value, etag: next.etag });
    }
    return isWritten;
  }

  /** Puts a text in the place of a record's value. */
  async damage(key: string, value: string): Promise<void> {
    const etag = this.records.get(key)?.etag ?? null;
    await this.write(key, { value, etag: 'damaged', expiresAt: null }, etag);
  }
}

/** Passes calls on to a store, and keeps their names and what is written. */
export function recordingStore(inner: Store, calls: string[], written: string[]): Store {
  return {
    read: (key) => {
      calls.push('read');
      return inner.read(key);
    },
    write: (key, next, expected) => {
      calls.push('write');
      written.push(next?.value ?? '');
      return inner.write(key, next, expected);
    },
  };
}

/** A memory store that can be copied, to see what would become of it. */
export class ForkableStore implements Store {
  readonly #records: Map<string, StoredRecord>;

  constructor(records: ReadonlyMap<string, StoredRecord> = new Map()) {
    this.#records = new Map(records);
  }

  fork(): ForkableStore {
    return new ForkableStore(this.#records);
  }

  read(key: string): Promise<StoredRecord | undefined> {
    return Promise.resolve(this.#records.get(key));
  }

  write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    if ((this.#records.get(key)?.etag ?? null) !== expected) return Promise.resolve(false);
    if (next === null) this.#records.delete(key);
    else this.#records.set(key, { value: next.value, etag: next.etag });
    return Promise.resolve(true);
  }
}
