import { memoryStore } from '../../../src/store/memory-store.js';
import { mysqlStore } from '../../../src/store/mysql.js';
import { postgresStore } from '../../../src/store/postgres.js';
import { redisStore } from '../../../src/store/redis.js';
import { sqliteStore } from '../../../src/store/sqlite.js';
import type { Store } from '../../../src/store/store.js';

/** A store on an engine, with what takes away all that the tests have left there. */
export interface OpenStore {
  readonly store: Store;
  /** Ends the connection; the records stay. */
  readonly close: () => Promise<unknown>;
  /** Removes the records, and ends the connection. */
  readonly remove: () => Promise<unknown>;
}

/** An engine that a store ships for. */
export interface Engine {
  readonly name: string;
  /** The port that it listens on; null if it runs inside this process. */
  readonly port: number | null;
  /** Opens the store of a name. On a server, processes that agree on the name share its records. */
  readonly open: (name: string, now?: () => number) => Promise<OpenStore>;
}

/** Engines that run inside this process. */
export const localEngines: readonly Engine[] = [
  { name: 'memory', port: null, open: openMemory },
  { name: 'PGlite', port: null, open: openPglite },
  { name: 'SQLite through libsql', port: null, open: openSqlite },
];

/** Engines that run as servers. */
export const serverEngines: readonly Engine[] = [
  { name: 'Redis through node-redis', port: 6379, open: openNodeRedis },
  { name: 'Redis through ioredis', port: 6379, open: openIoredis },
  { name: 'PostgreSQL through pg', port: 5432, open: openPostgres },
  { name: 'PostgreSQL through postgres.js', port: 5432, open: openPostgresJs },
  { name: 'MariaDB through mysql2', port: 3306, open: openMysql },
];

/** Opens the store of a name on the engine of a name. */
export function openByName(engineName: string, name: string): Promise<OpenStore> {
  const engine = [...localEngines, ...serverEngines].find((each) => each.name === engineName);
  if (engine === undefined) throw new Error(`no engine is called ${engineName}`);
  return engine.open(name);
}

// Clients are imported when they are used: together they take longer to load than most tests take to run.

function openMemory(_: string, now: () => number = Date.now): Promise<OpenStore> {
  const nothing = (): Promise<void> => Promise.resolve();
  return Promise.resolve({ store: memoryStore({ now }), close: nothing, remove: nothing });
}

async function openPglite(_: string, now: () => number = Date.now): Promise<OpenStore> {
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create();
  const store = postgresStore(db, { now });
  await store.setup();
  const close = (): Promise<void> => db.close();
  return { store, close, remove: close };
}

async function openSqlite(_: string, now: () => number = Date.now): Promise<OpenStore> {
  const { default: Database } = await import('libsql');
  const database = new Database(':memory:');
  const store = sqliteStore(database, { now });
  await store.setup();
  const close = (): Promise<void> => {
    database.close();
    return Promise.resolve();
  };
  return { store, close, remove: close };
}

async function openNodeRedis(name: string, now: () => number = Date.now): Promise<OpenStore> {
  const { createClient } = await import('redis');
  const client = createClient();
  await client.connect();
  const prefix = `${name}:`;
  const close = (): Promise<void> => client.close();
  const remove = async (): Promise<void> => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
    await close();
  };
  return { store: redisStore(client, { prefix, now }), close, remove };
}

async function openIoredis(name: string, now: () => number = Date.now): Promise<OpenStore> {
  const { Redis } = await import('ioredis');
  const client = new Redis({ lazyConnect: true });
  await client.connect();
  const prefix = `${name}:`;
  const close = (): Promise<unknown> => client.quit();
  const remove = async (): Promise<void> => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
    await close();
  };
  return { store: redisStore(client, { prefix, now }), close, remove };
}

const postgresServer = { host: '127.0.0.1', port: 5432, user: 'postgres', database: 'test' };

async function openPostgres(name: string, now: () => number = Date.now): Promise<OpenStore> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool(postgresServer);
  const store = postgresStore(pool, { table: name, now });
  await store.setup();
  const remove = async (): Promise<void> => {
    await pool.query(`DROP TABLE ${name}`);
    await pool.end();
  };
  return { store, close: () => pool.end(), remove };
}

async function openPostgresJs(name: string, now: () => number = Date.now): Promise<OpenStore> {
  const { default: postgres } = await import('postgres');
  const sql = postgres({ ...postgresServer, onnotice: () => undefined });
  const store = postgresStore(sql, { table: name, now });
  await store.setup();
  const close = (): Promise<void> => sql.end();
  const remove = async (): Promise<void> => {
    await sql.unsafe(`DROP TABLE ${name}`);
    await close();
  };
  return { store, close, remove };
}

async function openMysql(name: string, now: () => number = Date.now): Promise<OpenStore> {
  const { createPool } = await import('mysql2/promise');
  const pool = createPool({ host: '127.0.0.1', user: 'root', database: 'test' });
  const store = mysqlStore(pool, { table: name, now });
  await store.setup();
  const remove = async (): Promise<void> => {
    await pool.execute(`DROP TABLE ${name}`);
    await pool.end();
  };
  return { store, close: () => pool.end(), remove };
}
