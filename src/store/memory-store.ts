import { readOptions, readStoreClock } from '../internal/asserts.js';
import type { NextRecord, Store, StoredRecord } from './store.js';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** The clock, in ms since 1970. Default: `Date.now`. */
  now?: () => number;
}

/** A {@link Store} in this process's memory. */
export interface MemoryStore extends Store {
  /** Records held, expired ones included until they are swept. */
  readonly size: number;
}

/**
 * A store in this process's memory: for tests, and for a service that is one process and may forget everything when
 * it restarts (pending codes, but also activated apps and attempt counters).
 *
 * Each write also looks at two older records and drops those that have expired, so nothing scans and nothing grows
 * beyond a small multiple of what is live.
 *
 * @param options - `now`: the clock in ms, default `Date.now`
 * @returns a store that shares nothing with any other
 * @throws CountersignError `ERR_UNKNOWN_OPTION` or `ERR_INVALID_ARGUMENT` for options that are not as described
 * @example
 * ```ts
 * import { memoryStore } from 'countersign';
 *
 * const store = memoryStore();
 * await store.read('nobody'); // undefined
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { now = Date.now } = readOptions('options', options, ['now']);
  return new MapStore(readStoreClock('options.now', now));
}

interface Entry extends StoredRecord {
  expiresAt: number;
}

const sweptPerWrite = 2;

class MapStore implements MemoryStore {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  // A Map's iterator lives through changes of the Map: it is the sweep's place in the queue.
  #sweep: MapIterator<[string, Entry]> = this.#entries.entries();

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  read(key: string): Promise<StoredRecord | undefined> {
    const entry = this.#live(key);
    return Promise.resolve(entry && { value: entry.value, etag: entry.etag });
  }

  write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    this.#sweepSome();
    const isExpected = (this.#live(key)?.etag ?? null) === expected;
    if (isExpected) this.#put(key, next);
    return Promise.resolve(isExpected);
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.expiresAt > this.#now() ? entry : undefined;
  }

  #put(key: string, next: NextRecord | null): void {
    if (next === null) {
      this.#entries.delete(key);
      return;
    }
    const { value, etag, expiresAt } = next;
    this.#entries.set(key, { value, etag, expiresAt: expiresAt?.getTime() ?? Infinity });
  }

  #sweepSome(): void {
    const time = this.#now();
    for (let i = 0; i < sweptPerWrite; i++) {
      const { value: item } = this.#sweep.next();
      if (item === undefined) {
        this.#sweep = this.#entries.entries();
      } else if (item[1].expiresAt <= time) {
        this.#entries.delete(item[0]);
      }
    }
  }
}
