import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createClient } from 'redis';
import type { OutgoingMail } from '../../../src/email-token/settings.js';
import { postgresStore } from '../../../src/store/postgres.js';
import { redisStore } from '../../../src/store/redis.js';
import type { Store } from '../../../src/store/store.js';
import type { TwoFactor } from '../../../src/two-factor/flow.js';

/** Engines that several processes can share. */
export type SharedEngine = 'redis' | 'postgres';

/** What a process is told: its engine, the name of the store, and the numbers of its keys; a retired one is negative. */
export interface ProcessSettings {
  readonly engine: SharedEngine;
  readonly name: string;
  readonly keys: readonly number[];
}

/** The calls that another process can make: those whose answers are plain data. */
export type RemoteCall = 'begin' | 'complete' | 'revoke' | 'erase' | 'status' | 'unlock';

/** One call. */
export interface Order {
  readonly call: RemoteCall;
  readonly argument: unknown;
  /** When to begin, in ms since 1970: processes that are told the same instant race. */
  readonly at: number;
}

/** What came of it. */
export interface Report {
  readonly answer: unknown;
  /** The mails that the process has sent so far. */
  readonly mails: readonly Pick<OutgoingMail, 'code' | 'to'>[];
}

/** A flow in a process of its own. */
export interface RemoteFlow {
  readonly call: <Call extends RemoteCall>(
    call: Call,
    argument: Parameters<TwoFactor[Call]>[0],
    at?: number,
  ) => Promise<Awaited<ReturnType<TwoFactor[Call]>>>;
  readonly mails: Report['mails'];
  readonly end: () => Promise<void>;
}

/** Starts a process. */
export async function startProcess(settings: ProcessSettings): Promise<RemoteFlow> {
  const script = fileURLToPath(new URL('process-child.ts', import.meta.url));
  const child = fork(script, [JSON.stringify(settings)], { execArgv: ['--import', 'tsx'] });
  await reportOf(child);
  const remote = {
    mails: [] as Report['mails'],
    call: async (call: RemoteCall, argument: unknown, at = 0): Promise<unknown> => {
      child.send({ call, argument, at } satisfies Order);
      const { answer, mails } = await reportOf(child);
      remote.mails = mails;
      return answer;
    },
    end: async (): Promise<void> => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
  return remote as RemoteFlow;
}

/** A store whose records other processes see. */
export interface SharedStore {
  readonly store: Store;
  /** Takes the records away, and ends the connection. */
  readonly remove: () => Promise<void>;
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
    await client.close();
  };
  return { store: redisStore(client, { prefix }), remove };
}

async function openPostgres(table: string): Promise<SharedStore> {
  const pool = new pg.Pool({ host: '127.0.0.1', port: 5432, user: 'postgres', database: 'test' });
  const store = postgresStore(pool, { table });
  await store.setup();
  const remove = async (): Promise<void> => {
    await pool.query(`DROP TABLE IF EXISTS ${table}`);
    await pool.end();
  };
  return { store, remove };
}

async function reportOf(child: ChildProcess): Promise<Report> {
  const gone = once(child, 'exit').then(() => Promise.reject(new Error('the process has ended')));
  gone.catch(() => undefined);
  const [report] = (await Promise.race([once(child, 'message'), gone])) as [Report];
  return report;
}
