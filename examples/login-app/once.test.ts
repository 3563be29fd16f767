import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from '../framework-login/browser.js';
import {
  activate,
  type LoginApp,
  logInByMail,
  otherThan,
  recoveryCodesOn,
  secretOn,
  startLoginApp,
} from '../../test/support/login-app-harness.js';
import { generateTotp } from 'countersign';

let app: LoginApp;
let browser: Browser;

beforeEach(async () => {
  app = await startLoginApp();
  browser = app.newBrowser();
});
afterEach(() => app.close());

/** Two requests in flight with the same cookies, as a double click without a script sends them. */
async function twice(path: string, fields: Record<string, string>): Promise<[Page, Page]> {
  const other = browser.copy();
  const first = browser.post(path, fields);
  const second = other.post(path, fields);
  const pages = await Promise.all([first, second]);
  // What the browser shows and keeps is the second answer.
  browser = other;
  return pages;
}

describe('a form that is sent twice at once', () => {
  it('with the password: each answer leads to the second step, with one mail, and the token gets in', async () => {
    app.mailService.delayMs = 100;
    const fields = { number: '12345', password: 'correct horse battery staple' };
    const pages = await twice('/login', fields);
    expect(pages.map(({ path, alert }) => [path, alert])).toEqual(Array(2).fill(['/security-token', null]));
    expect(app.mails).toHaveLength(1);
    expect((await browser.post('/security-token', { code: app.mailedCode() })).path).toBe('/master-data');
  });

  it('with the token: each answer is a login', async () => {
    await browser.logIn();
    const pages = await twice('/security-token', { code: app.mailedCode() });
    expect(pages.map(({ path }) => path)).toEqual(['/master-data', '/master-data']);
    expect((await browser.get('/master-data')).path).toBe('/master-data');
  });

  it('with a wrong token: one attempt is spent, and each answer says so', async () => {
    await browser.logIn();
    const pages = await twice('/security-token', { code: otherThan(app.mailedCode()) });
    const says = 'That security token is wrong. You have 4 attempts left.';
    expect(pages.map(({ alert }) => alert)).toEqual([says, says]);
  });

  it('with the wish for another mail: one mail is sent', async () => {
    await browser.logIn();
    app.clock.advance(60_000);
    app.mailService.delayMs = 100;
    const pages = await twice('/security-token/new', {});
    expect(app.mails).toHaveLength(2);
    for (const { html } of pages) expect(html).toContain('We sent a new email. Use the newest one.');
  });

  it('with the code that confirms an app: each answer shows the same ten recovery codes', async () => {
    await logInByMail(app, browser);
    const secret = secretOn(await browser.get('/two-factor/activation'));
    const code = generateTotp(secret, { at: app.clock.now() });
    const pages = await twice('/two-factor/activation', { code });
    const [first, second] = pages.map(recoveryCodesOn);
    expect(first).toHaveLength(10);
    expect(second).toEqual(first);
  });

  it('with the code for new recovery codes: each answer shows the same ten', async () => {
    await logInByMail(app, browser);
    const phone = await activate(app, browser);
    const [first, second] = (await twice('/two-factor/renewal', { code: phone.code() })).map(recoveryCodesOn);
    expect(first).toHaveLength(10);
    expect(second).toEqual(first);
    expect(first).not.toEqual(phone.recoveryCodes);
  });

  it('with the code that removes an app: each answer says that it was removed', async () => {
    await logInByMail(app, browser);
    const phone = await activate(app, browser);
    const { html } = await browser.get('/master-data');
    const path = /href="(\/two-factor\/removal[^"]+)"/.exec(html)?.[1] ?? '';
    for (const page of await twice(path, { code: phone.code() }))
      expect(page.html).toContain('Two-factor authentication is not active any more.');
  });
});

describe('a form that is sent again later', () => {
  it('with the code of a login: leads to Master Data', async () => {
    await browser.logIn();
    const code = app.mailedCode();
    await browser.post('/security-token', { code });
    expect((await browser.post('/security-token', { code })).path).toBe('/master-data');
  });

  it('with the code that confirmed an app: leads to Master Data, and to new recovery codes', async () => {
    await logInByMail(app, browser);
    const secret = secretOn(await browser.get('/two-factor/activation'));
    const code = generateTotp(secret, { at: app.clock.now() });
    await browser.post('/two-factor/activation', { code });
    app.clock.advance(60_000);
    const page = await browser.post('/two-factor/activation', { code });
    expect(page.path).toBe('/master-data');
    expect(page.html).toContain('If you have not kept your recovery codes, make new ones.');
    expect(page.html).toContain('href="/two-factor/renewal"');
  });

  it('from an old half of a login: opens nothing', async () => {
    await browser.logIn();
    const code = app.mailedCode();
    const old = browser.copy();
    await browser.post('/security-token', { code });
    app.clock.advance(11_000);
    const page = await old.post('/security-token', { code });
    expect(page.path).toBe('/login');
    expect(page.html).toContain('This login has ended.');
  });
});
