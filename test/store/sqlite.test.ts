import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqliteSchema, sqliteStore } from '../../src/store/sqlite.js';
import type { SqliteDatabase } from '../../src/store/sqlite.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith } from '../support/engines/external.js';
import { itPasses } from '../support/harness/it-passes.js';
import { nodeWithSqlite } from './node-sqlite.js';

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
    const store = sqliteStore({ prepare: () => ({ all, run: all }) });
    expect(await store.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null)).toBe(false);
    await expect(store.read('key')).rejects.toThrow('locked');
  });

  it.each([null, undefined, 'app.db', {}])('refuses %o as a database', (database) => {
    // @ts-expect-error: not a database
    expect(() => sqliteStore(database)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });
});

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

const node = nodeWithSqlite();

describeWith('Node 22.5 or later', node !== undefined, 'sqliteStore through node:sqlite', () => {
  let results: Record<string, string | null>;

  beforeAll(async () => {
    const child = fileURLToPath(new URL('node-sqlite-child.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(node ?? '', ['--import', 'tsx', child]);
    results = JSON.parse(stdout) as Record<string, string | null>;
  });

  // Registers the titles; what the cases found is known from the child.
  testStore({
    create: () => expect.unreachable(),
    it: (title) => {
      it(title, () => {
        expect(results[title]).toBeNull();
      });
    },
  });
});
