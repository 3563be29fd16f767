import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../../test/support/browser.js';
import { isListening, postgresServer } from '../../test/support/engines/engines.js';
import { describeWith, hasCommand } from '../../test/support/engines/external.js';
import {
  enterCode,
  enterPassword,
  mailedCode,
  phoneCode,
  scan,
  submit,
} from '../../test/support/login-app-walk.js';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const equipped = hasChromium && hasCommand('oathtool') && hasCommand('zbarimg');

interface Database {
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

const title = 'the login app, killed between any two steps';

describeWith('chromium, oathtool and zbarimg', equipped, `${title}, on PGlite`, () => {
  survives(() => Promise.resolve({ env: {}, remove: () => Promise.resolve() }));
});

const postgres = equipped && (await isListening(postgresServer.port));
describeWith('PostgreSQL and a browser', postgres, `${title}, with DATABASE_URL`, () => {
  survives(ownPostgres);
});

const redis = equipped && (await isListening(6379));
describeWith('Redis and a browser', redis, `${title}, with REDIS_URL`, () => {
  survives(ownRedis);
});

/** A database of its own, since the app's customer is always the same. */
async function ownPostgres(): Promise<Database> {
  const name = `login_app_${randomUUID().slice(0, 8)}`;
  const pool = new pg.Pool(postgresServer);
  await pool.query(`CREATE DATABASE ${name}`);
  return {
    env: { DATABASE_URL: `postgres://postgres@127.0.0.1/${name}` },
    remove: async () => {
      await pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await pool.end();
    },
  };
}

/** The last of the server's numbered databases, emptied before and after. */
async function ownRedis(): Promise<Database> {
  const url = 'redis://127.0.0.1:6379/15';
  const client = createClient({ url });
  await client.connect();
  await client.flushDb();
  const remove = async (): Promise<void> => {
    await client.flushDb();
    await client.close();
  };
  return { env: { REDIS_URL: url }, remove };
}

function survives(open: () => Promise<Database>): void {
  let database: Database;
  const folder = mkdtempSync(join(tmpdir(), 'login-app-'));
  let port = 0;
  let url = '';
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;

  const start = async (): Promise<void> => {
    const env = { ...process.env, PORT: String(port), DATA_DIR: folder };
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'SMTP_URL', 'COUNTERSIGN_KEYS', 'PUBLIC_URL'])
      Reflect.deleteProperty(env, name);
    Object.assign(env, database.env);
    server = spawn(process.execPath, ['--import', 'tsx', program], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const started = new Promise<void>((resolve, reject) => {
      server.once('exit', (code) => {
        reject(new Error(`it ended with ${String(code)}`));
      });
      // Read to the end: the mails go there too, and a pipe that nobody reads would break under them.
      server.stdout?.on('data', (chunk) => {
        if (String(chunk).includes('/outbox')) resolve();
      });
    });
    await started;
  };
  const killAndStart = async (): Promise<void> => {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    await start();
  };

  beforeAll(async () => {
    database = await open();
    port = await freePort();
    url = `http://localhost:${port}`;
    await start();
    browser = await launchChromium();
    page = await browser.newPage();
  });

  afterAll(async () => {
    server.kill('SIGKILL');
    await browser.close();
    await database.remove();
    rmSync(folder, { recursive: true });
  });

  it('goes on where it was: half a login, a session, a pending activation, an active app', async () => {
    await enterPassword(page, url);
    await killAndStart();
    await enterCode(page, await mailedCode(page, url));
    expect(new URL(page.url()).pathname).toBe('/master-data');

    await killAndStart();
    await submit(page, 'form[action="/two-factor/activation"]');
    const uri = await scan(page);
    await killAndStart();
    const used = phoneCode(uri, Date.now());
    await page.getByLabel('Code of the new app').fill(used);
    await submit(page, 'form.activation');
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    const [recoveryCode = ''] = await page.locator('#recovery-codes code').allInnerTexts();

    await killAndStart();
    await page.goto(`${url}/master-data`);
    await submit(page, 'form[action="/logout"]');
    await enterPassword(page, url);
    await killAndStart();
    await enterCode(page, used);
    expect(await page.getByRole('alert').innerText()).toContain('used already');
    await page.goto(`${url}/security-token?with=recovery`);
    await enterCode(page, recoveryCode);
    expect(new URL(page.url()).pathname).toBe('/master-data');
  }, 120_000);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
