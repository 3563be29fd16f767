import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../framework-login/browser.js';
import {
  type LoginApp,
  logInByMail,
  otherThan,
  startLoginApp,
} from '../../test/support/login-app-harness.js';

const MINUTE = 60_000;
let app: LoginApp;
let browser: Browser;

beforeEach(async () => {
  app = await startLoginApp();
  browser = app.newBrowser();
});
afterEach(() => app.close());

describe('the password', () => {
  it('is refused in the same words whether it is wrong or the customer unknown, and once', async () => {
    const wrong = await browser.logIn('12345', 'wrong');
    const unknown = await browser.logIn('99999');
    expect(wrong.alert).toBe('The customer number or the password is wrong.');
    expect(unknown.html.replace('99999', '12345')).toBe(wrong.html);
    expect(wrong.html).toContain('<title>Error: Log in · Example Hosting</title>');
    expect((await browser.get('/login')).alert).toBeNull();
    expect(app.mails).toEqual([]);
  });

  it('is not looked at any more after ten wrong ones from one network, also when they come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => app.newBrowser().logIn('12345', 'wrong')),
    );
    expect(answers.filter(({ alert }) => alert?.startsWith('There were too many'))).toHaveLength(2);
    const refused = await browser.logIn();
    expect(refused.alert).toBe('There were too many wrong passwords from your network.');
    expect(refused.html).toContain('You can try again in <span>10 minutes</span>.');
    app.clock.advance(10 * MINUTE);
    expect((await browser.logIn()).path).toBe('/security-token');
  });

  it('alone opens the second step and nothing else', async () => {
    await browser.logIn();
    for (const path of [
      '/master-data',
      '/security-events',
      '/two-factor/activation',
      '/two-factor/recovery-codes',
    ])
      expect((await browser.get(path)).path).toBe('/security-token');
    for (const path of [
      '/two-factor/activation',
      '/two-factor/removal',
      '/two-factor/renewal',
      '/browsers/end',
    ])
      expect((await browser.post(path, { code: '000000' })).path).toBe('/security-token');
  });
});

describe('a security token', () => {
  it('logs in, typed with spaces, and the session has another id', async () => {
    const asked = await browser.logIn();
    expect(asked.html).toContain('We sent a security token to a***@e***.');
    const halfway = browser.copy();
    const page = await browser.post('/security-token', {
      code: ` ${app.mailedCode().replace(/^.../, '$& ')} `,
    });
    expect(page.path).toBe('/master-data');
    expect((await halfway.get('/master-data')).path).toBe('/login');
    expect((await halfway.get('/security-token')).path).toBe('/login');
  });

  it('says how many attempts are left when it is wrong, at the field, and not again after a reload', async () => {
    await browser.logIn();
    const wrong = await browser.post('/security-token', { code: otherThan(app.mailedCode()) });
    expect(wrong.alert).toBe('That security token is wrong. You have 4 attempts left.');
    expect(wrong.html).toContain('aria-describedby="message code-hint" aria-invalid="true"');
    expect((await browser.get('/security-token')).alert).toBeNull();
    expect((await browser.post('/security-token', { code: 'abc' })).alert).toMatch(
      /^That is not a security token/,
    );
    expect((await browser.post('/security-token', { code: app.mailedCode() })).path).toBe('/master-data');
  });

  it('of an older mail is named as such, and the newest one gets in', async () => {
    await browser.logIn();
    const first = app.mailedCode();
    app.clock.advance(14 * MINUTE);
    expect((await browser.post('/security-token/new')).html).toContain(
      'We sent a new email. Use the newest one.',
    );
    expect(app.mailedCode()).not.toBe(first);
    expect((await browser.post('/security-token', { code: first })).alert).toBe(
      'That security token is from an older email. Use the newest one.',
    );
    expect((await browser.post('/security-token', { code: app.mailedCode() })).path).toBe('/master-data');
  });

  it('that has expired leaves no field, but a way to a new one', async () => {
    await browser.logIn();
    app.clock.advance(15 * MINUTE);
    const late = await browser.post('/security-token', { code: app.mailedCode() });
    expect(late.alert).toBe('The security token has expired. Ask for a new one.');
    expect(late.html).not.toContain('name="code"');
    await browser.post('/security-token/new');
    expect((await browser.post('/security-token', { code: app.mailedCode() })).path).toBe('/master-data');
  });

  it('gets a second browser in when the first was closed after the password', async () => {
    await browser.logIn();
    const second = app.newBrowser();
    expect((await second.logIn()).path).toBe('/security-token');
    expect(app.mails).toHaveLength(1);
    expect((await second.post('/security-token', { code: app.mailedCode() })).path).toBe('/master-data');
  });

  it('that could not be sent is told as such, with no field, and can be asked for again', async () => {
    app.mailService.fails = true;
    const failed = await browser.logIn();
    expect(failed.alert).toBe('We could not send the email. Please try again.');
    expect(failed.html).not.toContain('name="code"');
    app.mailService.fails = false;
    await browser.post('/security-token/new');
    expect((await browser.post('/security-token', { code: app.mailedCode() })).path).toBe('/master-data');
  });

  it('becomes a long one, with a reason, when the account takes no more guesses', async () => {
    for (let page = await browser.logIn(); ;) {
      if (page.alert?.startsWith('There were too many wrong tries')) break;
      await browser.post('/security-token', { code: otherThan(app.mailedCode()) });
      app.clock.advance(2 * MINUTE);
      page = await browser.post('/security-token/new');
      if (page.html.includes('25 letters')) break;
      if (app.clock.now() > Date.UTC(2100, 0)) throw new Error('no end');
      app.clock.advance(20 * MINUTE);
      page = await browser.logIn();
    }
    const page = await browser.get('/security-token');
    expect(page.html).toContain('<h1>Long security token</h1>');
    expect(page.html).toContain('because there were many wrong codes or many emails');
    expect((await browser.post('/security-token', { code: app.mailedCode() })).path).toBe('/master-data');
  });
});

describe('a session', () => {
  it('that ran out says so, and one that never was does not', async () => {
    expect((await browser.get('/master-data')).html).not.toContain('id="message"');
    await logInByMail(app, browser);
    app.clock.advance(9 * 60 * MINUTE);
    const page = await browser.get('/master-data');
    expect(page.path).toBe('/login');
    expect(page.html).toContain('Your session has ended. Please log in again.');
  });

  it('that is half a login and ran out says so', async () => {
    await browser.logIn();
    app.clock.advance(31 * MINUTE);
    const page = await browser.post('/security-token', { code: '123456' });
    expect(page.path).toBe('/login');
    expect(page.html).toContain('This login has ended. Please log in again.');
  });

  it('ends with the logout, for a copy of its cookie too', async () => {
    await logInByMail(app, browser);
    const thief = browser.copy();
    expect((await browser.post('/logout')).html).toContain('You have logged out.');
    expect((await thief.get('/master-data')).path).toBe('/login');
  });

  it('is kept so that the store alone opens nothing', async () => {
    await logInByMail(app, browser);
    const line = browser.setCookies.find((each) => each.startsWith('session=')) ?? '';
    expect(line).toMatch(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  });
});

describe('a remembered browser', () => {
  it('skips the second step for 30 days, and the list in Master Data ends that', async () => {
    await logInByMail(app, browser, { remember: 'yes' });
    await browser.post('/logout');
    const page = await browser.logIn();
    expect(page.path).toBe('/master-data');
    expect(page.html).toContain('asks for no code until');
    const id = /name="browser" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const ended = await browser.post('/browsers/end', { browser: id });
    expect(ended.html).toContain('The browser was removed.');
    await browser.post('/logout');
    expect((await browser.logIn()).path).toBe('/security-token');
  });

  it('is asked for a code without the tick', async () => {
    await logInByMail(app, browser);
    await browser.post('/logout');
    expect((await browser.logIn()).path).toBe('/security-token');
  });
});

describe('the language', () => {
  it.each([
    ['de', 'de'],
    ['de-AT,en;q=0.5', 'de'],
    ['fr,en;q=0.2,de;q=0.8', 'de'],
    ['en-GB,de;q=0.9', 'en'],
    ['fr', 'en'],
    ['%%%', 'en'],
  ])('for Accept-Language "%s" is %s', async (header, language) => {
    const page = await app.newBrowser({ 'Accept-Language': header }).get('/login');
    expect(page.html).toContain(`<html lang="${language}">`);
  });

  it('is German in pages, mails and notices for a German browser', async () => {
    const german = app.newBrowser({ 'Accept-Language': 'de' });
    const wrong = await german.logIn('12345', 'falsch');
    expect(wrong.html).toContain('<title>Fehler: Anmelden · Example Hosting</title>');
    await logInByMail(app, german);
    expect(app.mails[0]?.subject).toBe('Ihr Sicherheitstoken für Example Hosting');
  });

  it('changes with the switch, which leads back to the page, and nowhere else', async () => {
    await browser.logIn();
    const page = await browser.post('/language', { language: 'de', back: '/security-token?with=recovery' });
    expect(page.path + page.search).toBe('/security-token?with=recovery');
    expect(page.html).toContain('<html lang="de">');
    for (const back of ['//evil.example', '/\\evil.example', 'https://evil.example', ''])
      expect((await browser.post('/language', { language: 'xx', back })).path).toBe('/login');
  });
});
