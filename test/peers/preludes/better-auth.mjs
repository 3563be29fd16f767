import { readFileSync } from 'node:fs';
import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { symmetricDecrypt } from 'better-auth/crypto';
import { twoFactor } from 'better-auth/plugins';

const origin = 'http://localhost:3000';
const email = 'customer@example.com';
const password = 'correct horse battery staple';
const key = 'a secret of 32 characters or more';

export { missingInBrowsers } from './bundles.mjs';
export { codeOf, secret, shortSecret } from './names.mjs';
export { base32, createOTP };
export const manifest = JSON.parse(
  readFileSync(new URL('../node_modules/better-auth/package.json', import.meta.url), 'utf8'),
);
export const mongodb = await import('better-auth/adapters/mongodb').catch(({ code }) => code);

/** A customer with an app, and a login whose password was right; each has a database of its own. */
export async function enrolled({ isMailRefused = false } = {}) {
  const database = { user: [], session: [], account: [], verification: [], twoFactor: [] };
  const mails = [];
  const sendOTP = ({ otp }) => {
    if (isMailRefused) return Promise.reject(new Error('refused'));
    mails.push(otp);
    return Promise.resolve();
  };
  const auth = betterAuth({
    secret: key,
    baseURL: origin,
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [twoFactor({ otpOptions: { sendOTP } })],
  });
  const first = browserOf(auth);
  await first.post('/sign-up/email', { email, password, name: 'Customer' });
  const { body } = await first.post('/two-factor/enable', { password });
  const secret = await symmetricDecrypt({ key, data: database.twoFactor[0].secret });
  const code = () => createOTP(secret).totp();
  await first.post('/two-factor/verify-totp', { code: await code() });
  const logIn = async () => {
    const browser = browserOf(auth);
    await browser.post('/sign-in/email', { email, password });
    return browser;
  };
  return { auth, database, mails, code, logIn, first, ...body };
}

/** What a code gets: 200, or the name of the refusal. */
export async function verify(browser, code, how = 'totp') {
  const { status, body } = await browser.post(`/two-factor/verify-${how}`, { code });
  return body?.code ?? status;
}

/** Types ten wrong codes, in as many logins as that takes. */
export async function guess({ logIn }) {
  for (let login = 0; login < 2; login++) {
    const browser = await logIn();
    for (let guess = 0; guess < 5; guess++) await verify(browser, 'abcdef');
  }
}

function browserOf(auth) {
  const cookies = new Map();
  return {
    cookies,
    async post(path, body = {}) {
      const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ');
      const headers = { 'content-type': 'application/json', origin, cookie };
      const url = `${origin}/api/auth${path}`;
      const response = await auth.handler(
        new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }),
      );
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      return { status: response.status, body: await response.json().catch(() => null) };
    },
  };
}

/** Every call that the plugin offers on the server. */
export const names = Object.keys((await enrolled()).auth.api);

/** What stands in the column `secret`, decrypted. */
export const decrypt = (data) => symmetricDecrypt({ key, data });
