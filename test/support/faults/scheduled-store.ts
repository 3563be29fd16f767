import type { NextRecord, Store, StoredRecord } from '../../../src/store/store.js';
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
class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/**
 * A store at the far end of a network: request and answer of each call arrive when the scheduler lets them. A call
 * that fails may have lost its request or its answer, or lands when the caller was told that it failed.
 */
export function scheduledStore(inner: Store, options: ScheduledStoreOptions): Store {
  const { scheduler, random } = options;
  // Read at each call: a run changes the rate in its course.
  const fails = (): boolean => random.chance(options.faultRate);
  return {
    read: async (key): Promise<StoredRecord | undefined> => {
      await scheduler.turn();
      const record = await inner.read(key);
      await scheduler.turn();
      if (fails()) throw new ConnectionLost();
      return record;
    },
    write: async (key: string, next: NextRecord | null, expected: string | null): Promise<boolean> => {
      const fault = fails() ? random.pick(['request lost', 'answer lost', 'lands late']) : 'none';
      await scheduler.turn();
      if (fault === 'lands late') void scheduler.turn().then(() => inner.write(key, next, expected));
      if (fault === 'lands late' || fault === 'request lost') throw new ConnectionLost();
      const written = await inner.write(key, next, expected);
      await scheduler.turn();
      if (fault === 'answer lost') throw new ConnectionLost();
      return written;
    },
  };
}
