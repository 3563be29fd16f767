import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateTotp, Secret } from '../../src/index.js';
import { describeWith } from '../../test/support/engines/external.js';
import { statusForHost } from '../framework-login/browser.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const next = `${folder}node_modules/next/dist/bin/next`;
const executablePath = '/usr/bin/chromium';
const canRun = existsSync(next) && existsSync(executablePath);
const password = 'correct horse battery staple';
const STEP = 30_000;

describeWith(
  'Next.js (npm ci --prefix examples/next) and chromium',
  canRun,
  'the Next.js application',
  () => {
    let server: RunningServer;
    let browser: Browser;

    beforeAll(async () => {
      execFileSync(process.execPath, [next, 'build'], { cwd: folder, env: environment, stdio: 'pipe' });
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    }, 300_000);

    afterAll(() => browser.close());

    describe.each([
      ['with JavaScript', true],
      ['without JavaScript', false],
    ])('%s', (_, javaScriptEnabled) => {
      let page: Page;
      let recoveryCodes: string[] = [];

      beforeAll(async () => {
        server = await startServer();
        page = await (await browser.newContext({ baseURL: server.url, javaScriptEnabled })).newPage();
        page.setDefaultTimeout(10_000);
      });

      afterAll(() => server.close());

      const open = (path: string) => page.goto(path);
      const logIn = async (typed = password): Promise<void> => {
        await open('/');
        await page.getByLabel('Customer number').fill('12345');
        await page.getByLabel('Password').fill(typed);
        await page.getByRole('button', { name: 'Log in' }).click();
      };
      const sendCode = async (code: string, button = 'Log in'): Promise<void> => {
        await page.getByRole('textbox').first().fill(code);
        await page.getByRole('button', { name: button, exact: true }).click();
      };
      const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
      const alert = (): Promise<string> => page.locator('p[role=alert]').innerText();
      const logOut = async (): Promise<void> => {
        await open('/master-data');
        await page.getByRole('button', { name: 'Log out' }).click();
        await heading('Log in');
      };

      it('refuses a wrong password, and opens no page without a right one', async () => {
        await logIn('wrong');
        expect(await alert()).toBe('The customer number or the password is wrong.');
        for (const path of ['/master-data', '/security-token', '/activation', '/recovery-codes']) {
          await open(path);
          await heading('Log in');
        }
      });

      it('logs in with a mailed code, not with another, and not before it', async () => {
        await logIn();
        await heading('Security token');
        expect(await page.locator('main').innerText()).toContain('We have sent a token to c***@e***.');
        await open('/master-data');
        await heading('Security token');
        await sendCode(otherThan(server.mailedCode()));
        expect(await alert()).toBe('The code is wrong.');
        const second = await browser.newContext({
          ...{ baseURL: server.url, javaScriptEnabled },
          storageState: await page.context().storageState(),
        });
        const secondPage = await second.newPage();
        await secondPage.goto('/security-token');
        const code = server.mailedCode();
        await sendCode(code);
        await heading('Master Data');
        // The second click of a double click comes with the cookie of before the first one.
        await secondPage.getByRole('textbox').first().fill(code);
        await secondPage.getByRole('button', { name: 'Log in', exact: true }).click();
        await secondPage.getByRole('heading', { level: 1, name: 'Master Data' }).waitFor();
        await second.close();
      });

      it('refuses a host that is not ours', async () => {
        const port = Number(new URL(server.url).port);
        expect(await statusForHost(port, 'evil.example')).toBe(421);
        expect(await statusForHost(port, 'localhost')).toBe(200);
      });

      it('activates an app, logs in with each of its codes once, and with a recovery code', async () => {
        await page.getByRole('button', { name: 'Activate two-factor authentication' }).click();
        await heading('Activate two-factor authentication');
        const shown = await page.locator('code').innerText();
        await page.reload();
        expect(await page.locator('code').innerText()).toBe(shown);
        const secret = Secret.fromBase32(shown);
        const codeAt = (offset: number) => generateTotp(secret, { at: Date.now() + offset });
        // The code before is accepted, too, so the present one can be used without waiting for the next.
        await sendCode(codeAt(-STEP), 'Confirm two-factor authentication');
        await heading('The setup is complete');
        recoveryCodes = await page.locator('li code').allInnerTexts();
        expect(recoveryCodes).toHaveLength(10);
        await page.reload();
        expect(await page.locator('li code').allInnerTexts()).toEqual(recoveryCodes);

        await logOut();
        await logIn();
        await heading('Security token');
        const code = codeAt(0);
        await sendCode(code);
        await heading('Master Data');
        await logOut();
        await logIn();
        await heading('Security token');
        await sendCode(code);
        expect(await alert()).toBe('This code was used before. Wait for the next one.');

        await page.getByText('Use a recovery code').click();
        await page.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
        await page.getByRole('button', { name: 'Log in with it' }).click();
        await heading('Master Data');
        expect(await page.locator('main').innerText()).toContain('Recovery codes left: 9.');
      });

      it('deactivates the app with a recovery code, and mail is back', async () => {
        await sendCode('not a code', 'Deactivate two-factor authentication');
        expect(await alert()).toBe('This is not a code. Type all of it.');
        await sendCode(recoveryCodes[1] ?? '', 'Deactivate two-factor authentication');
        await page.getByText('Security tokens come by email.').waitFor();
      });

      it('skips the second step in a browser that is remembered', async () => {
        await logOut();
        await logIn();
        await heading('Security token');
        await page.getByRole('checkbox').check();
        await sendCode(server.mailedCode());
        await heading('Master Data');
        await logOut();
        await logIn();
        await heading('Master Data');
        expect(new URL(page.url()).pathname).toBe('/master-data');
      });
    });
  },
);

interface RunningServer {
  readonly url: string;
  mailedCode(): string;
  close(): void;
}

const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' } as const;

/** Starts the built application, which prints its mails. */
async function startServer(): Promise<RunningServer> {
  const port = await freePort();
  const args = [next, 'start', '--hostname', '127.0.0.1', '--port', String(port)];
  const child: ChildProcess = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: 'pipe' });
  let printed = '';
  child.stdout?.on('data', (text: Buffer) => (printed += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (printed += text.toString()));
  const url = `http://localhost:${port}`;
  await waitFor(async () => (await fetch(url)).ok);
  return {
    url,
    mailedCode: () => /^\d{6}$/m.exec(printed.slice(printed.lastIndexOf('To: ')))?.[0] ?? '',
    close: () => void child.kill(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function waitFor(isReady: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isReady().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the server did not start');
}

/** A code far from this one: none of the neighbouring steps has it but by a chance of one in a million. */
function otherThan(code: string): string {
  return String((Number(code) + 500_000) % 1_000_000).padStart(6, '0');
}
