import type { MemoryStore } from '../../../src/store/memory-store.js';
import { memoryStore } from '../../../src/store/memory-store.js';
import type { NextRecord, Store, StoredRecord } from '../../../src/store/store.js';

/** A memory store that shows what it holds and was asked. */
export class OpenStore implements Store {
  readonly calls: ('read' | 'write')[] = [];
  /** Every value that was ever written, in order. */
  readonly written: string[] = [];
  readonly records = new Map<string, StoredRecord>();
  readonly #inner: MemoryStore;

  constructor(now: () => number = Date.now) {
    this.#inner = memoryStore({ now });
  }

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
