import { readFileSync } from 'node:fs';
import * as countersign from '../../../dist/index.js';
import { outbox, testClock } from '../../../dist/testing/index.js';
import { namesOf } from './names.mjs';

export * from '../../../dist/index.js';
export { qrSvg } from '../../../dist/qr/index.js';
export { missingInBrowsers } from './bundles.mjs';
export { codeOf, secret, shortSecret } from './names.mjs';
export const names = namesOf(countersign);
export const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
export const key = countersign.Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
/** The match of a code at 59 seconds, or null. */
export const verify = (code, options) =>
  countersign.verifyTotp(key, code, { at: new Date(59_000), lastTimeStep: null, ...options });

const userId = '12345';
const email = 'customer@example.com';

/** A customer who logs in by mail, and a login whose password was right. */
export async function mailed(options) {
  const clock = testClock();
  const mail = outbox();
  const memory = countersign.memoryStore({ now: clock.now });
  const written = [];
  const read = (key) => memory.read(key);
  const write = (key, next, etag) => {
    written.push(JSON.stringify(next));
    return memory.write(key, next, etag);
  };
  const store = { read, write };
  const keys = [crypto.getRandomValues(new Uint8Array(32))];
  const flow = countersign.createTwoFactor({
    store,
    keys,
    issuer: 'Example',
    send: mail.send,
    now: clock.now,
    ...options,
  });
  const begin = () => flow.begin({ userId, email });
  const complete = async (code, more) => {
    const { challenge } = await begin();
    return flow.complete({ userId, challenge, code, ...more });
  };
  return { flow, clock, mail, written, userId, begin, complete };
}

/** The same customer with an app; `code` is what it shows. */
export async function enrolled(options) {
  const login = await mailed(options);
  const { flow, clock } = login;
  const { secret } = await flow.beginActivation({ userId, account: userId });
  const code = () => countersign.generateTotp(secret, { at: clock.now() });
  const { recoveryCodes } = await flow.confirmActivation({ userId, code: code() });
  clock.advance(30_000);
  return { ...login, secret, code, recoveryCodes };
}

/** Types wrong codes until the account evaluates no more of them. */
export async function guess({ complete }) {
  for (let guess = 0; guess < 10; guess++) await complete('000000');
}

/** The reason of a refusal, or the method of a success. */
export const outcome = (result) => result.reason ?? result.method;
