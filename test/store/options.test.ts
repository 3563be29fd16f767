import { describe, expect, it } from 'vitest';
import { dynamodbStore } from '../../src/store/dynamodb.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { mysqlStore } from '../../src/store/mysql.js';
import { postgresStore } from '../../src/store/postgres.js';
import { redisStore } from '../../src/store/redis.js';
import { sqliteStore } from '../../src/store/sqlite.js';
import type { Store } from '../../src/store/store.js';
import { whilePolluted } from '../support/harness/polluted.js';

type Open = (options?: { now?: () => number }) => Store;

/** Every store, over a client that notes what it is sent. */
function stores(sent: unknown[]): Record<string, Open> {
  const noting =
    <Reply>(reply: Reply) =>
    (...args: unknown[]): Promise<Reply> => {
      sent.push(args);
      return Promise.resolve(reply);
    };
  const item = noting({ $metadata: {} });
  const dynamodb = { getItem: item, putItem: item, deleteItem: item };
  const sqlite = {
    inTransaction: false,
    prepare: (text: string) => {
      const note = (...args: unknown[]): unknown[] => {
        sent.push([text, ...args]);
        return [];
      };
      return { all: note, run: note };
    },
  };
  const row = [{ value: null, etag: null, autocommit: 1 }];
  return {
    memory: (options) => memoryStore(options),
    postgres: (options) => postgresStore({ query: noting({ rows: [] }) }, options),
    mysql: (options) => mysqlStore({ execute: noting([row] as [unknown]) }, options),
    sqlite: (options) => sqliteStore(sqlite, options),
    redis: (options) => redisStore({ get: noting(null), eval: noting(1) }, options),
    dynamodb: (options) => dynamodbStore(dynamodb, options),
  };
}

const names = Object.keys(stores([]));
/** The others leave expiry to the engine, or find nothing that could expire. */
const readsTheClock = new Set(['postgres', 'mysql', 'sqlite', 'dynamodb']);
const instant = Date.UTC(2030, 0);

/** What a store of this name sends for a read at an instant. */
async function sentBy(name: string, options = { now: (): number => instant }): Promise<unknown[]> {
  const sent: unknown[] = [];
  await stores(sent)[name]?.(options).read('key');
  return sent;
}

describe.each(names)('the options of the %s store', (name) => {
  it('are own properties: a polluted Object.prototype sets none', async () => {
    const clean = await sentBy(name);
    const pollution = { table: 'evil', prefix: 'evil:', now: 5, onWarning: 5, Item: {} };
    expect(await whilePolluted(pollution, () => sentBy(name))).toEqual(clean);
    const byDefault = whilePolluted(pollution, async () => stores([])[name]?.().read('key'));
    expect(await byDefault).toBeUndefined();
  });

  it('have a clock whose fractions of a millisecond reach no engine', async () => {
    const clean = await sentBy(name);
    expect(await sentBy(name, { now: () => instant + 0.5 })).toEqual(clean);
  });

  it.each([5, null, 'now', {}])('refuse %o as a clock', (now) => {
    const open = stores([])[name];
    expect(() => open?.({ now: now as never })).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining('options.now must be a function') as unknown,
      }),
    );
  });

  it.each([NaN, Infinity, '5', undefined, new Date()])('fail loudly when the clock says %o', async (time) => {
    const store = stores([])[name]?.({ now: () => time as number });
    const record = { value: 'a', etag: 'a1', expiresAt: new Date(instant) };
    const failed = { code: 'ERR_INVALID_ARGUMENT' };
    const write = async (): Promise<unknown> => store?.write('key', record, 'a0');
    const read = async (): Promise<unknown> => store?.read('key');
    await expect(write()).rejects.toMatchObject(failed);
    if (readsTheClock.has(name)) await expect(read()).rejects.toMatchObject(failed);
  });
});
