import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordKey, type RecordKind } from '../../src/store/record.js';
import { sqliteSchema, sqliteStore } from '../../src/store/sqlite.js';
import type { SqliteDatabase } from '../../src/store/sqlite.js';
import { transact } from '../../src/store/transact.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import { itPasses } from '../support/harness/it-passes.js';

describe('sqliteStore through libsql, which has the interface of better-sqlite3', () => {
  const clock = testClock();
  const store = sqliteStore(new Database(':memory:'), { now: clock.now });
  const closed = new Database(':memory:');

  beforeAll(async () => {
    await store.setup();
    await store.setup();
    closed.close();
  });

  testStore({ create: () => store, it: itPasses, clock, createUnreachable: () => sqliteStore(closed) });
});

describe('sqliteStore', () => {
  it('takes its table from the text of the schema', async () => {
    const database = new Database(':memory:');
    database.exec(sqliteSchema('other'));
    const store = sqliteStore(database, { table: 'other' });
    expect(await store.read('key')).toBeUndefined();
  });

  it('deletes the rows of expired records, and no others', async () => {
    const clock = testClock();
    const database = new Database(':memory:');
    const store = sqliteStore(database, { now: clock.now });
    await store.setup();
    await store.write('expired', { value: 'a', etag: 'a1', expiresAt: new Date(clock.now() + 1) }, null);
    await store.write('live', { value: 'a', etag: 'a1', expiresAt: new Date(clock.now() + 2) }, null);
    await store.write('for-ever', { value: 'a', etag: 'a1', expiresAt: null }, null);
    clock.advance(1);
    await store.deleteExpired();
    const rows = database.prepare('SELECT id FROM countersign_records ORDER BY id').all() as { id: string }[];
    expect(rows.map((row) => row.id)).toEqual(['for-ever', 'live']);
  });

  it('rejects while its table does not exist, and works once it does', async () => {
    const store = sqliteStore(new Database(':memory:'));
    await expect(store.read('key')).rejects.toThrow();
    await store.setup();
    expect(await store.read('key')).toBeUndefined();
  });

  it.each([
    ['better-sqlite3', { code: 'SQLITE_BUSY' }],
    ['node:sqlite', { code: 'ERR_SQLITE_ERROR', errcode: 5 }],
  ])('takes the busy error of %s for a write that did not happen', async (_, properties) => {
    const all = (): never => {
      throw Object.assign(new Error('database is locked'), properties);
    };
    const store = sqliteStore({ prepare: () => ({ all, run: all }), inTransaction: false });
    expect(await store.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null)).toBe(false);
  });

  it.each(['read', 'setup', 'deleteExpired'] as const)(
    'tries %s again while the database is busy',
    async (verb) => {
      const { database, tries } = busyDatabase(5);
      await expect(sqliteStore(database)[verb]('key')).resolves.toBeUndefined();
      expect(tries()).toBeGreaterThan(5);
    },
  );

  it('gives a read up that has found the database busy 32 times', async () => {
    const { database, tries } = busyDatabase(Infinity);
    await expect(sqliteStore(database).read('key')).rejects.toThrow('locked');
    expect(tries()).toBe(32);
  });

  it('tries no read again for any other error', async () => {
    const { database, tries } = busyDatabase(5, 'SQLITE_CORRUPT');
    await expect(sqliteStore(database).read('key')).rejects.toThrow('locked');
    expect(tries()).toBe(1);
  });

  it.each(['tells of it', 'does not tell of it'])(
    'neither reads nor writes inside the transaction of somebody else, in a database that %s',
    async (kind) => {
      const database = new Database(':memory:');
      const silent: SqliteDatabase = { prepare: (text) => database.prepare(text) };
      const store = sqliteStore(kind === 'tells of it' ? database : silent);
      const record = { value: 'open', etag: 'a1', expiresAt: null };
      await store.setup();
      expect(await store.write('code', record, null)).toBe(true);
      database.exec('BEGIN');
      const acts = [store.read('code'), store.write('code', null, 'a1'), store.deleteExpired()];
      for (const act of acts) await expect(act).rejects.toMatchObject({ code: 'ERR_STORE_UNSUITABLE' });
      database.exec('ROLLBACK');
      expect(await store.write('code', null, 'a1')).toBe(true);
      expect(await store.write('code', null, 'a1')).toBe(false);
      expect(await store.read('code')).toBeUndefined();
      expect(database.inTransaction).toBe(false);
    },
  );

  it('lets one of two requests have the code while a third one begins a transaction and takes it back', async () => {
    const database = new Database(':memory:');
    const store = sqliteStore(database);
    await store.setup();
    const access = { store, key: recordKey('test', 'code'), now: Date.now, kind: codeKind };
    await transact(access, () => ({ state: 'open', outcome: null }));
    const redeem = (): Promise<string> =>
      transact(access, (state) =>
        state === 'open' ? { state: '', outcome: 'yes' } : { state, outcome: 'no' },
      ).catch((error: unknown) => (error as { code: string }).code);
    database.exec('BEGIN');
    const during = redeem();
    await new Promise((resolve) => setTimeout(resolve, 20));
    database.exec('ROLLBACK');
    expect([await during, await redeem(), await redeem()]).toEqual(['ERR_STORE_FAILED', 'yes', 'no']);
  });

  it.each([null, undefined, 'app.db', {}])('refuses %o as a database', (database) => {
    // @ts-expect-error: not a database
    expect(() => sqliteStore(database)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });
});

const codeKind: RecordKind<string> = {
  empty: '',
  parse: (text) => text,
  format: (state) => state,
  expiresAt: (state) => (state === '' ? 0 : Infinity),
};

/** A database without rows that is locked so many times. */
function busyDatabase(
  times: number,
  code = 'SQLITE_BUSY',
): { database: SqliteDatabase; tries: () => number } {
  let tries = 0;
  const answer = (): [] => {
    if (++tries <= times) throw Object.assign(new Error('database is locked'), { code });
    return [];
  };
  const database = { prepare: () => ({ all: answer, run: answer }), inTransaction: false };
  return { database, tries: () => tries };
}

describe('sqliteStore in two connections to one file', () => {
  let directory: string;
  const connect = (): SqliteDatabase => {
    const database = new Database(join(directory, 'app.db'));
    database.exec('PRAGMA busy_timeout = 1000');
    return database;
  };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'countersign-sqlite-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('lets one connection see at once what the other wrote', async () => {
    const [a, b] = [sqliteStore(connect()), sqliteStore(connect())];
    await a.setup();
    expect(await a.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null)).toBe(true);
    expect(await b.write('key', { value: 'b', etag: 'b1', expiresAt: null }, null)).toBe(false);
    expect(await b.write('key', { value: 'b', etag: 'b1', expiresAt: null }, 'a1')).toBe(true);
    expect(await a.read('key')).toEqual({ value: 'b', etag: 'b1' });
  });
});
