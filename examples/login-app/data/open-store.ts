import { PGlite } from '@electric-sql/pglite';
import type { Store } from 'countersign';
import { postgresStore } from 'countersign/postgres';
import { redisStore } from 'countersign/redis';
import pg from 'pg';
import { createClient } from 'redis';
import { lockFolder } from './folder-lock.js';

export interface OpenStore {
  readonly store: Store;
  readonly name: string;
  close(): Promise<void>;
}

/** Opens the database that the environment names, or an embedded one in a folder. */
export function openStore(env: NodeJS.ProcessEnv, folder: string): Promise<OpenStore> {
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = env;
  if (databaseUrl && redisUrl) throw new Error('set DATABASE_URL or REDIS_URL, not both');
  if (databaseUrl) return openPostgres(databaseUrl);
  return redisUrl ? openRedis(redisUrl) : openEmbedded(folder);
}

async function openPostgres(connectionString: string): Promise<OpenStore> {
  const pool = new pg.Pool({ connectionString });
  // A connection that breaks while it is idle is replaced; unheard, its error would end the process.
  pool.on('error', (error) => {
    console.error('PostgreSQL:', error.message);
  });
  const store = postgresStore(pool);
  await store.setup();
  return { store, name: 'PostgreSQL', close: () => pool.end() };
}

async function openRedis(url: string): Promise<OpenStore> {
  const client = createClient({ url });
  client.on('error', (error: Error) => {
    console.error('Redis:', error.message);
  });
  await client.connect();
  return { store: redisStore(client), name: 'Redis', close: () => client.close() };
}

async function openEmbedded(folder: string): Promise<OpenStore> {
  const unlock = await lockFolder(folder);
  const database = await PGlite.create(`${folder}/pglite`);
  const store = postgresStore(database);
  await store.setup();
  return { store, name: `PGlite in ${folder}`, close: () => database.close().finally(unlock) };
}
