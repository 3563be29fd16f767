import { createPool as createCallbackPool } from 'mysql2';
import { describe, expect, it } from 'vitest';
import { mysqlSchema, mysqlStore } from '../../src/store/mysql.js';

describe('mysqlStore', () => {
  it.each([null, undefined, {}, { query: () => null }])('refuses %o as a pool', (pool) => {
    // @ts-expect-error: not a pool
    expect(() => mysqlStore(pool)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });

  it('refuses the callback pool of mysql2, whose execute gives no promise', () => {
    const pool = createCallbackPool({ host: '127.0.0.1', user: 'root' });
    // @ts-expect-error: the type is another, too
    expect(() => mysqlStore(pool)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
    pool.end();
  });
});

/** A pool that answers every statement with this. */
function answering(reply: unknown): { execute: () => Promise<[unknown]> } {
  return { execute: () => Promise.resolve([reply]) };
}

describe('a reply to mysqlStore', () => {
  const record = { value: 'a', etag: 'a1', expiresAt: null };
  const failed = { code: 'ERR_STORE_FAILED' };

  it('to a write needs no status, which only some clients pass on', async () => {
    expect(await mysqlStore(answering({ affectedRows: 1 })).write('key', record, 'a0')).toBe(true);
    expect(await mysqlStore(answering({ affectedRows: 0 })).write('key', record, 'a0')).toBe(false);
  });

  it.each([2, 3, 0])(
    'with the status %i to a write is believed only outside a transaction',
    async (serverStatus) => {
      const write = mysqlStore(answering({ affectedRows: 1, serverStatus })).write('key', record, 'a0');
      if (serverStatus === 2) expect(await write).toBe(true);
      else await expect(write).rejects.toMatchObject({ code: 'ERR_STORE_UNSUITABLE' });
    },
  );

  it.each([2, -1, '1', undefined])('with %o affected rows is no answer to a write', async (affectedRows) => {
    const write = mysqlStore(answering({ affectedRows })).write('key', record, 'a0');
    await expect(write).rejects.toMatchObject(failed);
  });

  it('with every column null but autocommit tells of no record', async () => {
    const pool = answering([{ value: null, etag: null, autocommit: 1 }]);
    expect(await mysqlStore(pool).read('key')).toBeUndefined();
  });

  it.each([
    { value: null, etag: 'a1' },
    { value: 'a', etag: null },
  ])('with half a record, %o, is neither a record nor its absence', async (half) => {
    const read = mysqlStore(answering([{ ...half, autocommit: 1 }])).read('key');
    await expect(read).rejects.toMatchObject(failed);
  });

  it.each([null, undefined, 2, 'ON'])('with autocommit %o does not tell of it', async (autocommit) => {
    const read = mysqlStore(answering([{ value: 'a', etag: 'a1', autocommit }])).read('key');
    await expect(read).rejects.toMatchObject(failed);
  });

  it.each([0, '0'])('with autocommit %o is of a connection that would lose writes', async (autocommit) => {
    const read = mysqlStore(answering([{ value: 'a', etag: 'a1', autocommit }])).read('key');
    await expect(read).rejects.toMatchObject({ code: 'ERR_STORE_UNSUITABLE' });
  });
});

describe('mysqlSchema', () => {
  it('is the statement that setup runs, with a semicolon', async () => {
    const statements: unknown[][] = [];
    const pool = {
      execute: (...args: unknown[]): Promise<[unknown]> => {
        statements.push(args);
        return Promise.resolve([{}]);
      },
    };
    await mysqlStore(pool, { table: 'factors' }).setup();
    expect(statements).toEqual([[mysqlSchema('factors').slice(0, -2), []]]);
    expect(mysqlSchema()).toMatch(/^CREATE TABLE IF NOT EXISTS countersign_records [^;]*;\n$/);
  });
});
