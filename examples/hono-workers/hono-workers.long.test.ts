import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import type { OutgoingMail } from '../../src/index.js';
import { describeWith } from '../../test/support/engines/external.js';
import {
  describeLogin,
  type LoginOptions,
  quick,
  type RunningLogin,
} from '../framework-login/login-suite.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const isInstalled = existsSync(`${folder}node_modules/miniflare`);
const migration = readFileSync(`${folder}migrations/0001_login.sql`, 'utf8');

describeWith('miniflare (npm ci --prefix examples/hono-workers)', isInstalled, 'the Worker', () => {
  describeLogin('Hono on workerd with D1', start);

  afterAll(() => worker?.dispose());

  it('compiles', () => {
    expect(execFileSync('npx', ['tsc', '-p', folder], { encoding: 'utf8' })).toBe('');
  });

  it('creates the table that d1Store expects', async () => {
    const { d1Schema } = await import('countersign/d1');
    expect(migration).toContain(d1Schema().trim());
  });
});

/** What the tests use of miniflare, whose types are installed with it. */
interface Miniflare {
  readonly ready: Promise<URL>;
  getD1Database(name: string): Promise<{ prepare(text: string): { run(): Promise<unknown> } }>;
  dispose(): Promise<void>;
}

/** What the Worker's services stand for, in the test that runs. */
let current: LoginOptions;
let worker: Miniflare | undefined;

/** One Worker serves all tests, each of which begins with empty tables. */
async function start(options: LoginOptions): Promise<RunningLogin> {
  current = options;
  worker ??= await startWorker();
  const { port } = await worker.ready;
  const database = await worker.getD1Database('DB');
  const tables = ['sessions', 'completions', 'customers', 'countersign_records'];
  const statements = [...tables.map((table) => `DROP TABLE IF EXISTS ${table}`), ...migration.split(';')];
  for (const statement of statements.filter((text) => text.trim() !== '')) {
    await database.prepare(statement).run();
  }
  await database.prepare(`UPDATE customers SET password_hash = '${quick.passwordHash}'`).run();
  return { port: Number(port), close: () => Promise.resolve() };
}

async function startWorker(): Promise<Miniflare> {
  const { Miniflare, Response } = (await import('miniflare')) as {
    Miniflare: new (options: object) => Miniflare;
    Response: new (body: string | null, init?: { status: number }) => object;
  };
  return new Miniflare({
    modules: true,
    script: await bundle(),
    compatibilityDate: '2026-04-01',
    compatibilityFlags: ['nodejs_compat'],
    d1Databases: ['DB'],
    bindings: { COUNTERSIGN_KEY: Buffer.alloc(32, 7).toString('base64') },
    serviceBindings: {
      CLOCK: () => new Response(String(current.now())),
      MAIL: async (request: Request) => {
        const mail = (await request.json()) as OutgoingMail;
        const isSent = await Promise.resolve(current.send(mail)).then(
          () => true,
          () => false,
        );
        return new Response(null, { status: isSent ? 204 : 503 });
      },
    },
  });
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}worker-under-test.ts`],
    ...{ bundle: true, write: false, format: 'esm', target: 'es2022' },
    external: ['node:*'],
  });
  return outputFiles.map(({ text }) => text).join('');
}
