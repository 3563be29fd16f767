import Database from 'libsql';
import { PGlite } from '@electric-sql/pglite';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { dynamodbSchema, dynamodbStore } from '../../src/store/dynamodb.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { postgresStore } from '../../src/store/postgres.js';
import { sqliteStore } from '../../src/store/sqlite.js';
import type { Store } from '../../src/store/store.js';
import { checkHistory } from '../../src/testing/check-history.js';
import type { HistoryEntry } from '../../src/testing/record-history.js';
import { isListening, type ServerEngine, serverEngines, uniqueName } from '../support/engines/engines.js';
import { describeWith } from '../support/engines/external.js';
import { startCuttingProxy } from '../support/faults/cutting-proxy.js';
import { playHistory } from '../testing/play-history.js';
import { connectDynamodb, dynaliteNeeds, hasDynalite, startDynalite } from './dynalite.js';
import { historyUrl, planOf } from './history-request.js';
import { hasMiniflare, miniflareNeeds, startWorker } from './miniflare.js';

/** Calls for each store: `HISTORY_CALLS=10500` for the figures of a release. */
const calls = Number(process.env['HISTORY_CALLS'] ?? 600);
const processes = 3;
const directory = mkdtempSync(join(tmpdir(), 'countersign-histories-'));
const table: string[] = [];

afterAll(() => {
  rmSync(directory, { recursive: true });
  process.stdout.write(
    `\n| store | calls | writes of unknown fate | processes | verdict |\n${table.join('\n')}\n`,
  );
});

/** Starts a process that plays its part of a history; its calls are in the file. */
function start(
  client: string,
  place: string,
  records: string,
  name: number,
): { child: ChildProcess; file: string } {
  const file = join(directory, `${records}-${name}.jsonl`);
  const script = fileURLToPath(new URL('history-child.ts', import.meta.url));
  const part = String(Math.ceil(calls / processes));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, client, place, records, String(name), part, file],
    {
      stdio: 'ignore',
    },
  );
  return { child, file };
}

/** Lets processes play; one of them is killed on its way and another one takes its place. */
async function playInProcesses(client: string, place: string, records: string): Promise<HistoryEntry[]> {
  const players = Array.from({ length: processes }, (_, name) => start(client, place, records, name));
  const [victim] = players;
  const exits = players.map(({ child }) => once(child, 'exit'));
  if (victim !== undefined) {
    await untilGrown(victim.file, calls / processes);
    victim.child.kill('SIGKILL');
  }
  players.push(start(client, place, records, processes));
  await Promise.all([...exits, ...players.slice(processes).map(({ child }) => once(child, 'exit'))]);
  return players.flatMap(({ file }) => entriesOf(file));
}

/** Waits until a file has so many lines, or for a minute. */
async function untilGrown(file: string, lines: number): Promise<void> {
  for (let tries = 0; tries < 2400; tries++) {
    if (existsSync(file) && readFileSync(file, 'utf8').split('\n').length > lines / 3) return;
    await pause(25);
  }
}

/** The entries of a process; a line that it was killed in is left out, and the call before it is of unknown fate. */
function entriesOf(file: string): HistoryEntry[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as HistoryEntry);
}

function judge(name: string, history: readonly HistoryEntry[], count: number): void {
  const verdict = checkHistory(history);
  expect(verdict.ok ? '' : verdict.explanation).toBe('');
  const made = verdict.ok ? verdict.calls : 0;
  expect(made).toBeGreaterThan(calls * 0.9);
  const last = new Map(history.map((entry) => [entry.id, entry]));
  const unknown = [...last.values()].filter((entry) => entry.type === 'write' && entry.outcome === 'unknown');
  table.push(`| ${name} | ${made} | ${unknown.length} | ${count} | linearizable |`);
}

function play(create: (now: () => number) => Store): Promise<readonly HistoryEntry[]> {
  return playHistory({ ...planOf(calls), create });
}

describe('the history of a store inside one process', () => {
  it('is linearizable for memoryStore', async () => {
    judge('memory', await play((now) => memoryStore({ now })), 1);
  });

  it('is linearizable for PGlite', async () => {
    const db = await PGlite.create();
    await postgresStore(db).setup();
    judge('PGlite', await play((now) => postgresStore(db, { now })), 1);
    await db.close();
  });
});

describeWith(dynaliteNeeds, hasDynalite, 'the history of dynamodbStore', () => {
  it('is linearizable', { timeout: 600_000 }, async () => {
    const server = await startDynalite();
    const client = connectDynamodb(server.port);
    await client.createTable(dynamodbSchema());
    judge('DynamoDB', await play((now) => dynamodbStore(client, { now })), 1);
    client.destroy();
    await server.close();
  });
});

async function playInWorker(file: string, options: object): Promise<HistoryEntry[]> {
  const worker = await startWorker(file, options);
  const answer = await worker.dispatchFetch(historyUrl(calls));
  const history = (await answer.json()) as HistoryEntry[];
  await worker.dispose();
  return history;
}

describeWith(miniflareNeeds, hasMiniflare, 'the history of a store inside a Worker', () => {
  it('is linearizable for D1', { timeout: 600_000 }, async () => {
    judge('D1', await playInWorker('d1-worker.ts', { d1Databases: ['DB'] }), 1);
  });

  it('is linearizable for Durable Objects', { timeout: 600_000 }, async () => {
    const RECORDS = { className: 'Records', useSQLite: true };
    judge(
      'Durable Objects',
      await playInWorker('durable-object-worker.ts', { durableObjects: { RECORDS } }),
      1,
    );
  });
});

describe('the history of a store in several processes, one of which is killed', () => {
  it('is linearizable for one SQLite file', { timeout: 600_000 }, async () => {
    const file = join(directory, 'app.db');
    const database = new Database(file);
    database.exec('PRAGMA journal_mode = WAL');
    const records = uniqueName();
    await sqliteStore(database, { table: records }).setup();
    judge('SQLite through libsql', await playInProcesses('SQLite', file, records), processes + 1);
    database.close();
  });
});

const isUp = new Map<number, boolean>();
for (const { port } of serverEngines) isUp.set(port, await isListening(port));

async function playWithCuts({ name, port, connect }: ServerEngine): Promise<HistoryEntry[]> {
  const proxy = await startCuttingProxy(port);
  const records = uniqueName();
  const direct = await connect(records);
  proxy.cutAllAtEvery(150);
  const history = await playInProcesses(name, String(proxy.port), records);
  await direct.remove();
  await proxy.close();
  return history;
}

describe.each(serverEngines)('the history of a store in several processes', (engine) => {
  const { name, port } = engine;
  describeWith(`${name} on port ${port}`, isUp.get(port) === true, 'one of which is killed', () => {
    it(`is linearizable while connections are cut: ${name}`, { timeout: 600_000 }, async () => {
      judge(name, await playWithCuts(engine), processes + 1);
    });
  });
});
