import type { NextRecord, Store, StoredRecord } from '../../src/store/store.js';
import type { Scheduler } from './scheduler.js';
import type { Seeded } from './seeded.js';

/** What a scheduled store needs. */
export interface ScheduledStoreOptions {
  readonly scheduler: Scheduler;
  readonly random: Seeded;
  /** How likely a call fails, from 0 to 1. */
  readonly faultRate: number;
}

/** The network between the library and a store failed. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/**
 * A store at the far end of a network: request and answer of each call arrive when the scheduler lets them. A call
 * that fails may have lost its request or its answer, or its request lands when the caller was told that it failed.
 */
export function scheduledStore(inner: Store, options: ScheduledStoreOptions): Store {
  return new ScheduledStore(inner, options);
}

class ScheduledStore implements Store {
  readonly #inner: Store;
  readonly #options: ScheduledStoreOptions;

  constructor(inner: Store, options: ScheduledStoreOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  async read(key: string): Promise<StoredRecord | undefined> {
    const { scheduler } = this.#options;
    await scheduler.turn();
    const record = await this.#inner.read(key);
    await scheduler.turn();
    if (this.#fails()) throw new ConnectionLost();
    return record;
  }

  async write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    const { scheduler, random } = this.#options;
    const fault = this.#fails() ? random.pick(['request lost', 'answer lost', 'lands late']) : 'none';
    await scheduler.turn();
    if (fault === 'lands late') void scheduler.turn().then(() => this.#inner.write(key, next, expected));
    if (fault === 'lands late' || fault === 'request lost') throw new ConnectionLost();
    const written = await this.#inner.write(key, next, expected);
    await scheduler.turn();
    if (fault === 'answer lost') throw new ConnectionLost();
    return written;
  }

  #fails(): boolean {
    return this.#options.random.chance(this.#options.faultRate);
  }
}
