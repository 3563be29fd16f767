import { generateTotp } from 'countersign';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../framework-login/browser.js';
import {
  activate,
  type LoginApp,
  logInByMail,
  otherThan,
  recoveryCodesOn,
  secretOn,
  startLoginApp,
} from '../../test/support/login-app-harness.js';

const MINUTE = 60_000;
const ACTIVATION = '/two-factor/activation';
let app: LoginApp;
let browser: Browser;

beforeEach(async () => {
  app = await startLoginApp();
  browser = app.newBrowser();
  await logInByMail(app, browser);
});
afterEach(() => app.close());

async function logInWith(code: string, query = ''): Promise<Awaited<ReturnType<Browser['post']>>> {
  await browser.post('/logout');
  await browser.logIn();
  return browser.post(`/security-token${query}`, { code });
}

describe('the activation', () => {
  it('shows one QR code while that is good, also after a wrong code and a reload', async () => {
    const secret = secretOn(await browser.get(`${ACTIVATION}?name=Work+phone`));
    const now = generateTotp(secret, { at: app.clock.now() });
    const wrong = await browser.post(ACTIVATION, { code: otherThan(now) });
    expect(wrong.alert).toMatch(/^That code is wrong. Check the time on your phone/);
    expect(wrong.html).not.toContain('autofocus');
    expect(secretOn(wrong).toBase32()).toBe(secret.toBase32());
    expect(secretOn(await browser.get(ACTIVATION)).toBase32()).toBe(secret.toBase32());
    await browser.post(ACTIVATION, { code: now });
    expect((await browser.get('/master-data')).html).toContain('Work phone');
  });

  it('says that it has expired, and shows a fresh one', async () => {
    const old = secretOn(await browser.get(ACTIVATION));
    app.clock.advance(9 * MINUTE);
    expect(secretOn(await browser.get(ACTIVATION)).toBase32()).toBe(old.toBase32());
    app.clock.advance(MINUTE);
    await browser.post('/two-factor/fresh-token/new');
    const page = await browser.post('/two-factor/fresh-token', { code: app.mailedCode() });
    expect(secretOn(page).toBase32()).not.toBe(old.toBase32());
    expect(page.html).toContain('The QR code before had expired.');
  });

  it('asks for a fresh token when the login is older than ten minutes, and then goes on', async () => {
    app.clock.advance(10 * MINUTE);
    const asked = await browser.get(`${ACTIVATION}?name=Tablet`);
    expect(asked.path).toBe('/two-factor/fresh-token');
    expect(asked.html).not.toContain('name="code"');
    await browser.post('/two-factor/fresh-token/new');
    const wrong = await browser.post('/two-factor/fresh-token', { code: otherThan(app.mailedCode()) });
    expect(wrong.alert).toMatch(/^That security token is wrong/);
    const page = await browser.post('/two-factor/fresh-token', { code: app.mailedCode() });
    expect(page.path).toBe(ACTIVATION);
    const code = generateTotp(secretOn(page), { at: app.clock.now() });
    await browser.post(ACTIVATION, { code });
    expect((await browser.get('/master-data')).html).toContain('Tablet');
  });

  it('asks for a fresh token in a remembered browser, which proved nothing', async () => {
    await browser.post('/logout');
    await browser.logIn();
    app.clock.advance(2 * MINUTE);
    await browser.post('/security-token/new');
    await browser.post('/security-token', { code: app.mailedCode(), remember: 'yes' });
    await browser.post('/logout');
    expect((await browser.logIn()).path).toBe('/master-data');
    expect((await browser.get(ACTIVATION)).path).toBe('/two-factor/fresh-token');
  });

  it('ends the other sessions of the customer, and says by mail what happened', async () => {
    app.clock.advance(2 * MINUTE);
    const other = app.newBrowser();
    await logInByMail(app, other);
    await activate(app, browser);
    const page = await other.get('/master-data');
    expect(page.path).toBe('/login');
    expect(page.html).toContain('Your session has ended.');
    expect((await browser.get('/master-data')).path).toBe('/master-data');
    expect(app.mails.at(-1)?.subject).toBe('An authenticator app was added to your account');
  });

  it('ignores whatever else its form brings', async () => {
    await browser.get(ACTIVATION);
    const page = await browser.post(ACTIVATION, {
      code: '000000',
      uri: `otpauth://totp/a:b?secret=${'A'.repeat(2300)}`,
    });
    expect(page.status).toBe(200);
    expect(page.alert).toMatch(/^That code is wrong/);
  });
});

describe('recovery codes', () => {
  it('are shown again for ten minutes in this session', async () => {
    const { recoveryCodes } = await activate(app, browser);
    expect(recoveryCodes).toHaveLength(10);
    const again = await browser.get('/two-factor/recovery-codes');
    expect(recoveryCodesOn(again)).toEqual(recoveryCodes);
    expect(again.html).toMatch(/Example Hosting: Recovery codes, customer number 12345, 1 January 2030/);
    const { html } = await browser.get('/master-data');
    expect(html).toContain('Your new recovery codes can be shown until 1 January 2030 at 01:10.');
    expect(html).toContain('href="/two-factor/recovery-codes"');
  });

  it('are gone after ten minutes', async () => {
    await activate(app, browser);
    app.clock.advance(10 * MINUTE);
    const gone = await browser.get('/two-factor/recovery-codes');
    expect(gone.path).toBe('/master-data');
    expect(gone.html).toContain('If you have not kept them, make new ones.');
    expect(gone.html).not.toContain('href="/two-factor/recovery-codes"');
  });

  it('log in once, and say how many are left', async () => {
    const { recoveryCodes } = await activate(app, browser);
    const [code = ''] = recoveryCodes;
    const page = await logInWith(code.toLowerCase(), '?with=recovery');
    expect(page.html).toContain('You have 9 left.');
    const again = await logInWith(code, '?with=recovery');
    expect(again.alert).toBe('That recovery code was used already. Use another one.');
  });

  it('are not made by a recovery code', async () => {
    const { recoveryCodes } = await activate(app, browser);
    const page = await browser.post('/two-factor/renewal', { code: recoveryCodes[0] ?? '' });
    expect(page.alert).toBe('A recovery code does not work here. Enter the code that your app shows.');
  });
});

describe('a new phone', () => {
  it('needs a code of the old one, or a recovery code, and stands beside it', async () => {
    const old = await activate(app, browser);
    const shown = await browser.get(`${ACTIVATION}?name=New+phone`);
    const code = (): string => generateTotp(secretOn(shown), { at: app.clock.now() });
    const without = await browser.post(ACTIVATION, { code: code() });
    expect(without.alert).toBe('Enter a code of your old app, or a recovery code.');
    expect(without.html).toContain('aria-describedby="message proof-hint" aria-invalid="true"');
    const wrong = await browser.post(ACTIVATION, { code: code(), proof: otherThan(old.code()) });
    expect(wrong.alert).toBe('That code is wrong.');
    const page = await browser.post(ACTIVATION, { code: code(), proof: old.code() });
    expect(page.path).toBe('/master-data');
    expect(page.html).toContain('The app “New phone” is active.');
    expect(page.html).toContain('My phone');
  });

  it('needs no other proof after a login by recovery code, and the lost one can go then', async () => {
    const { recoveryCodes } = await activate(app, browser);
    await logInWith(recoveryCodes[0] ?? '', '?with=recovery');
    const shown = await browser.get(`${ACTIVATION}?name=New+phone`);
    expect(shown.html).toContain('so you need no code of your old app');
    expect(shown.html).not.toContain('name="proof"');
    const code = (): string => generateTotp(secretOn(shown), { at: app.clock.now() });
    const page = await browser.post(ACTIVATION, { code: code() });
    expect(page.html).toContain('Now remove the one that you lost.');
    const removal =
      /href="(\/two-factor\/removal[^"]+)" aria-label="Remove My phone"/.exec(page.html)?.[1] ?? '';
    app.clock.advance(30_000);
    const removed = await browser.post(removal, { code: code() });
    expect(removed.html).toContain('The app “My phone” was removed.');
    expect(removed.html).toContain('New phone');
  });

  it('is refused while there are three apps', async () => {
    let phone = await activate(app, browser);
    for (const name of ['Second', 'Third']) {
      const shown = await browser.get(`${ACTIVATION}?name=${name}`);
      const secret = secretOn(shown);
      const code = (): string => generateTotp(secret, { at: app.clock.now() });
      await browser.post(ACTIVATION, { code: code(), proof: phone.code() });
      phone = { ...phone, secret, code };
      app.clock.advance(30_000);
    }
    const full = await browser.get(ACTIVATION);
    expect(full.path).toBe('/master-data');
    expect(full.html).not.toContain('Set up another app');
  });
});

describe('an app', () => {
  it('logs in with each code once, and without a mail', async () => {
    const phone = await activate(app, browser);
    const sent = app.mails.length;
    const code = phone.code();
    expect((await logInWith(code)).path).toBe('/master-data');
    expect((await logInWith(code)).alert).toBe(
      'That code was used already. Wait until the app shows the next one.',
    );
    expect(app.mails).toHaveLength(sent);
  });

  it('waits after wrong codes, and a recovery code works at once', async () => {
    const phone = await activate(app, browser);
    const stranger = app.newBrowser();
    await stranger.logIn();
    for (let n = 0; n < 5; n++) {
      app.clock.advance(11_000);
      await stranger.post('/security-token', { code: otherThan(phone.code()) });
    }
    const page = await stranger.post('/security-token', { code: phone.code() });
    expect(page.alert).toBe(
      'There were wrong codes before, so this one was not looked at. A recovery code works at once.',
    );
    expect(page.html).toContain('You can try again in <span>30 seconds</span>.');
    expect(page.html).not.toContain('aria-invalid');
    const code = phone.recoveryCodes[0] ?? '';
    expect((await stranger.post('/security-token?with=recovery', { code })).path).toBe('/master-data');
  });

  it('is removed against a code only, and mail is the factor again', async () => {
    const phone = await activate(app, browser);
    const path =
      /href="(\/two-factor\/removal[^"]+)"/.exec((await browser.get('/master-data')).html)?.[1] ?? '';
    expect((await browser.get(path)).html).toContain('It is your only app.');
    expect((await browser.post(path, { code: otherThan(phone.code()) })).alert).toBe('That code is wrong.');
    expect((await browser.post(path, { code: phone.code() })).html).toContain('not active any more');
    expect((await browser.get(path)).alert).toBe('That app is not active.');
    await browser.post('/logout');
    expect((await browser.logIn()).html).toContain('We sent a security token');
  });
});

describe('security events', () => {
  it('are told in the language of the reader', async () => {
    await activate(app, browser);
    expect((await browser.get('/security-events')).html).toContain('The app “My phone” was activated.');
    const german = await browser.post('/language', { language: 'de', back: '/security-events' });
    expect(german.html).toContain('Die App „My phone“ wurde aktiviert.');
    expect(german.html).toContain('1. Januar 2030 um 01:00');
  });
});
