import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../../test/support/browser.js';
import { describeWith, hasCommand } from '../../test/support/engines/external.js';
import {
  type Connection,
  type Engine,
  engineNamed,
  isListening,
} from '../../test/support/engines/engines.js';
import { createOutbox } from './mail.js';
import { type RunningServer, startServer } from './server.js';
import {
  alertText,
  enterCode,
  enterPassword,
  expectAccessible,
  mailedCode,
  phoneCode,
  scan,
} from '../../test/support/login-app-walk.js';

const equipped = hasChromium && hasCommand('oathtool') && hasCommand('zbarimg');

/** Where pictures of every page go, if somebody wants to look at them. */
const pictures = process.env['SCREENSHOTS'] ?? mkdtempSync(join(tmpdir(), 'login-app-'));

for (const [where, name] of [
  ['in memory', 'memory'],
  ['on PostgreSQL', 'PostgreSQL through pg'],
  ['on Redis', 'Redis through node-redis'],
] as const) {
  const engine = engineNamed(name);
  const isAvailable = equipped && (engine.port === null || (await isListening(engine.port)));
  const needs = `chromium, oathtool, zbarimg and ${name}`;
  describeWith(needs, isAvailable, `the login app in a browser, ${where}`, () => {
    walk(where, engine);
  });
}

function walk(where: string, engine: Engine): void {
  // Real time, but for what the tests add to it: codes of the app count in real steps of 30 seconds.
  let time = Date.UTC(2030, 0, 1, 12);
  let connection: Connection;
  let server: RunningServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let uri = '';
  let recoveryCodes: string[] = [];
  let used = '';

  const later = (seconds: number): void => {
    time += seconds * 1000;
  };
  const app = (): string => phoneCode(uri, time);
  const look = async (name: string): Promise<void> => {
    await expectAccessible(page);
    if (where === 'in memory') await photograph(page, name);
  };

  beforeAll(async () => {
    const now = (): number => time;
    connection = await engine.connect();
    const store = connection.openStore(now);
    const outbox = createOutbox(store, now, () => undefined);
    const keys = [Buffer.alloc(32, 7).toString('base64url')];
    server = await startServer({ store, keys, deliver: outbox.deliver, outbox, now }, 0);
    browser = await launchChromium();
    context = await browser.newContext();
    page = await context.newPage();
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    await connection.remove();
  });

  it(`answers an unknown customer like a wrong password, ${where}`, async () => {
    await page.goto(server.url);
    await look('01-login');
    const answers = [];
    for (const number of ['12345', '99999']) {
      await page.getByLabel('Customer number').fill(number);
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Log in' }).click();
      answers.push(await alertText(page));
      expect(await page.getByLabel('Password').evaluate((field) => field === document.activeElement)).toBe(
        true,
      );
    }
    expect(answers[0]).toBe('The customer number or the password is wrong.');
    expect(answers[1]).toBe(answers[0]);
    await look('02-login-refused');
  });

  it(`sends a token, and lets nobody into the panel before it was entered, ${where}`, async () => {
    await enterPassword(page, server.url);
    await expect(page.getByText('a***@e***').isVisible()).resolves.toBe(true);
    await look('03-security-token');
    for (const path of ['/master-data', '/security-events', '/two-factor/deactivation']) {
      await page.goto(server.url + path);
      expect(new URL(page.url()).pathname).toBe('/login');
    }
    const headers = { origin: server.url };
    for (const path of ['activation', 'confirmation', 'deactivation', 'recovery-codes']) {
      const url = `${server.url}/two-factor/${path}`;
      const answer = await page.request.post(url, { headers, form: { code: '000000' }, maxRedirects: 0 });
      expect(answer.headers()['location']).toBe('/login');
    }
  });

  it(`refuses a wrong token and says how many attempts are left, ${where}`, async () => {
    await page.goto(`${server.url}/security-token`);
    const right = await mailedCode(page, server.url);
    await enterCode(page, right === '000000' ? '000001' : '000000');
    expect(await alertText(page)).toContain('That code is wrong. 4 attempts left.');
    const field = page.getByLabel('Security token');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await look('04-security-token-wrong');
  });

  it(`refuses an expired token, sends a new one on request, and not too soon, ${where}`, async () => {
    await page.getByRole('button', { name: 'Send a new token' }).click();
    expect(await alertText(page)).toContain('A new one can be requested in');
    later(901);
    await enterCode(page, await mailedCode(page, server.url));
    expect(await alertText(page)).toContain('expired');
    await page.getByRole('button', { name: 'Send a new token' }).click();
    await page.getByText('A new token was sent.').waitFor();
    await look('05-new-token');
  });

  it(`logs in with the token, typed with a space, under a new session id, ${where}`, async () => {
    const before = await sessionId(context);
    const code = await mailedCode(page, server.url);
    await enterCode(page, `${code.slice(0, 3)} ${code.slice(3)}`);
    expect(new URL(page.url()).pathname).toBe('/master-data');
    expect(await sessionId(context)).not.toBe(before);
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    await look('06-master-data');
    await page.goto(`${server.url}/outbox`);
    await look('07-outbox');
  });

  it(`activates an app by its QR code, against a code that the app shows, ${where}`, async () => {
    await page.goto(`${server.url}/master-data`);
    await page.getByRole('button', { name: 'Activate two-factor authentication' }).click();
    uri = await scan(page);
    expect(await page.getByRole('link', { name: 'Open in the authenticator app' }).getAttribute('href')).toBe(
      uri,
    );
    const secret = (await page.locator('.secret').innerText()).trim();
    expect(secret).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    expect(uri).toContain(secret.replaceAll(' ', ''));
    await look('08-activation');
    await confirm(page, app() === '000000' ? '000001' : '000000');
    expect(await alertText(page)).toContain('wrong');
    expect(await scan(page)).toBe(uri);
    await look('09-activation-wrong');
    used = app();
    await confirm(page, used);
    await page.getByRole('heading', { name: 'The setup is complete' }).waitFor();
    recoveryCodes = await page.locator('#recovery-codes code').allInnerTexts();
    expect(new Set(recoveryCodes).size).toBe(10);
    await look('10-recovery-codes');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toBe(
      recoveryCodes.map((c) => `${c}\n`).join(''),
    );
  });

  it(`refuses a second activation while the app is active, ${where}`, async () => {
    const url = `${server.url}/two-factor/activation`;
    const answer = await page.request.post(url, { headers: { origin: server.url }, maxRedirects: 0 });
    expect(answer.headers()['location']).toBe('/master-data?notice=active');
  });

  it(`logs in with the app, never twice with one code, and sends no mail, ${where}`, async () => {
    await logOut(page, server.url);
    const mails = await page.request.get(`${server.url}/outbox`).then((answer) => answer.text());
    await enterPassword(page, server.url);
    await look('11-security-token-app');
    await enterCode(page, used);
    expect(await alertText(page)).toContain('used already');
    await enterCode(page, await mailedCode(page, server.url));
    expect(await alertText(page)).toMatch(/wrong/);
    later(30);
    used = app();
    await enterCode(page, used);
    expect(new URL(page.url()).pathname).toBe('/master-data');
    expect(await page.request.get(`${server.url}/outbox`).then((answer) => answer.text())).toBe(mails);
    await look('12-master-data-active');
  });

  it(`lets one of two browsers in that send the same code at once, ${where}`, async () => {
    later(30);
    const contexts = await Promise.all([browser.newContext(), browser.newContext()]);
    const pages = await Promise.all(contexts.map((each) => each.newPage()));
    for (const each of pages) {
      await enterPassword(each, server.url);
      await each.getByLabel('Security token').fill(app());
    }
    await Promise.all(pages.map((each) => each.getByRole('button', { name: 'Log in' }).click()));
    await Promise.all(pages.map((each) => each.waitForLoadState()));
    const paths = pages.map((each) => new URL(each.url()).pathname).sort();
    expect(paths).toEqual(['/master-data', '/security-token']);
    await Promise.all(contexts.map((each) => each.close()));
  });

  it(`logs in with a recovery code, once, ${where}`, async () => {
    for (const [attempt, expected] of ['/master-data', '/security-token'].entries()) {
      await logOut(page, server.url);
      await enterPassword(page, server.url);
      await page.getByRole('link', { name: 'Use a recovery code instead' }).click();
      if (attempt === 0) await look('13-recovery');
      await enterCode(page, (recoveryCodes[0] ?? '').toLowerCase(), 'Recovery code');
      expect(new URL(page.url()).pathname).toBe(expected);
    }
  });

  it(`renews the recovery codes against a code of the app, and the old ones end, ${where}`, async () => {
    later(30);
    await page.getByRole('link', { name: 'Use the authenticator app instead' }).click();
    await enterCode(page, app());
    await page.getByRole('link', { name: 'Renew recovery codes' }).click();
    await look('17-renewal');
    await prove(page, app(), 'Renew recovery codes');
    expect(await alertText(page)).toContain('used already');
    later(30);
    await prove(page, app(), 'Renew recovery codes');
    const renewed = await page.getByRole('listitem').locator('code').allInnerTexts();
    expect(new Set([...renewed, ...recoveryCodes]).size).toBe(20);
    await look('18-new-recovery-codes');
    for (const [code, expected] of [
      [recoveryCodes[1], '/security-token'],
      [renewed[0], '/master-data'],
    ] as const) {
      await logOut(page, server.url);
      await enterPassword(page, server.url);
      await page.getByRole('link', { name: 'Use a recovery code instead' }).click();
      await enterCode(page, code ?? '', 'Recovery code');
      expect(new URL(page.url()).pathname).toBe(expected);
    }
  });

  it(`deactivates the app against a current code only, and mails tokens again, ${where}`, async () => {
    await page.getByRole('link', { name: 'Deactivate two-factor authentication' }).click();
    await look('14-deactivation');
    await prove(page, app(), 'Deactivate two-factor authentication');
    expect(await alertText(page)).toContain('used already');
    later(30);
    await prove(page, app(), 'Deactivate two-factor authentication');
    await page.getByText('Two-factor authentication was deactivated.').waitFor();
    await page.getByRole('link', { name: 'Security events' }).click();
    await page.getByText('Two-factor authentication was deactivated.').waitFor();
    await look('15-security-events');
    await logOut(page, server.url);
    await enterPassword(page, server.url);
    await enterCode(page, await mailedCode(page, server.url));
    expect(new URL(page.url()).pathname).toBe('/master-data');
  });

  it(`refuses a POST from another site, and anything that is no form, ${where}`, async () => {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await page.request.post(`${server.url}/logout`, { headers, form: {} });
      expect(answer.status()).toBe(403);
    }
    const json = await page.request.post(`${server.url}/logout`, { data: {} });
    expect(json.status()).toBe(415);
    await page.goto(`${server.url}/master-data`);
    expect(new URL(page.url()).pathname).toBe('/master-data');
  });

  it(`says that a page does not exist, ${where}`, async () => {
    const answer = await page.goto(`${server.url}/nowhere`);
    expect(answer?.status()).toBe(404);
    await page.getByRole('heading', { name: 'Not found' }).waitFor();
    await look('16-not-found');
  });

  it(`lets no page be cached, framed or made to run a script of others, ${where}`, async () => {
    const headers = (await page.request.get(`${server.url}/master-data`)).headers();
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
}

async function sessionId(context: BrowserContext): Promise<string | undefined> {
  return (await context.cookies()).find(({ name }) => name === 'session')?.value;
}

async function confirm(page: Page, code: string): Promise<void> {
  await prove(page, code, 'Confirm two-factor authentication');
}

async function prove(page: Page, code: string, button: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: button }).click();
  await page.waitForLoadState();
}

async function logOut(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/master-data`);
  const button = page.getByRole('button', { name: 'Log out' });
  if (await button.isVisible()) await button.click();
}

async function photograph(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    if (colorScheme === 'dark') await expectAccessible(page);
    for (const [device, width] of Object.entries({ phone: 390, desktop: 1280 })) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(pictures, `${name}-${device}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

describe('the words of the login app', () => {
  it('never say a shorter wait than there is', async () => {
    const { inWords } = await import('./words.js');
    expect([1, 1000, 90_000, 90_001, 5_400_001, 48 * 3_600_001].map(inWords)).toEqual([
      '1 second',
      '1 second',
      '90 seconds',
      '2 minutes',
      '2 hours',
      '3 days',
    ]);
  });
});
