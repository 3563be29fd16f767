import pg from 'pg';
import { createClient } from 'redis';
import { postgresStore } from '../../src/store/postgres.js';
import { redisStore } from '../../src/store/redis.js';
import type { Store } from '../../src/store/store.js';
import { postgresServer } from './token-engines.js';

/** Engines that several processes can share. */
export type SharedEngine = 'redis' | 'postgres';

/** A store whose records other processes see. */
export interface SharedStore {
  readonly store: Store;
  /** Ends the connection; the records stay. */
  close: () => Promise<unknown>;
  /** Takes the records away. */
  remove: () => Promise<unknown>;
}

/** Opens the store of a name that all processes of a test agree on. */
export function openShared(engine: SharedEngine, name: string): Promise<SharedStore> {
  return engine === 'redis' ? openRedis(`${name}:`) : openPostgres(name);
}

async function openRedis(prefix: string): Promise<SharedStore> {
  const client = createClient();
  await client.connect();
  const remove = async (): Promise<void> => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
  };
  return { store: redisStore(client, { prefix }), close: () => client.close(), remove };
}

async function openPostgres(table: string): Promise<SharedStore> {
  const pool = new pg.Pool(postgresServer);
  const store = postgresStore(pool, { table });
  await store.setup();
  return { store, close: () => pool.end(), remove: () => pool.query(`DROP TABLE ${table}`) };
}
