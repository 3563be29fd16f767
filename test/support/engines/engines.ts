import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { memoryStore } from '../../../src/store/memory-store.js';
import { mysqlStore } from '../../../src/store/mysql.js';
import { postgresStore } from '../../../src/store/postgres.js';
import { redisStore } from '../../../src/store/redis.js';
import { sqliteStore } from '../../../src/store/sqlite.js';
import type { Store } from '../../../src/store/store.js';

/** An engine that a store ships for, through one of its clients. */
export interface Engine {
  readonly name: string;
  /** The port of 127.0.0.1 that it listens on; null if it runs inside this process. */
  readonly port: number | null;
  /**
   * Connects. On a server, two connections of one name see the same records, also from two processes; another port leads
   * there through a proxy.
   */
  readonly connect: (name?: string, port?: number) => Promise<Connection>;
}

/** An engine that listens on a port of this machine. */
export interface ServerEngine extends Engine {
  readonly port: number;
}

/** A connection to an engine. */
export interface Connection {
  /** A store on this connection; in memory each call makes a store of its own. */
  readonly openStore: (now?: () => number) => Store;
  /** Ends the connection and leaves the records. */
  readonly disconnect: () => Promise<unknown>;
  /** Deletes the records of this connection's name, and ends the connection. */
  readonly remove: () => Promise<unknown>;
}

/** Engines that run inside this process, so that `npm test` needs no server. */
export const localEngines: readonly Engine[] = [
  { name: 'memory', port: null, connect: connectMemory },
  { name: 'PGlite', port: null, connect: connectPglite },
  { name: 'SQLite through libsql', port: null, connect: connectLibsql },
];

/** Engines that run as servers, for the project `long`. */
export const serverEngines: readonly ServerEngine[] = [
  { name: 'Redis through node-redis', port: 6379, connect: connectNodeRedis },
  { name: 'Redis through ioredis', port: 6379, connect: connectIoredis },
  { name: 'PostgreSQL through pg', port: 5432, connect: connectPg },
  { name: 'PostgreSQL through postgres.js', port: 5432, connect: connectPostgresJs },
  { name: 'MariaDB through mysql2', port: 3306, connect: connectMysql },
];

/** How tests reach PostgreSQL. */
export const postgresServer = { host: '127.0.0.1', port: 5432, user: 'postgres', database: 'test' };

/** How tests reach MariaDB. */
export const mysqlServer = { host: '127.0.0.1', port: 3306, user: 'root', database: 'test' };

/** The engine of a name in the two lists. */
export function engineNamed(name: string): Engine {
  const engine = [...localEngines, ...serverEngines].find((each) => each.name === name);
  if (engine === undefined) throw new Error(`no engine is called ${name}`);
  return engine;
}

/** A name that no other run uses, for a table or a prefix. */
export function uniqueName(): string {
  return `cs_test_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
}

/** A port on which nothing listens: to see what a store does when its engine is away. */
export const deadPort = 9;

/** True if a program listens on a port of this machine. */
export function isListening(port: number): Promise<boolean> {
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

// Clients are imported when they are used: together they take longer to load than most tests take to run.

function connectMemory(): Promise<Connection> {
  const nothing = (): Promise<void> => Promise.resolve();
  return Promise.resolve({
    openStore: (now = Date.now) => memoryStore({ now }),
    disconnect: nothing,
    remove: nothing,
  });
}

async function connectPglite(): Promise<Connection> {
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create();
  await postgresStore(db).setup();
  const disconnect = (): Promise<void> => db.close();
  return { openStore: (now = Date.now) => postgresStore(db, { now }), disconnect, remove: disconnect };
}

async function connectLibsql(): Promise<Connection> {
  const { default: Database } = await import('libsql');
  const db = new Database(':memory:');
  await sqliteStore(db).setup();
  const disconnect = (): Promise<void> => {
    db.close();
    return Promise.resolve();
  };
  return { openStore: (now = Date.now) => sqliteStore(db, { now }), disconnect, remove: disconnect };
}

async function connectNodeRedis(name = uniqueName(), port = 6379): Promise<Connection> {
  const { createClient } = await import('redis');
  const client = createClient({ socket: { port } });
  client.on('error', ignore);
  await client.connect();
  const prefix = `${name}:`;
  const disconnect = (): Promise<void> => {
    client.destroy();
    return Promise.resolve();
  };
  return {
    openStore: (now = Date.now) => redisStore(client, { prefix, now }),
    disconnect,
    remove: async () => {
      const keys = await client.keys(`${prefix}*`);
      if (keys.length > 0) await client.del(keys);
      await disconnect();
    },
  };
}

async function connectIoredis(name = uniqueName(), port = 6379): Promise<Connection> {
  const { Redis } = await import('ioredis');
  const client = new Redis(port, { lazyConnect: true });
  client.on('error', ignore);
  await client.connect();
  const prefix = `${name}:`;
  const disconnect = (): Promise<void> => {
    client.disconnect();
    return Promise.resolve();
  };
  return {
    openStore: (now = Date.now) => redisStore(client, { prefix, now }),
    disconnect,
    remove: async () => {
      const keys = await client.keys(`${prefix}*`);
      if (keys.length > 0) await client.del(keys);
      await disconnect();
    },
  };
}

async function connectPg(table = uniqueName(), port = 5432): Promise<Connection> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ ...postgresServer, port });
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  await postgresStore(pool, { table }).setup();
  const disconnect = (): Promise<void> => pool.end();
  return {
    openStore: (now = Date.now) => postgresStore(pool, { table, now }),
    disconnect,
    remove: async () => {
      await pool.query(`DROP TABLE ${table}`);
      await disconnect();
    },
  };
}

async function connectPostgresJs(table = uniqueName(), port = 5432): Promise<Connection> {
  const { default: postgres } = await import('postgres');
  const sql = postgres({ ...postgresServer, port, onnotice: ignore });
  await postgresStore(sql, { table }).setup();
  const disconnect = (): Promise<void> => sql.end({ timeout: 1 });
  return {
    openStore: (now = Date.now) => postgresStore(sql, { table, now }),
    disconnect,
    remove: async () => {
      await sql.unsafe(`DROP TABLE ${table}`);
      await disconnect();
    },
  };
}

async function connectMysql(table = uniqueName(), port = 3306): Promise<Connection> {
  const { createPool } = await import('mysql2/promise');
  const pool = createPool({ ...mysqlServer, port });
  await mysqlStore(pool, { table }).setup();
  const disconnect = (): Promise<void> => pool.end();
  return {
    openStore: (now = Date.now) => mysqlStore(pool, { table, now }),
    disconnect,
    remove: async () => {
      await pool.execute(`DROP TABLE ${table}`);
      await disconnect();
    },
  };
}

/** A connection that is cut on purpose is no failure of a test. */
function ignore(): void {
  return;
}
