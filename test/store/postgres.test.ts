import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresSchema, postgresStore } from '../../src/store/postgres.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import { itPasses } from '../support/harness/it-passes.js';

const clock = testClock();

describe('postgresStore through PGlite', () => {
  let db: PGlite;

  beforeAll(async () => {
    db = await PGlite.create();
    await db.exec(postgresSchema());
  });
  afterAll(() => db.close());

  testStore({ create: () => postgresStore(db, { now: clock.now }), it: itPasses, clock });
});

describe('postgresStore', () => {
  it.each([null, undefined, 'postgres://localhost', {}, () => null])('refuses %o as a pool', (pool) => {
    // @ts-expect-error: not a pool
    expect(() => postgresStore(pool)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });

  it.each(['', 'a b', 'a;drop table x', 'Table', '1a', 'a.b', 'a'.repeat(41), '"a"', 5, null])(
    'refuses %o as the name of a table',
    (table) => {
      const pool = { query: () => Promise.resolve({ rows: [] }) };
      const invalid = expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }) as unknown;
      expect(() => postgresStore(pool, { table: table as string })).toThrow(invalid);
      expect(() => postgresSchema(table as string)).toThrow(invalid);
    },
  );

  it('rejects when a row is not a record', async () => {
    const store = postgresStore({ query: () => Promise.resolve({ rows: [{ value: 1, etag: null }] }) });
    await expect(store.read('key')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });
});

describe('a reply to postgresStore', () => {
  const record = { value: 'a', etag: 'a1', expiresAt: null };
  const failed = { code: 'ERR_STORE_FAILED' };
  const answering = (reply: unknown): { query: () => Promise<{ rows: unknown[] }> } => ({
    query: () => Promise.resolve(reply as { rows: unknown[] }),
  });

  it.each([{ rows: [{ id: 'key' }], rowCount: 1 }, { rows: [{ id: 'key' }] }])(
    'to a write tells of it by the row, with a count or without one: %o',
    async (reply) => {
      expect(await postgresStore(answering(reply)).write('key', record, null)).toBe(true);
    },
  );

  it.each([{ rows: [], rowCount: 0 }, { rows: [] }, { rows: [], rowCount: null }])(
    'to a write tells by no row that it was refused: %o',
    async (reply) => {
      expect(await postgresStore(answering(reply)).write('key', record, null)).toBe(false);
    },
  );

  it.each([{ rows: [], rowCount: 1 }, { rowCount: 1 }, { rows: 1 }, {}, null, [{ id: 'key' }]])(
    'to a write that hides a row it counted, or has no rows, is no answer: %o',
    async (reply) => {
      await expect(postgresStore(answering(reply)).write('key', record, null)).rejects.toMatchObject(failed);
    },
  );

  it('to the deletion of expired records counts rows and shows none', async () => {
    await expect(
      postgresStore(answering({ rows: [], rowCount: 5 })).deleteExpired(),
    ).resolves.toBeUndefined();
  });

  it('of postgres.js is the list of rows itself', async () => {
    const sql = { unsafe: (): Promise<unknown[]> => Promise.resolve([{ value: 'a', etag: 'a1' }]) };
    expect(await postgresStore(sql).read('key')).toEqual({ value: 'a', etag: 'a1' });
  });
});

describe('the setup of postgresStore', () => {
  /** A pool whose first statements fail with these codes. */
  function failing(...codes: string[]): { query: () => Promise<{ rows: unknown[] }>; sent: string[] } {
    const sent: string[] = [];
    const query = (text = ''): Promise<{ rows: unknown[] }> => {
      sent.push(text);
      const code = codes.shift();
      return code === undefined
        ? Promise.resolve({ rows: [] })
        : Promise.reject(Object.assign(new Error('failed'), { code }));
    };
    return { query, sent };
  }

  it.each(['23505', '42P07', '42710'])(
    'creates once more what another process was creating (%s)',
    async (code) => {
      const pool = failing(code);
      await postgresStore(pool).setup();
      const [table, index] = postgresSchema().split(';\n');
      expect(pool.sent).toEqual([table, table, index]);
    },
  );

  it('rejects with any other error, and with the second of two', async () => {
    const [forbidden, again] = [failing('42501'), failing('23505', '42P07')];
    await expect(postgresStore(forbidden).setup()).rejects.toMatchObject({ code: '42501' });
    expect(forbidden.sent).toHaveLength(1);
    await expect(postgresStore(again).setup()).rejects.toMatchObject({ code: '42P07' });
    expect(again.sent).toHaveLength(2);
  });
});
