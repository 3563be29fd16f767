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
