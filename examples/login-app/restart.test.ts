import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../../test/support/browser.js';
import { describeWith, hasCommand } from '../../test/support/external.js';
import { enterCode, enterPassword, mailedCode, phoneCode, scan } from './walk.js';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const equipped = hasChromium && hasCommand('oathtool') && hasCommand('zbarimg');

describeWith(
  'chromium, oathtool and zbarimg',
  equipped,
  'the login app, killed between any two steps',
  () => {
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
      port = await freePort();
      url = `http://localhost:${port}`;
      await start();
      browser = await launchChromium();
      page = await browser.newPage();
    });

    afterAll(async () => {
      server.kill('SIGKILL');
      await browser.close();
      rmSync(folder, { recursive: true });
    });

    it('goes on where it was: half a login, a session, a pending activation, an active app', async () => {
      await enterPassword(page, url);
      await killAndStart();
      await enterCode(page, await mailedCode(page, url));
      expect(new URL(page.url()).pathname).toBe('/master-data');

      await killAndStart();
      await page.getByRole('button', { name: 'Activate two-factor authentication' }).click();
      const uri = await scan(page);
      await killAndStart();
      const used = phoneCode(uri, Date.now());
      await page.getByLabel('Code', { exact: true }).fill(used);
      await page.getByRole('button', { name: 'Confirm two-factor authentication' }).click();
      await page.getByRole('heading', { name: 'The setup is complete' }).waitFor();
      const [recoveryCode = ''] = await page.locator('#recovery-codes code').allInnerTexts();

      await killAndStart();
      await page.goto(`${url}/master-data`);
      await page.getByRole('button', { name: 'Log out' }).click();
      await enterPassword(page, url);
      await killAndStart();
      await enterCode(page, used);
      expect(await page.getByRole('alert').innerText()).toContain('used already');
      await page.getByRole('link', { name: 'Use a recovery code instead' }).click();
      await enterCode(page, recoveryCode, 'Recovery code');
      expect(new URL(page.url()).pathname).toBe('/master-data');
    }, 120_000);
  },
);

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
