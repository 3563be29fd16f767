import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../../test/support/browser.js';
import { describeWith, hasCommand } from '../../test/support/engines/external.js';
import { type LoginApp, otherThan, startLoginApp } from '../../test/support/login-app-harness.js';
import {
  alertText,
  appOn,
  complaintsOf,
  enterCode,
  enterPassword,
  type Phone,
  phoneCode,
  scan,
  submit,
} from '../../test/support/login-app-walk.js';

/** Where pictures of every page go, for people who want to look at them. */
const pictures = process.env['SCREENSHOTS'];
const equipped = hasChromium && hasCommand('oathtool') && hasCommand('zbarimg');

for (const locale of ['en-GB', 'de-DE']) {
  const title = `every page of the login app, for a browser that asks for ${locale}`;
  describeWith('chromium, oathtool and zbarimg', equipped, title, () => {
    walk(locale);
  });
}

/** Each test goes on where the one before it ended. */
function walk(locale: string): void {
  let app: LoginApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let phone: Phone;
  let recoveryCodes: string[] = [];

  beforeAll(async () => {
    app = await startLoginApp();
    browser = await launchChromium();
    context = await browser.newContext({ locale, viewport: { width: 390, height: 844 } });
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  const go = (path: string): Promise<unknown> => page.goto(app.url + path);

  /** Light and dark: nothing to complain about for axe, and nothing to scroll sideways for on a small phone. */
  async function look(name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // Only the colours differ in the dark.
      const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
      expect(await complaintsOf(page, rules), `${name}, ${colorScheme}`).toEqual([]);
      if (pictures !== undefined) await photograph(name, colorScheme);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, name).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'light' });
  }

  async function photograph(name: string, colorScheme: string): Promise<void> {
    mkdirSync(pictures ?? '', { recursive: true });
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      const path = join(pictures ?? '', `${locale}-${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }

  /** How far down the screen something stands, in pixels. */
  async function topOf(selector: string): Promise<number> {
    return page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
  }

  it(`are good to read on the way to the second step, ${locale}`, async () => {
    await go('/login');
    await look('login');
    await page.locator('#number').fill('12345');
    await page.locator('#password').fill('wrong');
    await submit(page, 'form[action="/login"]');
    expect(await page.title()).toMatch(/^(Error|Fehler): /);
    await look('login-refused');
    await enterPassword(page, app.url);
    await look('security-token');
  });

  it(`hold up the button for another mail, and mark no field for it, ${locale}`, async () => {
    expect(await page.locator('form.resend button').isDisabled()).toBe(true);
    const before = await page.locator('form.resend span').last().innerText();
    expect(before).toMatch(/^(5\d|60) (seconds|Sekunden)$/);
    await expect.poll(() => page.locator('form.resend span').last().innerText()).not.toBe(before);
    expect(await page.locator('#code').getAttribute('aria-invalid')).toBeNull();
    const width = await page.locator('#code').evaluate((field) => field.getBoundingClientRect().width);
    expect(width).toBeLessThan(160);
  });

  it(`tell a wrong and an expired token, ${locale}`, async () => {
    await enterCode(page, otherThan(app.mailedCode()));
    expect(await page.locator('#code').getAttribute('aria-invalid')).toBe('true');
    await look('security-token-wrong');
    app.clock.advance(901_000);
    await page.reload();
    expect(await page.locator('#code').count()).toBe(0);
    await look('security-token-expired');
    await submit(page, 'form.resend');
    await look('security-token-new');
    await enterCode(page, app.mailedCode());
    expect(new URL(page.url()).pathname).toBe('/master-data');
    await look('master-data');
  });

  it(`show heading and QR code of an activation, and a wrong code’s message, on every phone, ${locale}`, async () => {
    for (const [width, height] of [
      [390, 844],
      [375, 667],
    ] as const) {
      await page.setViewportSize({ width, height });
      await go('/two-factor/activation');
      expect(await topOf('h1')).toBeGreaterThan(0);
      await enterCode(page, '000000');
      const top = await topOf('#message');
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top).toBeLessThan(height - 150);
    }
    await look('activation-wrong');
  });

  it(`activate an app that scans the QR code, after a fresh token, ${locale}`, async () => {
    app.clock.advance(601_000);
    await go('/two-factor/activation');
    await look('fresh-token');
    await submit(page, 'form[action$="/new"]');
    await look('fresh-token-asked');
    await enterCode(page, app.mailedCode());
    await look('activation-expired');
    phone = await appOn(page, app.clock.now);
    expect(phoneCode(await scan(page), app.clock.now())).toBe(phone.code());
    await enterCode(page, phone.code());
    await look('recovery-codes');
    recoveryCodes = await page.locator('#recovery-codes code').allInnerTexts();
    expect(recoveryCodes).toHaveLength(10);
  });

  it(`save recovery codes with service, customer number and date, ${locale}`, async () => {
    const download = page.waitForEvent('download');
    await page.locator('[data-act=download]').press('Enter');
    const file = await download;
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toMatch(/^Example Hosting: .*12345, 1\.? (January|Januar) 2030\n\n/);
    expect(text.trim().split('\n').slice(2)).toEqual(recoveryCodes);
    expect(file.suggestedFilename()).toMatch(/-12345\.txt$/);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('[data-act=copy]').press('Enter');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('h2').isVisible()).toBe(true);
    expect(await page.locator('nav').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
  });

  it(`are good to read with apps, browsers and codes, ${locale}`, async () => {
    app.clock.advance(30_000);
    await go('/two-factor/activation?name=Tablet');
    const tablet = await appOn(page, app.clock.now);
    await look('activation-with-proof');
    await page.locator('#proof').fill('000000');
    await enterCode(page, tablet.code());
    expect(await page.locator('#proof').getAttribute('aria-invalid')).toBe('true');
    await look('activation-proof-wrong');
    await page.locator('#proof').fill(phone.code());
    await enterCode(page, tablet.code());
    await look('master-data-apps');
    await page.locator('a.danger').first().press('Enter');
    await page.locator('#code').waitFor();
    await look('removal');
    await go('/two-factor/renewal');
    await look('renewal');
    await go('/security-events');
    await look('security-events');
    await submit(page, 'form[action="/logout"]');
    await look('logged-out');
  });

  it(`are good to read at the second step with an app, ${locale}`, async () => {
    await enterPassword(page, app.url);
    await look('code-of-app');
    // In a browser that is not known: a known one does not wait.
    const unknown = await browser.newContext({ locale, viewport: { width: 390, height: 844 } });
    page = await unknown.newPage();
    await enterPassword(page, app.url);
    for (let n = 0; n < 6; n++) {
      app.clock.advance(11_000);
      await enterCode(page, otherThan(phone.code()));
    }
    expect(await page.locator('.alert span').count()).toBe(1);
    await look('code-delayed');
    await go('/security-token?with=recovery');
    await look('recovery-code');
    await enterCode(page, 'nonsense');
    expect(await alertText(page)).toMatch(/Wiederherstellungs|recovery code/);
    await look('recovery-code-wrong');
    await enterCode(page, (recoveryCodes[0] ?? '').toLowerCase());
    await look('after-recovery');
    await go('/two-factor/activation');
    await look('activation-proved');
  });

  it(`are good to read beside the login, ${locale}`, async () => {
    await go('/nowhere');
    await look('not-found');
    await go('/outbox');
    await look('outbox');
  });

  it(`mail in the customer’s language, in HTML that fits a phone, ${locale}`, async () => {
    const mails = app.mails.filter(({ html }) => html !== undefined);
    expect(mails.length).toBeGreaterThan(3);
    await page.goto('about:blank');
    for (const [n, { html = '' }] of mails.entries()) {
      expect(html).toContain(`lang="${locale.slice(0, 2)}`);
      await page.setContent(html);
      for (const width of [360, 600]) {
        await page.setViewportSize({ width, height: 640 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        if (pictures !== undefined)
          await page.screenshot({ path: join(pictures, `${locale}-mail-${n}-${width}.png`) });
      }
    }
  });
}
