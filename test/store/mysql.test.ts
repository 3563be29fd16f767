import { createPool as createCallbackPool } from 'mysql2';
import { describe, expect, it } from 'vitest';
import { mysqlStore } from '../../src/store/mysql.js';

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
