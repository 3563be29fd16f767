import { generateTotp, Secret, type Send } from 'countersign';
import { outbox, testClock } from 'countersign/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Browser, type Page } from './browser.js';

/** What every one of the small logins takes. */
export interface LoginOptions {
  readonly send: Send;
  readonly now: () => number;
  readonly behindProxy: boolean;
}

/** A small login that listens on a port of its own. */
export interface RunningLogin {
  readonly port: number;
  readonly close: () => Promise<unknown>;
}

const MINUTE = 60_000;
const STEP = 30_000;

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
      login = await start({ send: mail.send, now: clock.now, behindProxy: true });
      browser = newBrowser();
    });

    afterEach(() => login.close());

    const newBrowser = (headers?: Record<string, string>): Browser =>
      new Browser(`http://127.0.0.1:${login.port}`, headers);
    const mailedCode = (): string => mail.mails.at(-1)?.code ?? '';
    const codeOf = (secret: Secret): string => generateTotp(secret, { at: clock.now() });

    async function logInByMail(): Promise<Page> {
      await browser.logIn();
      return browser.post('/security-token', { code: mailedCode() });
    }

    async function activate(): Promise<{ secret: Secret; recoveryCodes: string[] }> {
      await logInByMail();
      const secret = secretOn(await browser.post('/activation'));
      const done = await browser.post('/activation/confirm', { code: codeOf(secret) });
      const recoveryCodes = Array.from(done.html.matchAll(/<li>\s*<code>([^<]+)/g), ([, code = '']) => code);
      clock.advance(STEP);
      return { secret, recoveryCodes };
    }

    async function logInByApp(secret: Secret): Promise<Page> {
      await browser.post('/logout');
      await browser.logIn();
      return browser.post('/security-token', { code: codeOf(secret) });
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
        expect((await browser.get('/master-data')).path).toBe('/security-token');
        expect((await browser.post('/activation')).path).toBe('/security-token');
        expect((await browser.post('/activation/confirm', { code: '123456' })).path).toBe('/security-token');
        expect((await browser.post('/deactivation', { code: '123456' })).path).toBe('/security-token');
      });

      it('is asked for first: without it every other page leads back to it', async () => {
        for (const path of ['/security-token', '/master-data'])
          expect((await browser.get(path)).path).toBe('/');
        for (const path of ['/security-token', '/security-token/new', '/activation', '/deactivation'])
          expect((await browser.post(path)).path).toBe('/');
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
        expect(page.html).toContain('Security tokens come by e-mail.');
        expect((await browser.get('/')).path).toBe('/master-data');
      });

      it('is refused when it is wrong, and works after that', async () => {
        await browser.logIn();
        const wrong = await browser.post('/security-token', { code: otherThan(mailedCode()) });
        expect(wrong).toMatchObject({ status: 422, alert: 'The code is wrong.' });
        expect(wrong.html).toContain('aria-invalid="true" aria-describedby="problem"');
        expect((await browser.post('/security-token', { code: 'abc' })).alert).toMatch(/^This is not a code/);
        expect((await browser.post('/security-token', { code: mailedCode() })).path).toBe('/master-data');
      });

      it('is refused when it is too old', async () => {
        await browser.logIn();
        clock.advance(15 * MINUTE);
        expect(await browser.post('/security-token', { code: mailedCode() })).toMatchObject({
          status: 422,
          alert: 'This took too long. Ask for a new one.',
        });
      });

      it('is mailed again after a minute, and not before: both mails carry the same code', async () => {
        await browser.logIn();
        expect((await browser.post('/security-token/new')).status).toBe(200);
        expect(mail.mails).toHaveLength(1);
        clock.advance(MINUTE);
        expect((await browser.post('/security-token/new')).status).toBe(200);
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

      it('that could not be sent is told as such, and lets nobody on', async () => {
        mail.refuseNext();
        const failed = await browser.logIn();
        expect(failed.status).toBe(503);
        expect(failed.headers.get('content-type')).toBe('text/html; charset=utf-8');
        expect(failed.alert).toBe('We could not send the mail. Please try again.');
        expect((await browser.logIn()).path).toBe('/security-token');
      });
    });

    describe('an authenticator app', () => {
      it('is activated with a code, and shows recovery codes once', async () => {
        await logInByMail();
        const shown = await browser.post('/activation');
        expect(shown.html).toMatch(/<img src="data:image\/svg\+xml,%3Csvg[^"]+" alt="[^"]+"/);
        const secret = secretOn(shown);
        const wrong = await browser.post('/activation/confirm', { code: otherThan(codeOf(secret)) });
        expect(wrong).toMatchObject({ status: 422, alert: 'The code is wrong.' });
        const done = await browser.post('/activation/confirm', { code: codeOf(secret) });
        expect(done.html).toContain('<h1>The setup is complete</h1>');
        expect(done.html.match(/<li>/g)).toHaveLength(10);
        expect((await browser.get('/master-data')).html).toContain('Recovery codes left: 10.');
      });

      it('logs in from then on, with each code once and without a mail', async () => {
        const { secret } = await activate();
        const code = codeOf(secret);
        expect((await logInByApp(secret)).path).toBe('/master-data');
        expect(mail.mails).toHaveLength(1);

        await browser.post('/logout');
        expect((await browser.logIn()).html).toContain('Your authenticator app shows the token.');
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
        expect((await browser.post('/security-token', { code })).status).toBe(422);
      });

      it('is not replaced by another one without proof', async () => {
        await activate();
        const secret = secretOn(await browser.post('/activation'));
        const refused = await browser.post('/activation/confirm', { code: codeOf(secret) });
        expect(refused).toMatchObject({ status: 422, alert: 'An authenticator app is active already.' });
      });

      it('is deactivated with a right code only, and mail is back', async () => {
        const { secret } = await activate();
        const refused = await browser.post('/deactivation', { code: otherThan(codeOf(secret)) });
        expect(refused).toMatchObject({ status: 422, alert: 'The code is wrong.' });
        expect(refused.html).toContain('Your authenticator app is active.');
        expect((await browser.post('/deactivation')).status).toBe(422);

        const done = await browser.post('/deactivation', { code: codeOf(secret) });
        expect(done.html).toContain('Security tokens come by e-mail.');
        await browser.post('/logout');
        expect((await logInByMail()).path).toBe('/master-data');
        expect(mail.mails).toHaveLength(2);
      });
    });

    describe('the session', () => {
      it('has another id after each step, and the old ones open nothing', async () => {
        await browser.logIn();
        const halfway = browser.copy();
        await browser.post('/security-token', { code: mailedCode() });
        expect(browser.session).not.toBe(halfway.session);
        expect((await browser.get('/master-data')).path).toBe('/master-data');
        expect((await halfway.get('/master-data')).path).toBe('/');
        expect((await halfway.get('/security-token')).path).toBe('/');
      });

      it('ends with the logout, for a copy of its cookie too', async () => {
        await logInByMail();
        const thief = browser.copy();
        expect((await browser.post('/logout')).path).toBe('/');
        expect(browser.session).toBe('');
        expect((await thief.get('/master-data')).path).toBe('/');
      });

      it('is in a cookie that no script reads, and that stays on https where it came from it', async () => {
        await browser.logIn();
        expect(browser.setCookies[0]).toMatch(/; HttpOnly/);
        expect(browser.setCookies[0]).toMatch(/; SameSite=Lax/);
        expect(browser.setCookies[0]).not.toMatch(/; Secure/);

        clock.advance(MINUTE);
        const secure = newBrowser({ 'X-Forwarded-Proto': 'https' });
        await secure.logIn();
        expect(secure.setCookies[0]).toMatch(/; Secure/);
        expect(secure.setCookies[0]).toMatch(/; SameSite=Lax/);
      });
    });

    describe('a form of another site', () => {
      it.each([
        ['Sec-Fetch-Site', { 'Sec-Fetch-Site': 'cross-site' }],
        ['Sec-Fetch-Site of a sibling', { 'Sec-Fetch-Site': 'same-site' }],
        ['Origin', { Origin: 'https://evil.example' }],
        ['Origin of another port', { Origin: 'http://127.0.0.1:1' }],
        ['a hidden Origin', { Origin: 'null' }],
      ])('is refused by %s', async (_, headers) => {
        await logInByMail();
        for (const path of ['/login', '/logout', '/security-token', '/security-token/new', '/activation'])
          expect((await browser.post(path, {}, headers)).status).toBe(403);
        for (const path of ['/activation/confirm', '/deactivation'])
          expect((await browser.post(path, {}, headers)).status).toBe(403);
        expect((await browser.get('/master-data')).path).toBe('/master-data');
      });

      it('is told from our own by Origin where there is no Sec-Fetch-Site', async () => {
        await logInByMail();
        const headers = { Origin: `http://127.0.0.1:${login.port}` };
        expect((await browser.post('/logout', {}, headers)).status).toBe(200);
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

/** A code far from this one: none of the neighbouring steps has it but by a chance of one in a million. */
function otherThan(code: string): string {
  return String((Number(code) + 500_000) % 1_000_000).padStart(6, '0');
}
