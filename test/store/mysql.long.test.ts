import { createPool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlStore } from '../../src/store/mysql.js';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith } from '../support/engines/external.js';
import { itPasses } from '../support/harness/it-passes.js';
import { deadPort, isListening, uniqueName } from '../support/engines/engines.js';

const server = { host: '127.0.0.1', user: 'root', database: 'test' };
const isUp = await isListening(3306);

describe.each(['FOUND_ROWS', '-FOUND_ROWS'])('with the flag %s', (flag) => {
  describeWith('MySQL or MariaDB on port 3306', isUp, 'mysqlStore through mysql2', () => {
    const pool = createPool({ ...server, flags: [flag] });
    const dead = createPool({ ...server, port: deadPort });
    const table = uniqueName();
    const store = mysqlStore(pool, { table });

    beforeAll(async () => {
      await Promise.all(Array.from({ length: 4 }, () => store.setup()));
    });
    afterAll(async () => {
      await pool.execute(`DROP TABLE ${table}`);
      await pool.end();
      await dead.end();
    });

    testStore({ create: () => store, it: itPasses, createUnreachable: () => mysqlStore(dead, { table }) });

    it('rejects while its table does not exist', async () => {
      await expect(mysqlStore(pool, { table: uniqueName() }).read('key')).rejects.toThrow();
    });

    it('deletes the rows of expired records, and no others', async () => {
      await store.write('expired', { value: 'a', etag: 'a1', expiresAt: new Date(1) }, null);
      await store.write('for-ever', { value: 'a', etag: 'a1', expiresAt: null }, null);
      await store.deleteExpired();
      const [rows] = await pool.query(`SELECT id FROM ${table} WHERE id NOT LIKE '%:%'`);
      expect(rows).toEqual([{ id: 'for-ever' }]);
    });
  });
});

describeWith('MySQL or MariaDB on port 3306', isUp, 'mysqlStore inside a transaction', () => {
  const table = uniqueName();
  const pool = createPool({ ...server, connectionLimit: 1 });
  const store = mysqlStore(pool, { table });
  const record = { value: 'a', etag: 'a1', expiresAt: null };

  beforeAll(() => store.setup());
  afterAll(async () => {
    await pool.execute(`DROP TABLE ${table}`);
    await pool.end();
  });

  it('fails, so that no answer rests on a write that a ROLLBACK takes back', async () => {
    await store.write('there', record, null);
    await pool.query('START TRANSACTION');
    await expect(store.write('there', null, 'a1')).rejects.toMatchObject({
      code: 'ERR_STORE_UNSUITABLE',
      message: expect.stringContaining('outside a transaction') as unknown,
    });
    await pool.query('ROLLBACK');
    expect(await store.read('there')).toEqual({ value: 'a', etag: 'a1' });
    expect(await store.write('there', null, 'a1')).toBe(true);
  });
});

describeWith('MySQL or MariaDB on port 3306', isUp, 'mysqlStore where autocommit is off', () => {
  const table = uniqueName();
  const pool = createPool({ ...server, connectionLimit: 1 });
  const store = mysqlStore(pool, { table });
  const record = { value: 'a', etag: 'a1', expiresAt: null };

  beforeAll(async () => {
    await store.setup();
    await store.write('there', record, null);
    await store.write('expired', { ...record, expiresAt: new Date(1) }, null);
    await pool.query('SET autocommit = 0');
  });
  afterAll(async () => {
    await pool.query('SET autocommit = 1');
    await pool.execute(`DROP TABLE ${table}`);
    await pool.end();
  });

  it.each([
    ['a read of a record', () => store.read('there')],
    ['a read of nothing', () => store.read('absent')],
    ['a creation', () => store.write('absent', { ...record, etag: 'b1' }, null)],
    ['a creation over an expired record', () => store.write('expired', { ...record, etag: 'b1' }, null)],
    ['a replacement', () => store.write('there', { ...record, etag: 'b1' }, 'a1')],
    ['a deletion', () => store.write('there', null, 'a1')],
  ])('refuses %s, and writes nothing', async (_, act) => {
    await expect(act()).rejects.toMatchObject({
      code: 'ERR_STORE_UNSUITABLE',
      message: expect.stringContaining('autocommit = 1') as unknown,
    });
    const [rows] = await pool.query(`SELECT id, etag FROM ${table} ORDER BY id`);
    expect(rows).toEqual([
      { id: 'expired', etag: 'a1' },
      { id: 'there', etag: 'a1' },
    ]);
  });
});
