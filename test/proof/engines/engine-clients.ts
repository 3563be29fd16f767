import { mysqlStore } from '../../../src/store/mysql.js';
import { postgresStore } from '../../../src/store/postgres.js';
import { redisStore } from '../../../src/store/redis.js';
import type { Store } from '../../../src/store/store.js';
import type { ServerKind } from './own-servers.js';

/** A client of an application, with the settings that an application would give it. */
export interface EngineClient {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

/** A way to reach an engine: the client's package, and how it is opened. */
export interface ClientKind {
  readonly name: string;
  readonly server: ServerKind;
  readonly open: (port: number, now: () => number) => Promise<EngineClient>;
}

/** Every client that a store is tested with. */
export const clientKinds: readonly ClientKind[] = [
  { name: 'PostgreSQL, pg', server: 'postgres', open: openPg },
  { name: 'PostgreSQL, postgres.js', server: 'postgres', open: openPostgresJs },
  { name: 'MariaDB, mysql2', server: 'mariadb', open: openMysql },
  { name: 'Redis, node-redis', server: 'redis', open: openNodeRedis },
  { name: 'Redis, ioredis', server: 'redis', open: openIoredis },
];

/** The client of a name. */
export function clientKind(name: string): ClientKind {
  const kind = clientKinds.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`no client is called ${name}`);
  return kind;
}

/** Creates what a store needs before its first call, straight on the engine. */
export async function prepareEngine(server: ServerKind, port: number): Promise<void> {
  if (server === 'postgres') {
    await withPostgres(port, (query) => postgresStore({ query }).setup());
  }
  if (server === 'mariadb') {
    await withMysql(port, async (pool) => {
      await pool.execute(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`, []);
    });
    const { createPool } = await import('mysql2/promise');
    const pool = createPool({ ...serverAt(port), ...mysqlLogin });
    await mysqlStore(pool).setup();
    await pool.end();
  }
}

/** Reads every record as the engine holds it, through none of the stores: the JSON of each account by its key. */
export function readRecords(server: ServerKind, port: number): Promise<ReadonlyMap<string, unknown>> {
  if (server === 'postgres') return readPostgres(port);
  return server === 'mariadb' ? readMysql(port) : readRedis(port);
}

const DATABASE = 'proof';
const CONNECTIONS = 16;
const TIMEOUT_MS = 2000;
const PREFIX = 'countersign:';
const ignore = (): void => undefined;
const mysqlLogin = { user: 'root', database: DATABASE };
const postgresLogin = { user: 'postgres', database: 'postgres' };

function serverAt(port: number): { host: string; port: number } {
  return { host: '127.0.0.1', port };
}

async function openPg(port: number, now: () => number): Promise<EngineClient> {
  const { default: pg } = await import('pg');
  const timeouts = { connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS };
  const pool = new pg.Pool({ ...serverAt(port), ...postgresLogin, ...timeouts, max: CONNECTIONS });
  pool.on('error', ignore);
  return { store: postgresStore(pool, { now }), close: () => pool.end() };
}

async function openPostgresJs(port: number, now: () => number): Promise<EngineClient> {
  const { default: postgres } = await import('postgres');
  const settings = { ...serverAt(port), ...postgresLogin, max: CONNECTIONS, onnotice: ignore };
  // Otherwise a connection that breaks while it opens ends the process: the client asks for types and lets nobody catch it.
  const sql = postgres({
    ...settings,
    fetch_types: false,
    connect_timeout: TIMEOUT_MS / 1000,
    backoff: () => 0.2,
  });
  return { store: postgresStore(sql, { now }), close: () => sql.end({ timeout: 1 }) };
}

async function openMysql(port: number, now: () => number): Promise<EngineClient> {
  const { createPool } = await import('mysql2/promise');
  const settings = { ...serverAt(port), ...mysqlLogin, connectionLimit: CONNECTIONS };
  const pool = createPool({ ...settings, connectTimeout: TIMEOUT_MS });
  return { store: mysqlStore(pool, { now }), close: () => pool.end() };
}

async function openNodeRedis(port: number, now: () => number): Promise<EngineClient> {
  const { createClient } = await import('redis');
  const reconnectStrategy = (retries: number): number => Math.min(50 * retries, 500);
  const client = createClient({ socket: { ...serverAt(port), reconnectStrategy } });
  client.on('error', ignore);
  await client.connect();
  const close = (): Promise<void> => {
    client.destroy();
    return Promise.resolve();
  };
  return { store: redisStore(client, { now }), close };
}

async function openIoredis(port: number, now: () => number): Promise<EngineClient> {
  const { Redis } = await import('ioredis');
  const client = new Redis({ ...serverAt(port), retryStrategy: (retries) => Math.min(50 * retries, 500) });
  client.on('error', ignore);
  const close = (): Promise<void> => {
    client.disconnect();
    return Promise.resolve();
  };
  return { store: redisStore(client, { now }), close: () => close() };
}

type Query = (text: string) => Promise<{ rows: unknown[] }>;

async function withPostgres<T>(port: number, act: (query: Query) => Promise<T>): Promise<T> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ ...serverAt(port), ...postgresLogin });
  client.on('error', ignore);
  await client.connect();
  try {
    return await act((text) => client.query(text));
  } finally {
    await client.end();
  }
}

interface Executor {
  execute(text: string, params: []): Promise<[unknown, ...unknown[]]>;
}

async function withMysql<T>(port: number, act: (pool: Executor) => Promise<T>): Promise<T> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ ...serverAt(port), user: mysqlLogin.user });
  try {
    return await act(connection);
  } finally {
    await connection.end();
  }
}

function readPostgres(port: number): Promise<ReadonlyMap<string, unknown>> {
  return withPostgres(port, async (query) => {
    const { rows } = await query('SELECT id, value FROM countersign_records');
    return accountsIn(rows);
  });
}

function readMysql(port: number): Promise<ReadonlyMap<string, unknown>> {
  return withMysql(port, async (connection) => {
    const [rows] = await connection.execute(`SELECT id, value FROM ${DATABASE}.countersign_records`, []);
    return accountsIn(rows as unknown[]);
  });
}

async function readRedis(port: number): Promise<ReadonlyMap<string, unknown>> {
  const { createClient } = await import('redis');
  const client = createClient({ socket: { ...serverAt(port), reconnectStrategy: false } });
  client.on('error', ignore);
  await client.connect();
  try {
    const keys = await client.keys(`${PREFIX}*`);
    const values = keys.length === 0 ? [] : await client.mGet(keys);
    const rows = keys.map((key, index) => ({ id: key.slice(PREFIX.length), value: values[index] }));
    return accountsIn(rows);
  } finally {
    client.destroy();
  }
}

/** The JSON of each account, by the key of its record. */
export function accountsIn(rows: readonly unknown[]): ReadonlyMap<string, unknown> {
  const accounts = rows as readonly { id: string; value: unknown }[];
  return new Map(accounts.map(({ id, value }) => [id, jsonIn(String(value))]));
}

/** The JSON behind the envelope; null for a tombstone. */
function jsonIn(value: string): unknown {
  const start = value.indexOf('{');
  return start < 0 ? null : JSON.parse(value.slice(start));
}
