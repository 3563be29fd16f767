import Database from 'libsql';
import { createPool as createCallbackPool } from 'mysql2';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mysqlStore } from '../../src/store/mysql.js';
import { postgresStore } from '../../src/store/postgres.js';
import { redisStore } from '../../src/store/redis.js';
import { sqliteStore } from '../../src/store/sqlite.js';

const stores = {
  postgres: postgresStore,
  mysql: mysqlStore,
  sqlite: sqliteStore,
  redis: redisStore,
} as Readonly<Record<string, (client: unknown) => unknown>>;

const refusal = (words: string): unknown =>
  expect.objectContaining({
    code: 'ERR_STORE_UNSUITABLE',
    message: expect.stringContaining(words) as unknown,
  });

/** The methods and properties by which a library's object is known, as its newest version has them. */
const shapes = {
  drizzle: { query: {}, $client: {}, ...methods('execute', 'select', 'transaction') },
  prisma: methods('$queryRawUnsafe', '$executeRaw', '$connect', '$transaction'),
  prismaAdapter: { adapterName: '@prisma/adapter-pg', provider: 'postgres', ...methods('connect') },
  knex: Object.assign(() => undefined, methods('select', 'raw', 'batchInsert', 'transaction')),
  kysely: methods('selectFrom', 'startTransaction', 'transaction'),
  dataSource: methods('query', 'createQueryRunner', 'getRepository', 'transaction'),
  entityManager: methods('query', 'getRepository', 'release', 'transaction'),
  queryRunner: methods('query', 'startTransaction', 'release', 'connect'),
  sequelize: methods('query', 'getQueryInterface', 'authenticate', 'transaction'),
  pgPromise: { $pool: {}, ...methods('query', 'connect') },
  neon: Object.assign(() => undefined, methods('query', 'unsafe', 'transaction')),
  pgliteTransaction: methods('query', 'exec', 'rollback', 'sql', 'listen'),
  sqlite3: methods('prepare', 'parallelize', 'serialize'),
  d1: methods('prepare', 'batch', 'exec', 'withSession'),
  upstash: methods('get', 'eval', 'createScript'),
  mongoClient: methods('startSession', 'connect'),
  mongoDb: methods('collection'),
  mongoCollection: methods('findOneAndUpdate'),
  mongoose: methods('get', 'eval', 'startSession', 'connect'),
};

function methods(...names: string[]): Record<string, () => undefined> {
  return Object.fromEntries(names.map((name) => [name, () => undefined]));
}

describe('a store that is given something else than a client', () => {
  it.each([
    ['postgres', 'drizzle', 'pass db.$client'],
    ['mysql', 'drizzle', 'db.$client.promise()'],
    ['sqlite', 'drizzle', 'pass db.$client'],
    ['postgres', 'prisma', 'the pg.Pool that you give to PrismaPg'],
    ['postgres', 'prismaAdapter', 'the pg.Pool that you give to PrismaPg'],
    ['mysql', 'prisma', "pass a pool of 'mysql2/promise' of its own"],
    ['sqlite', 'prisma', 'a connection of its own'],
    ['postgres', 'knex', 'pass a pg.Pool of its own'],
    ['mysql', 'knex', "pass a pool of 'mysql2/promise' of its own"],
    ['sqlite', 'knex', 'a connection of its own'],
    ['postgres', 'kysely', 'the pool that you give to its dialect'],
    ['mysql', 'kysely', 'pool.promise()'],
    ['postgres', 'dataSource', 'dataSource.driver.master'],
    ['mysql', 'dataSource', 'dataSource.driver.pool.promise()'],
    ['postgres', 'entityManager', 'dataSource.driver.master'],
    ['postgres', 'queryRunner', 'dataSource.driver.master'],
    ['postgres', 'sequelize', 'Sequelize; pass a pg.Pool of its own'],
    ['postgres', 'pgPromise', 'pass db.$pool'],
    ['postgres', 'neon', "pass a Pool of '@neondatabase/serverless'"],
    ['postgres', 'pgliteTransaction', 'pass the PGlite itself'],
    ['sqlite', 'sqlite3', 'a connection of its own'],
    ['sqlite', 'd1', 'd1Store'],
    ['redis', 'upstash', 'node-redis or ioredis'],
    ['postgres', 'mongoClient', 'write a store'],
    ['postgres', 'mongoDb', 'write a store'],
    ['redis', 'mongoCollection', 'write a store'],
    ['redis', 'mongoose', 'write a store'],
  ] as const)('says of %sStore(%s) what to pass', (engine, shape, words) => {
    expect(() => stores[engine]?.(shapes[shape])).toThrow(refusal(words));
  });

  it('refuses a single pg Client, which may be inside a transaction, and takes the pool', () => {
    expect(() => postgresStore(new pg.Client())).toThrow(refusal('pass a pg.Pool'));
    expect(postgresStore(new pg.Pool())).toHaveProperty('read');
  });

  it('refuses a transaction and a reserved connection of postgres.js, and takes its sql', () => {
    const sql = methods('unsafe', 'begin', 'reserve');
    for (const name of ['savepoint', 'release']) {
      expect(() => stores['postgres']?.({ unsafe: sql['unsafe'], ...methods(name) })).toThrow(
        refusal('the sql that postgres() returned'),
      );
    }
    expect(postgresStore(postgres())).toHaveProperty('read');
  });

  it('refuses a callback pool and a single connection of mysql2, and takes the pool', () => {
    const callbacks = createCallbackPool({});
    const pool = createPool({});
    onTestFinished(() => {
      callbacks.end();
      return pool.end();
    });
    expect(() => stores['mysql']?.(callbacks)).toThrow(refusal('pool.promise()'));
    const connection = methods('query', 'execute', 'beginTransaction', 'release');
    expect(() => stores['mysql']?.(connection)).toThrow(refusal("pass a pool of 'mysql2/promise'"));
    expect(mysqlStore(pool)).toHaveProperty('read');
    expect(mysqlStore(callbacks.promise())).toHaveProperty('read');
  });

  it('takes an open database of SQLite', () => {
    expect(sqliteStore(new Database(':memory:'))).toHaveProperty('read');
  });
});

const record = { value: 'a', etag: 'a1', expiresAt: null };

/** What adapters and wrappers answer in place of the client's own reply. */
const replies: [string, unknown][] = [
  ['nothing', undefined],
  ['rows and a count, as TypeORM does', [[], 1]],
  ['a row of something else', [{ count: 1 }]],
  ['two rows', [{ id: 'key' }, { id: 'key' }]],
  ['a row that is no object', [1]],
  ['a count', 1],
  ['rows beside a count', { rows: [], rowCount: 1 }],
  ['no rows', { rowCount: 0 }],
];

describe('a reply of another shape', () => {
  it.each(replies)('is a failure of postgresStore, and never "not written": %s', async (_, reply) => {
    const pool = { query: () => Promise.resolve(reply) };
    const sql = { unsafe: () => Promise.resolve(reply) };
    for (const client of [pool, sql]) {
      const store = postgresStore(client as unknown as pg.Pool);
      const acts = [
        store.write('key', record, null),
        store.write('key', record, 'e'),
        store.write('key', null, 'e'),
      ];
      for (const act of acts) await expect(act).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    }
  });

  it.each([...replies, ['no count', [{}]], ['two changes', [{ affectedRows: 2 }]]] as [string, unknown][])(
    'is a failure of mysqlStore: %s',
    async (_, reply) => {
      const store = mysqlStore({ execute: () => Promise.resolve(reply as [unknown]) });
      const acts = [store.read('key'), store.write('key', record, 'e'), store.write('key', null, 'e')];
      for (const act of acts) await expect(act).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    },
  );

  it.each(replies.slice(0, 6))('is a failure of sqliteStore: %s', async (_, reply) => {
    const statement = { all: () => reply as unknown[], run: () => reply };
    const store = sqliteStore({ prepare: () => statement, inTransaction: false });
    await expect(store.read('key')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    await expect(store.write('key', record, 'e')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });

  it.each([undefined, 'OK', true, ['a1', 'a'], Buffer.from('a1 a')])(
    'is a failure of redisStore: %o',
    async (reply) => {
      const store = redisStore({ get: () => Promise.resolve(reply), eval: () => Promise.resolve(reply) });
      await expect(store.read('key')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
      await expect(store.write('key', record, 'e')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    },
  );
});

describe('what only looks like Neon’s HTTP function', () => {
  it.each<[string, unknown]>([
    ['a function that has queries and no transactions', Object.assign(() => undefined, methods('query'))],
    ['a pool that has transactions of its own', methods('query', 'transaction')],
  ])('is taken: %s', (_, client) => {
    expect(() => postgresStore(client as never)).not.toThrow();
  });
});
