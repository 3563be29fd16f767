import { memoryStore } from '../../../src/store/memory-store.js';
import type { NextRecord, Store, StoredRecord } from '../../../src/store/store.js';
import type { Scheduler } from '../faults/scheduler.js';
import type { Seeded } from '../faults/seeded.js';

/** Where a broken store may let others in between. */
export interface BrokenStoreOptions {
  readonly now: () => number;
  readonly scheduler: Scheduler;
  readonly random: Seeded;
}

export type MakeStore = (options: BrokenStoreOptions) => Store;

/** Stores with the mistakes that people make, each of which must be noticed. */
export const brokenStores: Readonly<Record<string, MakeStore>> = {
  'has no guard': (options) => withWrite(options, overwrite),
  'looks whether a record exists, and not at its etag': (options) =>
    withWrite(options, async (inner, key, next, expected) => {
      const exists = (await inner.read(key)) !== undefined;
      return exists === (expected !== null) && overwrite(inner, key, next);
    }),
  'evaluates the guard first and writes afterwards': (options) =>
    withWrite(options, async (inner, key, next, expected) => {
      const isExpected = ((await inner.read(key))?.etag ?? null) === expected;
      await options.scheduler.turn();
      return isExpected && overwrite(inner, key, next);
    }),
  'answers true though it lost': (options) =>
    withWrite(options, async (inner, key, next, expected) => {
      await inner.write(key, next, expected);
      return true;
    }),
  'answers false though it won': (options) =>
    withWrite(options, async (inner, key, next, expected) => {
      const written = await inner.write(key, next, expected);
      return written && options.random.chance(0.5);
    }),
  'has two masters, and the last write wins': (options) => new TwoMasters(options),
};

type Write = (
  inner: Store,
  key: string,
  next: NextRecord | null,
  expected: string | null,
) => Promise<boolean>;

function withWrite({ now }: BrokenStoreOptions, write: Write): Store {
  const inner = memoryStore({ now });
  return {
    read: (key) => inner.read(key),
    write: (key, next, expected) => write(inner, key, next, expected),
  };
}

async function overwrite(inner: Store, key: string, next: NextRecord | null): Promise<true> {
  const etag = (await inner.read(key))?.etag ?? null;
  if (next !== null || etag !== null) await inner.write(key, next, etag);
  return true;
}

/** Each call goes to either master, which judges the guard by itself; the other one hears of a write later. */
class TwoMasters implements Store {
  readonly #masters: readonly [Store, Store];
  readonly #options: BrokenStoreOptions;

  constructor(options: BrokenStoreOptions) {
    this.#options = options;
    this.#masters = [memoryStore({ now: options.now }), memoryStore({ now: options.now })];
  }

  read(key: string): Promise<StoredRecord | undefined> {
    return this.#options.random.pick(this.#masters).read(key);
  }

  async write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    const { random, scheduler } = this.#options;
    const master = random.pick(this.#masters);
    if (!(await master.write(key, next, expected))) return false;
    const other = this.#masters[master === this.#masters[0] ? 1 : 0];
    void scheduler.turn().then(() => overwrite(other, key, next));
    return true;
  }
}
