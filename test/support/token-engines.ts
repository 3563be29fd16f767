import { PGlite } from '@electric-sql/pglite';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import Database from 'libsql';
import pg from 'pg';
import { createClient } from 'redis';
import { memoryStore } from '../../src/store/memory-store.js';
import { mysqlStore } from '../../src/store/mysql.js';
import { postgresStore } from '../../src/store/postgres.js';
import { redisStore } from '../../src/store/redis.js';
import type { SqlStoreOptions } from '../../src/store/sql.js';
import { sqliteStore } from '../../src/store/sqlite.js';
import type { Store } from '../../src/store/store.js';
import { isListening, uniqueName } from '../store/engines.js';

/** A store on an engine, with what takes away all that the tests have left there. */
export interface OpenStore {
  readonly store: Store;
  close: () => Promise<unknown>;
}

/** An engine that tests can be run on. */
export interface Engine {
  readonly name: string;
  /** The port it has to listen on; null for one that lives in this process. */
  readonly port: number | null;
  /** Opens a store of its own: two of them share nothing. */
  open: (now: () => number) => Promise<OpenStore>;
}

/** Every engine whose store ships, through every client of it. */
export const engines: readonly Engine[] = [
  { name: 'memory', port: null, open: openMemory },
  { name: 'Redis through node-redis', port: 6379, open: openNodeRedis },
  { name: 'Redis through ioredis', port: 6379, open: openIoredis },
  { name: 'PostgreSQL through pg', port: 5432, open: openPostgres },
  { name: 'PGlite', port: null, open: openPglite },
  { name: 'MariaDB through mysql2', port: 3306, open: openMysql },
  { name: 'SQLite through libsql', port: null, open: openSqlite },
];

/** The connection to PostgreSQL that tests use. */
export const postgresServer = { host: '127.0.0.1', port: 5432, user: 'postgres', database: 'test' };

/** True where an engine can be reached. */
export async function isUp({ port }: Engine): Promise<boolean> {
  return port === null || isListening(port);
}

function openMemory(now: () => number): Promise<OpenStore> {
  return Promise.resolve({ store: memoryStore({ now }), close: () => Promise.resolve() });
}

async function openNodeRedis(now: () => number): Promise<OpenStore> {
  const client = createClient();
  await client.connect();
  const prefix = `${uniqueName()}:`;
  const close = async (): Promise<void> => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
    await client.close();
  };
  return { store: redisStore(client, { prefix, now }), close };
}

async function openIoredis(now: () => number): Promise<OpenStore> {
  const client = new Redis({ lazyConnect: true });
  await client.connect();
  const prefix = `${uniqueName()}:`;
  const close = async (): Promise<void> => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
    await client.quit();
  };
  return { store: redisStore(client, { prefix, now }), close };
}

async function openPostgres(now: () => number): Promise<OpenStore> {
  const pool = new pg.Pool(postgresServer);
  const options: SqlStoreOptions = { table: uniqueName(), now };
  const store = postgresStore(pool, options);
  await store.setup();
  const close = async (): Promise<void> => {
    await pool.query(`DROP TABLE ${options.table ?? ''}`);
    await pool.end();
  };
  return { store, close };
}

async function openPglite(now: () => number): Promise<OpenStore> {
  const db = new PGlite();
  const store = postgresStore(db, { now });
  await store.setup();
  return { store, close: () => db.close() };
}

async function openMysql(now: () => number): Promise<OpenStore> {
  const pool = createPool({ host: '127.0.0.1', user: 'root', database: 'test' });
  const table = uniqueName();
  const store = mysqlStore(pool, { table, now });
  await store.setup();
  const close = async (): Promise<void> => {
    await pool.execute(`DROP TABLE ${table}`);
    await pool.end();
  };
  return { store, close };
}

async function openSqlite(now: () => number): Promise<OpenStore> {
  const database = new Database(':memory:');
  const store = sqliteStore(database, { now });
  await store.setup();
  const close = (): Promise<void> => {
    database.close();
    return Promise.resolve();
  };
  return { store, close };
}
