import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { sqliteStore } from '../../src/store/sqlite.js';
import type { Store } from '../../src/store/store.js';
import { recordHistory } from '../../src/testing/record-history.js';
import { engineNamed } from '../support/engines/engines.js';
import { seeded } from '../support/faults/seeded.js';

/** A process that reads and writes a store at once with others, and writes down each call before it is made. */
const [client = '', place = '', table = '', name = '', calls = '0', file = ''] = process.argv.slice(2);
const random = seeded(Number(name));
// One clock for all processes of the machine.
const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
// Whatever a client throws of its own accord when its connection breaks belongs to no call.
process.on('uncaughtException', () => undefined);
const { store: inner, close } = await openWhileCut();
const { store } = recordHistory(withTimeout(inner), {
  process: name,
  now,
  onEntry: (entry) => {
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
  },
});

await Promise.all([0, 1, 2].map(loop));
await Promise.race([close(), pause(1000)]);
process.exit(0);

/** As an application sets it in its client: a call that a broken connection swallowed is over at some point. */
function withTimeout(inner: Store): Store {
  const within = <T>(call: Promise<T>): Promise<T> => {
    const late = pause(5000, undefined).then((): never => {
      throw new Error('no answer for five seconds');
    });
    return Promise.race([call, late]);
  };
  return {
    read: (key) => within(inner.read(key)),
    write: (key, next, expected) => within(inner.write(key, next, expected)),
  };
}

async function loop(worker: number): Promise<void> {
  const count = Math.ceil(Number(calls) / 3);
  for (let call = 0; call < count; call += 2) {
    const key = `key-${Math.floor(call / 120)}-${random.below(2)}`;
    try {
      const record = await store.read(key);
      const etag = `${name}-${worker}-${call}`;
      const next = record !== undefined && random.chance(0.1) ? null : { value: etag, etag, expiresAt: null };
      await store.write(key, next, record?.etag ?? null);
    } catch {
      await pause(random.below(10));
    }
  }
}

/** Opens the store; a connection that is cut while it is made is made again. */
async function openWhileCut(): ReturnType<typeof openThere> {
  for (let tries = 1; ; tries++) {
    try {
      return await openThere();
    } catch (error) {
      if (tries === 20) throw error;
      await pause(50);
    }
  }
}

async function openThere(): Promise<{ store: Store; close: () => unknown }> {
  if (client === 'SQLite') {
    const database = new Database(place);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 2000');
    return { store: sqliteStore(database, { table }), close: () => database.close() };
  }
  const { openStore, disconnect } = await engineNamed(client).connect(table, Number(place));
  return { store: openStore(), close: disconnect };
}
