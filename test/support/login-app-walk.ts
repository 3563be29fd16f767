/** A person at a browser, with `oathtool` as the phone and `zbarimg` as its camera. */
import { generateTotp, Secret } from 'countersign';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { PASSWORD } from './login-app-harness.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Asks for the page and types number and password. */
export async function enterPassword(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await page.locator('#number').fill('12345');
  await page.locator('#password').fill(PASSWORD);
  await submit(page, 'form[action="/login"]');
}

/** Types a code into the one field for it, and sends the form. */
export async function enterCode(page: Page, code: string): Promise<void> {
  await page.locator('#code').fill(code);
  await submit(page, 'form:has(#code)');
}

/** Sends a form with the keyboard, and waits for the page that answers it. */
export async function submit(page: Page, form: string): Promise<void> {
  const loaded = page.waitForEvent('load');
  // A click in the first half second of a page does nothing: it would be the second of a double click.
  await page.locator(`${form} button:not([type])`).first().press('Enter');
  await loaded;
}

/** The code of the newest mail with one, read where the person would look. */
export async function mailedCode(page: Page, url: string): Promise<string> {
  const text = await (await page.request.get(`${url}/outbox`)).text();
  const code = /^\d{6}$/m.exec(text.replaceAll('&#10;', '\n'))?.[0];
  if (code === undefined) throw new Error('there is no mail with a code');
  return code;
}

/** Scans the QR code on the page, as a camera would: from the picture. */
export async function scan(page: Page): Promise<string> {
  const picture = await page.getByRole('img').screenshot();
  return execFileSync('zbarimg', ['--quiet', '--raw', '--oneshot', '-'], {
    input: picture,
    // It complains that there is no desktop.
    stdio: ['pipe', 'pipe', 'ignore'],
  })
    .toString()
    .trim();
}

/** What the phone shows at an instant, in ms. */
export function phoneCode(uri: string, at: number): string {
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const now = new Date(at).toISOString().replace('T', ' ').slice(0, 19);
  return execFileSync('oathtool', ['--totp', '-b', secret, '-N', `${now} UTC`])
    .toString()
    .trim();
}

/** An app that holds the secret of the page. */
export interface Phone {
  code(): string;
}

/** Types the page's secret into an app. */
export async function appOn(page: Page, now: () => number): Promise<Phone> {
  const secret = Secret.fromBase32(await page.locator('.secret').innerText());
  return { code: () => generateTotp(secret, { at: now() }) };
}

export async function alertText(page: Page): Promise<string> {
  return page.getByRole('alert').innerText();
}

/** Axe's complaints about the page as it is, by all of its rules or by some. */
export async function complaintsOf(page: Page, runOnly?: string[]): Promise<string[]> {
  // Through the debugger, so that the page's own policy stays as it is.
  return page.evaluate(
    async ({ source, options }) => {
      if (!('axe' in globalThis)) (0, eval)(source);
      const { axe } = globalThis as unknown as Axe;
      const { violations } = await axe.run(options);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    },
    { source: axe, options: runOnly === undefined ? {} : { runOnly } },
  );
}

interface Axe {
  readonly axe: {
    run(options: {
      runOnly?: string[];
    }): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
  };
}
