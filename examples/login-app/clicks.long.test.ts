import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../../test/support/browser.js';
import { describeWith } from '../../test/support/engines/external.js';
import { type LoginApp, PASSWORD, startLoginApp } from '../../test/support/login-app-harness.js';
import { appOn, type Phone } from '../../test/support/login-app-walk.js';

const PAUSES_MS = [80, 180, 400];
const LATENCIES_MS = [0, 300];
const cases = LATENCIES_MS.flatMap((latency) => PAUSES_MS.map((pause) => ({ latency, pause })));

/** A double click as an unpractised hand makes it. Playwright's own sends no two forms. */
describeWith('chromium', hasChromium, 'two clicks on a button of the login app', () => {
  let browser: Browser;
  let app: LoginApp;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    app = await startLoginApp();
  });
  afterEach(async () => {
    await context.close();
    await app.close();
  });

  async function open(latency: number, javaScriptEnabled = true): Promise<void> {
    context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled });
    page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const network = { offline: false, latency, downloadThroughput: -1, uploadThroughput: -1 };
    await session.send('Network.emulateNetworkConditions', network);
  }

  async function clickTwice(button: Locator, pause: number): Promise<void> {
    const box = await button.boundingBox();
    if (box === null) throw new Error('the button is not there');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    // Nobody reads and clicks within half a second, and the page takes such a click for the rest of a double click.
    await page.waitForTimeout(600);
    await page.mouse.click(x, y);
    await page.waitForTimeout(pause);
    await page.mouse.click(x, y);
  }

  const button = (name: string): Locator => page.getByRole('button', { name });

  /** From the first page to new recovery codes, each form with two clicks. */
  async function walk(pause: number): Promise<void> {
    await page.goto(`${app.url}/login`);
    await page.getByLabel('Customer number').fill('12345');
    await page.getByLabel('Password').fill(PASSWORD);
    await clickTwice(button('Log in'), pause);
    await arriveAt('/security-token');
    expect(app.mails).toHaveLength(1);

    await page.getByLabel('Security token').fill(app.mailedCode());
    await clickTwice(button('Log in'), pause);
    await arriveAt('/master-data');

    await page.goto(`${app.url}/two-factor/activation`);
    const phone = await appOn(page, app.clock.now);
    await page.getByLabel('Code of the new app').fill(phone.code());
    await button('Confirm the app').scrollIntoViewIfNeeded();
    await clickTwice(button('Confirm the app'), pause);
    const first = await recoveryCodes();

    await renew(phone, pause);
    expect(new Set([...first, ...(await recoveryCodes())]).size).toBe(20);
  }

  async function renew(phone: Phone, pause: number): Promise<void> {
    app.clock.advance(30_000);
    await page.goto(`${app.url}/two-factor/renewal`);
    await page.getByLabel('Code of your app').fill(phone.code());
    await clickTwice(button('Make new recovery codes'), pause);
  }

  /** Not `waitForURL`: a form that is sent again breaks the first navigation off. */
  async function arriveAt(...paths: string[]): Promise<void> {
    await expect
      .poll(() => new URL(page.url()).pathname, { timeout: 20_000 })
      .toMatch(new RegExp(`^(${paths.join('|')})$`));
    await page.waitForLoadState();
  }

  async function recoveryCodes(): Promise<string[]> {
    await arriveAt('/two-factor/recovery-codes', '/master-data');
    const codes = page.locator('#recovery-codes code');
    // Without a script, the second click may have led on from the codes: they are still there.
    const again = page.getByRole('link', { name: 'Show them again' });
    await codes.or(again).first().waitFor();
    if (await again.isVisible()) await again.click();
    await codes.first().waitFor();
    return codes.allInnerTexts();
  }

  it.each(cases)('end where one click ends, $pause ms apart, with $latency ms of latency', async (each) => {
    await open(each.latency);
    await walk(each.pause);
  });

  it.each([80, 400])('end there without a script, too, $0 ms apart', async (pause) => {
    await open(300, false);
    await walk(pause);
  });
});
