/**
 * The Worker of durable-object.long.test.ts and histories.long.test.ts: runs the suite inside a Durable Object, and
 * outside over objects that it calls, or plays a history over them, and answers with what came of it.
 */
import { DurableObject } from 'cloudflare:workers';
import { durableObjectStore, type DurableObjectStorageWithSql } from '../../src/store/durable-object.js';
import type { NextRecord, Store, StoredRecord } from '../../src/store/store.js';
import { testClock } from '../../src/testing/test-clock.js';
import { playHistory } from '../testing/play-history.js';
import { playOf } from './history-request.js';
import { reportStore, type StoreReport } from './store-report.js';

const clock = testClock();
let now = clock.now;

interface State {
  readonly storage: DurableObjectStorageWithSql;
  blockConcurrencyWhile(task: () => Promise<void>): Promise<void>;
}

/** One account's record, for Workers that call it. */
export class Records extends DurableObject<Bindings> {
  readonly #storage: DurableObjectStorageWithSql;
  readonly #store: ReturnType<typeof durableObjectStore>;

  constructor(ctx: State, env: Bindings) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#store = durableObjectStore(ctx.storage, { now: () => now() });
    void ctx.blockConcurrencyWhile(() => this.#store.setup());
  }

  read(key: string): Promise<StoredRecord | undefined> {
    return this.#store.read(key);
  }

  write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    return this.#store.write(key, next, expected);
  }

  /** The suite where the storage is. */
  async report(): Promise<StoreReport> {
    await this.#store.setup();
    const createUnreachable = (): Store => durableObjectStore(this.#storage, { table: 'absent' });
    return reportStore({ create: () => this.#store, createUnreachable, clock });
  }

  /** What is left after records have expired and were deleted. */
  async sweep(): Promise<unknown[]> {
    await this.#store.write('expired', { value: 'a', etag: 'a1', expiresAt: new Date(1) }, null);
    await this.#store.write('for-ever', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await this.#store.deleteExpired();
    return this.#storage.sql.exec('SELECT id FROM countersign_records').toArray();
  }
}

/** A class without SQLite. */
export class Legacy extends DurableObject<Bindings> {
  readonly #storage: DurableObjectStorageWithSql;

  constructor(ctx: State, env: Bindings) {
    super(ctx, env);
    this.#storage = ctx.storage;
  }

  /** How the store refuses it. */
  refusal(): Promise<string> {
    const make = async (): Promise<string> =>
      Promise.resolve(durableObjectStore(this.#storage)).then(() => 'none');
    return make().catch((error: unknown) => String((error as { code?: unknown }).code));
  }
}

interface Namespace<Stub> {
  getByName(name: string): Stub;
}

interface Bindings {
  readonly RECORDS: Namespace<Records>;
  readonly LEGACY: Namespace<Legacy>;
}

export default {
  async fetch(request: Request, { RECORDS, LEGACY }: Bindings): Promise<Response> {
    const play = playOf(request);
    if (play !== null) {
      const create = (clockOfHistory: () => number): Store => {
        now = clockOfHistory;
        return calling(RECORDS);
      };
      return Response.json(await playHistory({ ...play, create }));
    }
    switch (new URL(request.url).pathname) {
      case '/inside':
        return Response.json(await RECORDS.getByName('suite').report());
      case '/called':
        return Response.json(await reportStore({ create: () => calling(RECORDS), clock }));
      case '/swept':
        return Response.json(await RECORDS.getByName('sweep').sweep());
      default:
        return Response.json(await LEGACY.getByName('any').refusal());
    }
  },
};

/** A record is an account, and each account has an object of its own. */
function calling(records: Namespace<Records>): Store {
  return {
    read: (key) => records.getByName(key).read(key),
    write: (key, next, expected) => records.getByName(key).write(key, next, expected),
  };
}
