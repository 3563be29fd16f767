/** A person at a browser, with `oathtool` as the phone and `zbarimg` as its camera. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'vitest';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const password = 'correct horse battery staple';

/** Asks for the page and types number and password. */
export async function enterPassword(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel('Customer number').fill('12345');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL('**/security-token*');
}

/** Types a code and sends it. */
export async function enterCode(page: Page, code: string, label = 'Security token'): Promise<void> {
  await page.getByLabel(label).fill(code);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForLoadState();
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
  return execFileSync('zbarimg', ['--quiet', '--raw', '--oneshot', '-'], { input: picture })
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

export async function alertText(page: Page): Promise<string> {
  return page.getByRole('alert').innerText();
}

/** Fails with axe's complaints about the page as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  // Through the debugger, so that the page's own policy stays as it is.
  const complaints = await page.evaluate(async (source) => {
    if (!('axe' in globalThis)) (0, eval)(source);
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<Result> } }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  }, axe);
  expect(complaints).toEqual([]);
}

interface Result {
  readonly violations: { id: string; nodes: { html: string }[] }[];
}
