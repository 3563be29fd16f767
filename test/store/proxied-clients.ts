import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import postgres from 'postgres';
import { createClient } from 'redis';
import { mysqlStore } from '../../src/store/mysql.js';
import { postgresStore } from '../../src/store/postgres.js';
import { redisStore } from '../../src/store/redis.js';
import type { Store } from '../../src/store/store.js';
import { uniqueName } from '../support/engines/engines.js';

/** A client of a server, which can be sent through a proxy. */
export interface ProxiedClient {
  readonly name: string;
  /** Where the server listens. */
  readonly port: number;
  readonly open: (port: number, name: string) => Promise<Omit<Opened, 'name'>> | Omit<Opened, 'name'>;
}

/** A store through one client. */
export interface Opened {
  /** The table or prefix. */
  readonly name: string;
  readonly store: Store;
  setup: () => Promise<void>;
  close: () => Promise<unknown>;
  /** Removes the records, and closes. */
  remove: () => Promise<unknown>;
}

/** The clients that the adapters for servers are run with, with their defaults. */
export const proxiedClients: readonly ProxiedClient[] = [
  { name: 'ioredis', port: 6379, open: openIoredis },
  { name: 'node-redis', port: 6379, open: openNodeRedis },
  { name: 'pg', port: 5432, open: openPg },
  { name: 'postgres.js', port: 5432, open: openPostgresJs },
  { name: 'mysql2', port: 3306, open: openMysql },
];

/** Opens a store of a new name on a port, with its table. */
export async function openNew(client: ProxiedClient, port: number): Promise<Opened> {
  const opened = await openThrough(client, port, uniqueName());
  await opened.setup();
  return opened;
}

/** Opens a store that `openNew` has set up; stores of one name see the same records. */
export async function openThrough(client: ProxiedClient, port: number, name: string): Promise<Opened> {
  return { name, ...(await client.open(port, name)) };
}

async function openIoredis(port: number, name: string): Promise<Omit<Opened, 'name'>> {
  const client = new Redis(port, { lazyConnect: true });
  client.on('error', () => undefined);
  await client.connect();
  const close = (): Promise<void> => {
    client.disconnect();
    return Promise.resolve();
  };
  return {
    store: redisStore(client, { prefix: `${name}:` }),
    setup: () => Promise.resolve(),
    close,
    remove: async () => {
      for (const key of await client.keys(`${name}:*`)) await client.del(key);
      await close();
    },
  };
}

async function openNodeRedis(port: number, name: string): Promise<Omit<Opened, 'name'>> {
  const client = createClient({ socket: { port } });
  client.on('error', () => undefined);
  await client.connect();
  const close = (): Promise<void> => {
    client.destroy();
    return Promise.resolve();
  };
  return {
    store: redisStore(client, { prefix: `${name}:` }),
    setup: () => Promise.resolve(),
    close,
    remove: async () => {
      for (const key of await client.keys(`${name}:*`)) await client.del(key);
      await close();
    },
  };
}

function openPg(port: number, name: string): Omit<Opened, 'name'> {
  const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'postgres', database: 'test', max: 4 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const store = postgresStore(pool, { table: name });
  const close = (): Promise<void> => pool.end();
  return {
    store,
    setup: () => store.setup(),
    close,
    remove: async () => {
      await pool.query(`DROP TABLE ${name}`);
      await close();
    },
  };
}

function openPostgresJs(port: number, name: string): Omit<Opened, 'name'> {
  const options = { host: '127.0.0.1', port, user: 'postgres', database: 'test', max: 4 };
  const sql = postgres({ ...options, onnotice: () => undefined });
  const store = postgresStore(sql, { table: name });
  const close = (): Promise<void> => sql.end({ timeout: 1 });
  return {
    store,
    setup: () => store.setup(),
    close,
    remove: async () => {
      await sql.unsafe(`DROP TABLE ${name}`);
      await close();
    },
  };
}

function openMysql(port: number, name: string): Omit<Opened, 'name'> {
  const options = { host: '127.0.0.1', port, user: 'root', database: 'test', connectionLimit: 4 };
  const pool = createPool(options);
  const store = mysqlStore(pool, { table: name });
  const close = (): Promise<void> => pool.end();
  return {
    store,
    setup: () => store.setup(),
    close,
    remove: async () => {
      await pool.execute(`DROP TABLE ${name}`);
      await close();
    },
  };
}
