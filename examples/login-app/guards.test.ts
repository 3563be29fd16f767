import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoginApp, logInByMail, startLoginApp } from '../../test/support/login-app-harness.js';
import { lockFolder } from './data/folder-lock.js';
import { BusyError, createPasswordQueue } from './data/password-queue.js';
import { nameOf, seal, unseal } from './data/seal.js';
import { readSettings } from './settings.js';

describe('the guards', () => {
  let app: LoginApp;

  beforeEach(async () => {
    app = await startLoginApp();
  });
  afterEach(() => app.close());

  /** A status, for a request with a `Host` or a type that `fetch` would not send. */
  function statusOf(headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request(`${app.url}/login`, { method, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.once('error', reject).end();
    });
  }

  it('take no name but this machine’s own in Host', async () => {
    for (const host of ['localhost', 'localhost:3000', '127.0.0.1:81', '[::1]:3000'])
      expect(await statusOf({ host })).toBe(200);
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
      expect(await statusOf({ host })).toBe(421);
  });

  it('take forms only, by the whole name of the type', async () => {
    const site = { 'sec-fetch-site': 'same-origin' };
    for (const type of [
      'application/json',
      'application/x-www-form-urlencodedfoo',
      'multipart/form-data',
      'text/plain',
    ])
      expect(await statusOf({ ...site, 'content-type': type }, 'POST')).toBe(415);
    const type = 'Application/x-www-form-urlencoded; charset=utf-8';
    expect(await statusOf({ ...site, 'content-type': type }, 'POST')).toBe(303);
  });

  it('take no form of another site', async () => {
    const browser = app.newBrowser();
    await logInByMail(app, browser);
    for (const headers of [
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'null' },
    ])
      for (const path of ['/login', '/logout', '/language', '/two-factor/activation', '/browsers/end'])
        expect((await browser.post(path, {}, headers)).status).toBe(403);
    expect((await browser.get('/master-data')).path).toBe('/master-data');
  });

  it('take no large body', async () => {
    expect((await app.newBrowser().post('/login', { number: 'x'.repeat(20_000) })).status).toBe(413);
  });

  it('let no page be cached, framed or made to run a script of others', async () => {
    const browser = app.newBrowser();
    for (const page of [await browser.get('/login'), await browser.get('/nowhere'), await browser.logIn()]) {
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });
});

describe('the settings', () => {
  it('refuse a public address without a mail server, whose mails everybody could read', () => {
    expect(() => readSettings({ PUBLIC_URL: 'https://panel.example' })).toThrow(/PUBLIC_URL needs SMTP_URL/);
    expect(() => readSettings({ PUBLIC_URL: 'https://panel.example', SMTP_URL: '' })).toThrow(
      /needs SMTP_URL/,
    );
    const settings = readSettings({ PUBLIC_URL: 'https://panel.example', SMTP_URL: 'smtp://mail.example' });
    expect(settings.origin).toBe('https://panel.example');
  });

  it('refuse an address with a path, and a port that is none', () => {
    for (const url of ['panel.example', 'ftp://panel.example', 'https://panel.example/app'])
      expect(() => readSettings({ PUBLIC_URL: url, SMTP_URL: 'smtp://mail' })).toThrow(/must be an origin/);
    expect(() => readSettings({ PORT: 'x' })).toThrow(/PORT/);
  });
});

describe('the data folder', () => {
  it('is used by one process at a time, and taken over from one that was killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'login-app-'));
    const unlock = await lockFolder(folder);
    expect(readFileSync(`${folder}/lock`, 'utf8')).toBe(String(process.pid));
    await expect(lockFolder(folder)).rejects.toThrow(/uses .* already/);
    await unlock();
    writeFileSync(`${folder}/lock`, String(2 ** 30));
    await (
      await lockFolder(folder)
    )();
    rmSync(folder, { recursive: true });
  });
});

describe('the passwords', () => {
  it('are hashed two at a time, with a short queue, and the rest is told to come back', async () => {
    const queue = createPasswordQueue(2, 3);
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
    };
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => queue(work)));
    expect(most).toBe(2);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason instanceof BusyError)).toEqual([true, true, true]);
    await expect(queue(() => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
    await expect(queue(work)).resolves.toBeUndefined();
  });
});

describe('a session at rest', () => {
  it('is found and opened by its cookie alone', () => {
    const sealed = seal('the cookie', 'a secret');
    expect(sealed + nameOf('the cookie')).not.toMatch(/cookie|secret/);
    expect(unseal('the cookie', sealed)).toBe('a secret');
    expect(() => unseal('another', sealed)).toThrow();
  });
});

describe('tsx', () => {
  it('draws the pages from any folder, where it finds no tsconfig.json', () => {
    const tsx = import.meta.resolve('tsx');
    const app = new URL('app.tsx', import.meta.url).href;
    const script = `
      const { createApp } = await import('${app}');
      const store = { read: async () => undefined, write: async () => true };
      const parts = { store, keys: ['${'A'.repeat(43)}'], deliver: async () => {}, outbox: null };
      const answer = await createApp({ ...parts, assets: (c, next) => next() }).request('http://localhost/login');
      console.log(await answer.text());`;
    const options = ['--import', tsx, '--input-type=module', '--eval', script];
    const html = execFileSync(process.execPath, options, { cwd: tmpdir(), encoding: 'utf8' });
    expect(html).toContain('<h1>Log in</h1>');
  });
});
