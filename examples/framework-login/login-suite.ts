import { generateTotp, Secret, type Send } from 'countersign';
import { outbox, testClock } from 'countersign/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada, type Customers, memoryCustomers } from './customers.js';
import { Browser, type Page, statusForHost } from './browser.js';

/** What every one of the small logins takes. */
export interface LoginOptions {
  readonly send: Send;
  readonly now: () => number;
  readonly customers: Customers;
  readonly behindProxy: boolean;
}

/** A small login that listens on a port of its own. */
export interface RunningLogin {
  readonly port: number;
  readonly close: () => Promise<unknown>;
}

const MINUTE = 60_000;
const STEP = 30_000;

/** The customer of the examples with a hash of the same password that takes no time. */
export const quick = {
  ...ada,
  passwordHash:
    '2:1:1:037b5cbec5337a97b12b7f0779683e56:d9c15ad8bc18ca14e601f41b2034ddd99de654240053021063e404b7e02329ed',
};

/** Every form of the login. */
const forms = [
  ...['/login', '/logout', '/security-token', '/security-token/new', '/activation'],
  ...['/activation/token', '/activation/confirm', '/deactivation'],
];

/** Drives a small login through all that it does: the frameworks differ, the behaviour does not. */
export function describeLogin(name: string, start: (options: LoginOptions) => Promise<RunningLogin>): void {
  describe(`the login with ${name}`, () => {
    let clock: ReturnType<typeof testClock>;
    let mail: ReturnType<typeof outbox>;
    let login: RunningLogin;
    let browser: Browser;

    beforeEach(async () => {
      clock = testClock();
      mail = outbox();
      login = await start({
        send: mail.send,
        now: clock.now,
        customers: memoryCustomers(quick),
        behindProxy: true,
      });
      browser = newBrowser();
    });

    afterEach(() => login.close());

    const newBrowser = (headers?: Record<string, string>): Browser =>
      new Browser(`http://127.0.0.1:${login.port}`, headers);
    const mailedCode = (): string => mail.mails.at(-1)?.code ?? '';
    const codeOf = (secret: Secret): string => generateTotp(secret, { at: clock.now() });

    async function logInByMail(who = browser): Promise<Page> {
      await who.logIn();
      return who.post('/security-token', { code: mailedCode() });
    }

    async function activate(): Promise<{ secret: Secret; recoveryCodes: string[] }> {
      await logInByMail();
      const secret = secretOn(await browser.post('/activation'));
      const done = await browser.post('/activation/confirm', { code: codeOf(secret) });
      clock.advance(STEP);
      return { secret, recoveryCodes: recoveryCodesOn(done) };
    }

    async function logInByApp(secret: Secret, who = browser): Promise<Page> {
      await who.post('/logout');
      await who.logIn();
      return who.post('/security-token', { code: codeOf(secret) });
    }

    describe('the password', () => {
      it('is refused in the same words whether it is wrong or the customer unknown', async () => {
        const wrong = await browser.logIn('12345', 'wrong');
        const unknown = await browser.logIn('99999');
        expect(wrong.alert).toBe('The customer number or the password is wrong.');
        expect({ ...unknown, headers: null }).toEqual({ ...wrong, headers: null });
        expect(wrong.html).toContain('aria-invalid="true" aria-describedby="problem"');
        expect(mail.mails).toEqual([]);
        expect(browser.setCookies).toEqual([]);
      });

      it('is not enough for Master Data, nor for an activation', async () => {
        expect((await browser.logIn()).path).toBe('/security-token');
        for (const path of ['/master-data', '/activation', '/recovery-codes'])
          expect((await browser.get(path)).path).toBe('/security-token');
        for (const path of ['/activation', '/activation/token', '/activation/confirm', '/deactivation'])
          expect((await browser.post(path, { code: '123456' })).path).toBe('/security-token');
      });

      it('is asked for first: without it every other page leads back to it, and says why', async () => {
        const over = { path: '/', alert: 'Your login has ended. Log in again.' };
        for (const path of ['/security-token', '/master-data', '/activation', '/recovery-codes'])
          expect(await browser.get(path)).toMatchObject(over);
        for (const path of forms.filter((form) => form !== '/login' && form !== '/logout'))
          expect(await browser.post(path)).toMatchObject(over);
      });
    });

    describe('a mailed token', () => {
      it('is asked for with where it went, and logs in', async () => {
        const asked = await browser.logIn();
        expect(asked.html).toContain('c***@e***');
        const page = await browser.post('/security-token', {
          code: ` ${mailedCode().replace(/^.../, '$& ')}`,
        });
        expect(page.path).toBe('/master-data');
        expect(page.html).toContain('Security tokens come by email.');
        expect((await browser.get('/')).path).toBe('/master-data');
      });

      it('comes in the language that the browser likes best', async () => {
        await newBrowser({ 'Accept-Language': 'en;q=0.5, de-DE' }).logIn();
        expect(mail.mails[0]?.message.text).toContain('Guten Tag');
      });

      it('is refused when it is wrong, and works after that', async () => {
        await browser.logIn();
        const wrong = await browser.post('/security-token', { code: otherThan(mailedCode()) });
        expect(wrong).toMatchObject({ path: '/security-token', alert: 'The code is wrong.' });
        expect(wrong.html).toContain('aria-invalid="true" aria-describedby="problem"');
        expect(wrong.html).toContain('<title>Error: Security token');
        expect((await browser.post('/security-token', { code: 'abc' })).alert).toMatch(/^This is not a code/);
        expect((await browser.post('/security-token', { code: mailedCode() })).path).toBe('/master-data');
      });

      it('is refused when it is too old', async () => {
        await browser.logIn();
        clock.advance(15 * MINUTE);
        expect(await browser.post('/security-token', { code: mailedCode() })).toMatchObject({
          path: '/security-token',
          alert: 'This took too long. Ask for a new one.',
        });
      });

      it('is mailed again after a minute, and not before: both mails carry the same code', async () => {
        await browser.logIn();
        expect((await browser.post('/security-token/new')).path).toBe('/security-token');
        expect(mail.mails).toHaveLength(1);
        clock.advance(MINUTE);
        expect((await browser.post('/security-token/new')).path).toBe('/security-token');
        expect(mail.mails).toHaveLength(2);
        expect(mail.mails[0]?.code).toBe(mailedCode());
        expect((await browser.post('/security-token', { code: mailedCode() })).path).toBe('/master-data');
      });

      it('still works after going back and giving the password again', async () => {
        await browser.logIn();
        expect((await browser.logIn()).path).toBe('/security-token');
        expect((await browser.post('/security-token', { code: mailedCode() })).path).toBe('/master-data');
      });

      it('lets another browser in that asks in the same minute, with the one mail that was sent', async () => {
        await browser.logIn();
        const other = newBrowser();
        expect((await other.logIn()).path).toBe('/security-token');
        expect(mail.mails).toHaveLength(1);
        expect((await other.post('/security-token', { code: mailedCode() })).path).toBe('/master-data');
      });

      it('that is guessed at too often is answered without a word of recovery codes, which only an app has', async () => {
        await browser.logIn();
        const alerts: (string | null)[] = [];
        for (let guess = 0; guess < 8; guess++)
          alerts.push((await browser.post('/security-token', { code: otherThan(mailedCode()) })).alert);
        for (const problem of ['delayed', 'locked'])
          alerts.push((await browser.get(`/security-token?problem=${problem}`)).alert);
        alerts.push((await browser.get('/?problem=lockedOut')).alert);
        expect(alerts.join(' ')).not.toMatch(/recovery/i);
        expect(alerts).toContainEqual(
          expect.stringMatching(/^There were too many wrong codes\. Try again in \d+ (seconds|minutes)\.$/),
        );
        expect(alerts.at(-2)).toMatch(/ Ask for a longer one, /);
      });

      it('that was used in one browser lets no other one in', async () => {
        const other = newBrowser();
        await other.logIn();
        await logInByMail();
        for (let attempt = 0; attempt < 2; attempt++) {
          const refused = await other.post('/security-token', { code: mailedCode() });
          expect(refused.alert).toBe('This code was used before. Ask for a new one.');
        }
        expect((await other.get('/master-data')).path).toBe('/security-token');
      });

      it('that could not be sent is told as such, and lets nobody on', async () => {
        mail.refuseNext();
        const failed = await browser.logIn();
        expect(failed.status).toBe(503);
        expect(failed.headers.get('content-type')).toBe('text/html; charset=utf-8');
        expect(failed.alert).toBe('We could not send the email. Please try again.');
        expect((await browser.logIn()).path).toBe('/security-token');
      });
    });

    describe('a form that is sent twice', () => {
      it('with the password asks for the token, and either answer gets in', async () => {
        const second = browser.copy();
        const pages = await Promise.all([browser.logIn(), second.logIn()]);
        expect(pages.map(({ path }) => path)).toEqual(['/security-token', '/security-token']);
        expect(mail.mails).toHaveLength(1);
        expect((await second.post('/security-token', { code: mailedCode() })).path).toBe('/master-data');
      });

      it('with the token logs in, both requests at once', async () => {
        await browser.logIn();
        const second = browser.copy();
        const send = (who: Browser) => who.post('/security-token', { code: mailedCode() });
        const pages = await Promise.all([send(browser), send(second)]);
        expect(pages.map(({ path }) => path)).toEqual(['/master-data', '/master-data']);
      });

      it('with the token logs in when the first answer never reached the browser, for a minute', async () => {
        await browser.logIn();
        const second = browser.copy();
        const late = browser.copy();
        await browser.post('/security-token', { code: mailedCode() });
        expect((await second.post('/security-token', { code: mailedCode() })).path).toBe('/master-data');
        clock.advance(MINUTE);
        expect((await late.post('/security-token', { code: mailedCode() })).path).toBe('/security-token');
      });

      it('to activate shows one QR code, and to confirm it shows the recovery codes', async () => {
        await logInByMail();
        const secret = secretOn(await browser.post('/activation'));
        expect(secretOn(await browser.post('/activation')).toBase32()).toBe(secret.toBase32());
        const send = () => browser.post('/activation/confirm', { code: codeOf(secret) });
        const first = recoveryCodesOn(await send());
        expect(first).toHaveLength(10);
        expect(recoveryCodesOn(await send())).toEqual(first);
      });

      it('to deactivate leads to Master Data', async () => {
        const { secret } = await activate();
        const code = codeOf(secret);
        await browser.post('/deactivation', { code });
        expect(await browser.post('/deactivation', { code })).toMatchObject({
          path: '/master-data',
          alert: null,
        });
      });
    });

    describe('an authenticator app', () => {
      it('is activated with a code, and shows recovery codes for ten minutes', async () => {
        await logInByMail();
        const shown = await browser.post('/activation');
        expect(shown.path).toBe('/activation');
        expect(shown.html).toMatch(/<img src="data:image\/svg\+xml,%3Csvg[^"]+" alt="[^"]+"/);
        const secret = secretOn(shown);
        const wrong = await browser.post('/activation/confirm', { code: otherThan(codeOf(secret)) });
        expect(wrong).toMatchObject({ path: '/activation', alert: 'The code is wrong.' });
        expect(secretOn(wrong).toBase32()).toBe(secret.toBase32());
        const done = await browser.post('/activation/confirm', { code: codeOf(secret) });
        expect(done.html).toContain('<h1>The setup is complete</h1>');
        expect(recoveryCodesOn(done)).toHaveLength(10);
        expect(recoveryCodesOn(await browser.get('/recovery-codes'))).toEqual(recoveryCodesOn(done));
        clock.advance(10 * MINUTE);
        const later = await browser.get('/recovery-codes');
        expect(later.path).toBe('/master-data');
        expect(later.html).toContain('Recovery codes left: 10.');
      });

      it('needs another QR code after ten minutes, and the page says so', async () => {
        await logInByMail();
        const secret = secretOn(await browser.post('/activation'));
        clock.advance(10 * MINUTE);
        const late = await browser.post('/activation/confirm', { code: codeOf(secret) });
        expect(late.alert).toBe('The QR code was valid for ten minutes. Scan a new one.');
        expect(late.html).not.toContain('<img');
      });

      it('needs a fresh token if the login is older than ten minutes', async () => {
        await logInByMail();
        clock.advance(10 * MINUTE);
        const asked = await browser.post('/activation');
        expect(asked.path).toBe('/activation');
        expect(asked.html).not.toContain('<img');
        expect(mail.mails).toHaveLength(2);
        const wrong = await browser.post('/activation/token', { code: otherThan(mailedCode()) });
        expect(wrong).toMatchObject({ path: '/activation', alert: 'The code is wrong.' });
        expect(wrong.html).not.toContain('<img');
        const secret = secretOn(await browser.post('/activation/token', { code: mailedCode() }));
        const done = await browser.post('/activation/confirm', { code: codeOf(secret) });
        expect(recoveryCodesOn(done)).toHaveLength(10);
      });

      it('logs in from then on, with each code once and without a mail', async () => {
        const { secret } = await activate();
        const code = codeOf(secret);
        expect((await logInByApp(secret)).path).toBe('/master-data');
        expect(mail.mails).toHaveLength(1);

        await browser.post('/logout');
        expect((await browser.logIn()).html).toContain('Your authenticator app shows the code.');
        const replayed = await browser.post('/security-token', { code });
        expect(replayed.alert).toBe('This code was used before. Wait for the next one.');
      });

      it('has a recovery code in its place, once', async () => {
        const { recoveryCodes } = await activate();
        const code = recoveryCodes[0] ?? '';
        await browser.post('/logout');
        await browser.logIn();
        const page = await browser.post('/security-token', { code: code.toLowerCase() });
        expect(page.html).toContain('Recovery codes left: 9.');

        await browser.post('/logout');
        await browser.logIn();
        expect((await browser.post('/security-token', { code })).path).toBe('/security-token');
      });

      it('gets a known browser in while a stranger who has the password guesses', async () => {
        const { secret } = await activate();
        const stranger = newBrowser();
        await stranger.logIn();
        for (let guess = 0; guess < 8; guess++)
          await stranger.post('/security-token', { code: otherThan(codeOf(secret)) });
        expect((await stranger.post('/security-token', { code: codeOf(secret) })).alert).toMatch(
          /^There were too many wrong codes\. A recovery code works at once\. Try again in \d+ (seconds|minutes|hours)\.$/,
        );
        expect((await logInByApp(secret)).path).toBe('/master-data');
      });

      it('is not replaced by another one', async () => {
        const { secret } = await activate();
        expect((await browser.post('/activation')).path).toBe('/master-data');
        expect((await logInByApp(secret)).path).toBe('/master-data');
      });

      it('is deactivated with a right code only, and mail is back', async () => {
        const { secret } = await activate();
        const refused = await browser.post('/deactivation', { code: otherThan(codeOf(secret)) });
        expect(refused).toMatchObject({ path: '/master-data', alert: 'The code is wrong.' });
        expect(refused.html).toContain('Your authenticator app is active.');
        expect((await browser.post('/deactivation')).alert).toMatch(/^This is not a code/);

        const done = await browser.post('/deactivation', { code: codeOf(secret) });
        expect(done.html).toContain('Security tokens come by email.');
        await browser.post('/logout');
        expect((await logInByMail()).path).toBe('/master-data');
        expect(mail.mails).toHaveLength(2);
      });
    });

    describe('the session', () => {
      it('has another id after each step, and the old one opens the second step at most', async () => {
        await browser.logIn();
        const halfway = browser.copy();
        await browser.post('/security-token', { code: mailedCode() });
        expect(browser.session).not.toBe(halfway.session);
        expect((await browser.get('/master-data')).path).toBe('/master-data');
        expect((await halfway.get('/master-data')).path).toBe('/security-token');
      });

      it('ends with the logout, for a copy of its cookie too', async () => {
        await logInByMail();
        const thief = browser.copy();
        expect((await browser.post('/logout')).path).toBe('/');
        expect((await browser.get('/master-data')).path).toBe('/');
        expect((await thief.get('/master-data')).path).toBe('/');
      });

      it('ends when a factor changes, in every browser but the one that changed it', async () => {
        const other = newBrowser();
        await logInByMail(other);
        clock.advance(MINUTE);
        const { secret } = await activate();
        expect((await other.get('/master-data')).path).toBe('/');
        expect((await browser.get('/master-data')).path).toBe('/master-data');

        await logInByApp(secret, other);
        clock.advance(STEP);
        await browser.post('/deactivation', { code: codeOf(secret) });
        expect((await other.get('/master-data')).path).toBe('/');
        expect((await browser.get('/master-data')).path).toBe('/master-data');
      });

      it('is in a cookie that no script reads, and that stays on https where it came from it', async () => {
        await logInByMail();
        for (const cookie of browser.setCookies) {
          expect(cookie).toMatch(/; HttpOnly/);
          expect(cookie).toMatch(/; SameSite=Lax/);
          expect(cookie).not.toMatch(/; Secure/);
        }
        clock.advance(MINUTE);
        const secure = newBrowser({ 'X-Forwarded-Proto': 'https' });
        await logInByMail(secure);
        for (const cookie of secure.setCookies) expect(cookie).toMatch(/; Secure/);
        expect(secure.setCookies.join('\n')).toMatch(/^__Host-browser-[\da-f]{12}=[^;]{20,}; /m);
      });
    });

    describe('a request that is not one of our forms', () => {
      it.each([
        ['Sec-Fetch-Site', { 'Sec-Fetch-Site': 'cross-site' }],
        ['Sec-Fetch-Site of a sibling', { 'Sec-Fetch-Site': 'same-site' }],
        ['Origin', { Origin: 'https://evil.example' }],
        ['Origin of another port', { Origin: 'http://127.0.0.1:1' }],
        ['a hidden Origin', { Origin: 'null' }],
      ])('is refused by %s', async (_, headers) => {
        await logInByMail();
        for (const path of forms) expect((await browser.post(path, {}, headers)).status).toBe(403);
        expect((await browser.get('/master-data')).path).toBe('/master-data');
      });

      it('is told from our own by Origin where there is no Sec-Fetch-Site', async () => {
        await logInByMail();
        const headers = { Origin: `http://127.0.0.1:${login.port}` };
        expect((await browser.post('/logout', {}, headers)).status).toBe(200);
      });

      it('is refused by a content type that only looks like that of a form', async () => {
        await logInByMail();
        for (const type of ['application/x-www-form-urlencodedfoo', 'text/plain', 'application/json'])
          expect((await browser.post('/logout', {}, { 'Content-Type': type })).status).toBe(415);
        expect((await browser.get('/master-data')).path).toBe('/master-data');
      });

      it('is refused by its length', async () => {
        const { status } = await browser.post('/login', { number: '1'.repeat(20_000), password: 'x' });
        expect(status).toBe(413);
      });

      it('is refused by a Host that is not ours, such as a name that was made to lead here', async () => {
        expect(await statusForHost(login.port, `evil.example:${login.port}`)).toBe(421);
        expect(await statusForHost(login.port, 'localhost.evil.example')).toBe(421);
        expect(await statusForHost(login.port, `localhost:${login.port}`)).toBe(200);
      });
    });

    describe('every page', () => {
      it('is kept by no cache, framed by nobody, and runs no script', async () => {
        const pages = [
          await browser.get('/'),
          await browser.logIn('12345', 'wrong'),
          await browser.logIn(),
          await browser.post('/security-token', { code: mailedCode() }),
          await browser.post('/activation'),
          await browser.post('/activation', {}, { Origin: 'null' }),
          await browser.get('/no-such-page'),
        ];
        for (const { headers, html } of pages) {
          expect(headers.get('cache-control')).toBe('no-store');
          expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
          expect(headers.get('content-security-policy')).toMatch(
            /^default-src 'none'; img-src data:; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
          );
          expect(html).toMatch(/^<!doctype html>\s*<html lang="en">/);
          expect(html).toMatch(/<title>\S.* - Example Hosting<\/title>/);
        }
      });

      it('shows no sentence that is not its own, whatever the address says', async () => {
        const { alert } = await browser.get('/?problem=%3Cscript%3E&until=1e99');
        const { html } = await browser.get('/?problem=toString');
        expect([alert, html.includes('role="alert"')]).toEqual([null, false]);
      });

      it('asks for a code in one field that takes digits, spaces and whole recovery codes', async () => {
        const { html } = await browser.logIn();
        const [field = '', ...others] = html.match(/<input[^>]*>/g) ?? [];
        expect(others).toEqual([]);
        expect(field).toMatch(/name="code"\s+inputmode="numeric"\s+autocomplete="one-time-code"/);
        expect(field).not.toMatch(/maxlength|pattern|type=/);
      });
    });
  });
}

/** The secret in groups of four. */
function secretOn({ html }: Page): Secret {
  return Secret.fromBase32(/<code>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<\/code>/.exec(html)?.[1] ?? '');
}

function recoveryCodesOn({ html }: Page): string[] {
  return Array.from(html.matchAll(/<li>\s*<code>([^<]+)/g), ([, code = '']) => code);
}

/** A code far from this one: none of the neighbouring steps has it but by a chance of one in a million. */
function otherThan(code: string): string {
  return String((Number(code) + 500_000) % 1_000_000).padStart(6, '0');
}
