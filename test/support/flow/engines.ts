import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { memoryStore } from '../../../src/store/memory-store.js';
import { mysqlStore } from '../../../src/store/mysql.js';
import { postgresStore } from '../../../src/store/postgres.js';
import { redisStore } from '../../../src/store/redis.js';
import { sqliteStore } from '../../../src/store/sqlite.js';
import type { Store } from '../../../src/store/store.js';
import type { TwoFactorOptions } from '../../../src/two-factor/options.js';
import { describeWith } from '../external.js';
import { type Flow, setUp } from './flow.js';

/** A store that is open, and what takes it away again. */
export interface Opened {
  readonly store: Store;
  readonly remove: () => Promise<unknown>;
}

/** An engine that a store ships for, through one of its clients. */
export interface Engine {
  readonly name: string;
  /** The port of this machine that it listens on; null if it runs inside this process. */
  readonly port: number | null;
  readonly open: (now: () => number) => Promise<Opened>;
}

/** Engines inside this process, so that `npm test` needs no server. */
export const localEngines: readonly Engine[] = [
  {
    name: 'memory',
    port: null,
    open: (now) => Promise.resolve({ store: memoryStore({ now }), remove: () => Promise.resolve() }),
  },
  { name: 'PGlite', port: null, open: openPglite },
  { name: 'SQLite through libsql', port: null, open: openLibsql },
];

/** Engines that run as servers, for long tests. */
export const serverEngines: readonly Engine[] = [
  { name: 'Redis through node-redis', port: 6379, open: openNodeRedis },
  { name: 'Redis through ioredis', port: 6379, open: openIoredis },
  { name: 'PostgreSQL through pg', port: 5432, open: openPg },
  { name: 'PostgreSQL through postgres.js', port: 5432, open: openPostgresJs },
  { name: 'MariaDB through mysql2', port: 3306, open: openMysql },
];

/** A customer that the engine does not know, with a clock of its own. */
export type NewFlow = (options?: Partial<TwoFactorOptions>) => Flow;

/** Describes the same on each engine; where one is missing, that is said. */
export async function describeOnEngines(
  engines: readonly Engine[],
  title: string,
  body: (newFlow: NewFlow, engine: Engine) => void,
): Promise<void> {
  for (const engine of engines) {
    const isAvailable = engine.port === null || (await isListening(engine.port));
    describeWith(engine.name, isAvailable, `${title} on ${engine.name}`, () => {
      body(openFor(engine), engine);
    });
  }
}

/** How tests reach PostgreSQL. */
const postgresServer = { host: '127.0.0.1', port: 5432, user: 'postgres', database: 'test' };

/** Opens the engine once for all tests of the enclosing describe: PGlite takes seconds to begin. */
function openFor(engine: Engine): NewFlow {
  let opened: Opened | undefined;
  // The instants of tests lie in 2030: a store that judges expiry by today's clock takes away nothing too early.
  beforeAll(async () => {
    opened = await engine.open(Date.now);
  });
  afterAll(() => opened?.remove());
  return (options) => {
    if (opened === undefined) throw new Error(`${engine.name} is not open yet`);
    return setUp({ store: withPrefix(`${randomUUID()}:`, opened.store), ...options });
  };
}

/** A part of a store's keys that no other caller uses. */
function withPrefix(prefix: string, store: Store): Store {
  return {
    read: (key) => store.read(prefix + key),
    write: (key, next, expected) => store.write(prefix + key, next, expected),
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(true));
    socket.once('error', settle(false));
    socket.setTimeout(1000, settle(false));
  });
}

function uniqueName(): string {
  return `cs_flow_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
}

// Clients are imported when they are used: together they take longer to load than most tests take to run.

async function openPglite(now: () => number): Promise<Opened> {
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create();
  const store = postgresStore(db, { now });
  await store.setup();
  return { store, remove: () => db.close() };
}

async function openLibsql(now: () => number): Promise<Opened> {
  const { default: Database } = await import('libsql');
  const db = new Database(':memory:');
  const store = sqliteStore(db, { now });
  await store.setup();
  const remove = (): Promise<void> => {
    db.close();
    return Promise.resolve();
  };
  return { store, remove };
}

async function openNodeRedis(now: () => number): Promise<Opened> {
  const { createClient } = await import('redis');
  const client = createClient();
  await client.connect();
  const prefix = `${uniqueName()}:`;
  const remove = async (): Promise<void> => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
    await client.close();
  };
  return { store: redisStore(client, { prefix, now }), remove };
}

async function openIoredis(now: () => number): Promise<Opened> {
  const { Redis } = await import('ioredis');
  const client = new Redis({ lazyConnect: true });
  await client.connect();
  const prefix = `${uniqueName()}:`;
  const remove = async (): Promise<void> => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
    await client.quit();
  };
  return { store: redisStore(client, { prefix, now }), remove };
}

async function openPg(now: () => number): Promise<Opened> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool(postgresServer);
  const table = uniqueName();
  const store = postgresStore(pool, { table, now });
  await store.setup();
  const remove = async (): Promise<void> => {
    await pool.query(`DROP TABLE ${table}`);
    await pool.end();
  };
  return { store, remove };
}

async function openPostgresJs(now: () => number): Promise<Opened> {
  const { default: postgres } = await import('postgres');
  const sql = postgres({ ...postgresServer, onnotice: () => undefined });
  const table = uniqueName();
  const store = postgresStore(sql, { table, now });
  await store.setup();
  const remove = async (): Promise<void> => {
    await sql.unsafe(`DROP TABLE ${table}`);
    await sql.end();
  };
  return { store, remove };
}

async function openMysql(now: () => number): Promise<Opened> {
  const { createPool } = await import('mysql2/promise');
  const pool = createPool({ host: '127.0.0.1', port: 3306, user: 'root', database: 'test' });
  const table = uniqueName();
  const store = mysqlStore(pool, { table, now });
  await store.setup();
  const remove = async (): Promise<void> => {
    await pool.execute(`DROP TABLE ${table}`);
    await pool.end();
  };
  return { store, remove };
}
