import { generateTotp, memoryStore, Secret } from 'countersign';
import { testClock, type TestClock } from 'countersign/testing';
import { findCustomer } from '../../examples/login-app/data/customers.js';
import type { Mail } from '../../examples/login-app/mail/deliver.js';
import { createOutbox } from '../../examples/login-app/mail/outbox.js';
import { startServer } from '../../examples/login-app/server.js';
import { Browser, type Page } from '../../examples/framework-login/browser.js';

export const PASSWORD = 'correct horse battery staple';

/** The login app on a port of its own, with a clock to set and a password that costs nothing to check. */
export interface LoginApp {
  readonly clock: TestClock;
  readonly url: string;
  /** All that was mailed, oldest first. */
  readonly mails: Mail[];
  /** Makes each mail take that long, or fail. */
  readonly mailService: { delayMs: number; fails: boolean };
  newBrowser(headers?: Record<string, string>): Browser;
  /** The code of the newest mail that has one. */
  mailedCode(): string;
  close(): Promise<void>;
}

export async function startLoginApp(): Promise<LoginApp> {
  const clock = testClock();
  const store = memoryStore({ now: clock.now });
  const outbox = createOutbox(store, clock.now, () => undefined);
  const mails: Mail[] = [];
  const mailService = { delayMs: 0, fails: false };
  const deliver = async (mail: Mail): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, mailService.delayMs));
    if (mailService.fails) throw new Error('refused');
    mails.push(mail);
    await outbox.deliver(mail);
  };
  const checkPassword = (number: string, password: string): Promise<ReturnType<typeof findCustomer> | null> =>
    Promise.resolve(number === '12345' && password === PASSWORD ? findCustomer(number) : null);
  const keys = [Buffer.alloc(32, 7).toString('base64url')];
  const server = await startServer({ store, keys, deliver, outbox, now: clock.now, checkPassword }, 0);
  const url = server.url.replace('localhost', '127.0.0.1');
  return {
    ...{ clock, url, mails, mailService },
    newBrowser: (headers) => new Browser(url, headers),
    mailedCode: () => {
      const codes = mails.flatMap(
        ({ text }) => /^(?:\d{6}|[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4})$/m.exec(text)?.[0] ?? [],
      );
      return codes.at(-1) ?? '';
    },
    close: () => server.close(),
  };
}

/** From the customer number to Master Data, by mail. */
export async function logInByMail(
  app: LoginApp,
  browser: Browser,
  fields: Record<string, string> = {},
): Promise<Page> {
  await browser.logIn();
  return browser.post('/security-token', { code: app.mailedCode(), ...fields });
}

/** A customer who has just activated their first app. */
export interface Activated {
  readonly secret: Secret;
  readonly recoveryCodes: string[];
  /** What the app shows now. */
  code(): string;
}

/** Sets an app up and confirms it. The clock goes on, so that the app shows another code. */
export async function activate(app: LoginApp, browser: Browser): Promise<Activated> {
  const secret = secretOn(await browser.get('/two-factor/activation'));
  const code = (): string => generateTotp(secret, { at: app.clock.now() });
  const done = await browser.post('/two-factor/activation', { code: code() });
  app.clock.advance(30_000);
  return { secret, recoveryCodes: recoveryCodesOn(done), code };
}

export function secretOn({ html }: Page): Secret {
  const text = /class="secret"><code>(.*?)<\/code>/s.exec(html)?.[1] ?? '';
  return Secret.fromBase32(text.replaceAll(/<[^>]*>|\s/g, ''));
}

export function recoveryCodesOn({ html }: Page): string[] {
  return Array.from(html.matchAll(/<li><code>([^<]+)/g), ([, code = '']) => code);
}

/** A code far from this one. */
export function otherThan(code: string): string {
  return String((Number(code) + 500_000) % 1_000_000).padStart(6, '0');
}
