import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStore } from '../../src/store/postgres.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith } from '../support/engines/external.js';
import { itPasses } from '../support/harness/it-passes.js';
import { deadPort, isListening, uniqueName } from '../support/engines/engines.js';

const server = { host: '127.0.0.1', port: 5432, user: 'postgres', database: 'test' };
const isUp = await isListening(5432);
// Expiry goes by the clock of the application: the first suite waits in real time, the others need not.
const clock = testClock();

describeWith('PostgreSQL on port 5432', isUp, 'postgresStore through pg', () => {
  const pool = new pg.Pool(server);
  const dead = new pg.Pool({ ...server, port: deadPort });
  const table = uniqueName();
  const store = postgresStore(pool, { table });

  beforeAll(async () => {
    // As when several processes start at once.
    await Promise.all(Array.from({ length: 8 }, () => store.setup()));
  });
  afterAll(async () => {
    await pool.query(`DROP TABLE ${table}`);
    await pool.end();
  });

  testStore({ create: () => store, it: itPasses, createUnreachable: () => postgresStore(dead, { table }) });

  it('rejects while its table does not exist', async () => {
    await expect(postgresStore(pool, { table: uniqueName() }).read('key')).rejects.toThrow();
  });

  it('deletes the rows of expired records, and no others', async () => {
    const later = new Date(Date.now() + 60_000);
    await store.write('expired', { value: 'a', etag: 'a1', expiresAt: new Date(1) }, null);
    await store.write('live', { value: 'a', etag: 'a1', expiresAt: later }, null);
    await store.write('for-ever', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await store.deleteExpired();
    const { rows } = await pool.query<{ id: string }>(`SELECT id FROM ${table} WHERE id !~ ':'`);
    expect(rows.map((row) => row.id).sort()).toEqual(['for-ever', 'live']);
  });
});

describeWith(
  'PostgreSQL on port 5432',
  isUp,
  'postgresStore in a database that defaults to SERIALIZABLE',
  () => {
    const pool = new pg.Pool({ ...server, options: '-c default_transaction_isolation=serializable' });
    const table = uniqueName();
    const store = postgresStore(pool, { table, now: clock.now });

    beforeAll(() => store.setup());
    afterAll(async () => {
      await pool.query(`DROP TABLE ${table}`);
      await pool.end();
    });

    testStore({ create: () => store, it: itPasses, clock });
  },
);

describeWith('PostgreSQL on port 5432', isUp, 'postgresStore through postgres.js', () => {
  const sql = postgres({ ...server, onnotice: () => undefined });
  const dead = postgres({ ...server, port: deadPort });
  const table = uniqueName();
  const store = postgresStore(sql, { table, now: clock.now });

  beforeAll(() => store.setup());
  afterAll(async () => {
    await sql.unsafe(`DROP TABLE ${table}`);
    await Promise.all([sql.end(), dead.end()]);
  });

  testStore({
    create: () => store,
    it: itPasses,
    clock,
    createUnreachable: () => postgresStore(dead, { table }),
  });
});
