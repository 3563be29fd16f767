import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { looserThanRecommended } from '../../src/email-token/policy.js';
import { generateTotp } from '../../src/otp/totp.js';
import { createTwoFactor } from '../../src/two-factor/two-factor.js';
import { email, type Flow, setUp, setUpWithApp, userId, yes } from '../support/flow/flow.js';
import { MINUTE, STEP } from '../support/flow/time.js';
import { whilePolluted } from '../support/harness/polluted.js';

function refuse(): never {
  throw new Error('the value was looked into');
}

/** Values that are no code, of every kind that a request can bring or a bug can make. */
const noCodes: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['0', 0],
  ['NaN', NaN],
  ['a number of six digits', 287082],
  ['a bigint', 287082n],
  ['the empty string', ''],
  ['a space', ' '],
  ['five digits', '28708'],
  ['nine digits', '287082287'],
  ['a letter among digits', '28708x'],
  ['a plus sign', '+28708'],
  ['a dot', '28708.'],
  ['an exponent', '287e82'],
  ['hexadecimal digits', '0x1234'],
  ['a NUL in front', '\u0000287082'],
  ['Latin letters with accents', 'éééééé'],
  ['emoji', '😀😀😀'],
  ['half a surrogate pair', '\ud800287082'],
  ['six million digits', '287082'.repeat(1_000_000)],
  ['a million spaces and a code', `${' '.repeat(1_000_000)}287082`],
  ['a million combining marks', '2'.repeat(5) + '\u0301'.repeat(1_000_000)],
  ['24 letters', 'A'.repeat(24)],
  ['26 letters', 'A'.repeat(26)],
  ['25 letters with a lookalike', `${'A'.repeat(24)}O`],
  ['an array', ['287082']],
  ['an array of digits', ['2', '8', '7', '0', '8', '2']],
  ['bytes', new Uint8Array([50, 56, 55, 48, 56, 50])],
  ['a String object', Object('287082')],
  ['an object', {}],
  ['what looks like a string', { length: 6, toString: (): string => '287082' }],
  ['an object that bites', { toString: refuse, valueOf: refuse }],
  ['an object without a prototype', Object.create(null)],
  ['a proxy that bites', new Proxy({}, { get: refuse })],
  ['a symbol', Symbol('287082')],
  ['a function', (): string => '287082'],
  ['a date', new Date(287082)],
  ['a pattern', /287082/],
  ['a promise', Promise.resolve('287082')],
  ['a string of another realm', runInNewContext('new String("287082")')],
];

describe('promise 10: as a typed code', () => {
  it.each(noCodes)('%s is malformed, in bounded time, and costs nothing', async (_, code) => {
    const { flow } = await setUpWithApp();
    const mailed = setUp();
    const refused = { ok: false, reason: 'malformed' };
    const begun = performance.now();
    expect(await mailed.logIn(code)).toEqual(refused);
    expect(await flow.logIn(code)).toEqual(refused);
    expect(await flow.confirm(code === undefined ? null : code)).toEqual(refused);
    expect(await flow.twoFactor.deactivate({ userId, code })).toEqual(refused);
    expect(await flow.twoFactor.renewRecoveryCodes({ userId, code })).toEqual(refused);
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(flow.events.filter((event) => 'failures' in event)).toEqual([]);
  });

  const separators = [
    ...['\u202f', '\u2007', '\u2009', '\u3000', '\u200b', '\u2060', '\ufeff', '\u200e', '\u200f', '\u00ad'],
    ...['\u2013', '\u2011', '\u2212', '\u00a0', ' ', '-', '\t', '\r\n'],
  ];

  it.each(separators.map((character) => [JSON.stringify(character), character] as const))(
    'fault 8: a code with %s in it counts, and so does a recovery code',
    async (_, separator) => {
      const { flow, recovery } = await setUpWithApp();
      const typed = `${flow.appCode().slice(0, 3)}${separator}${flow.appCode().slice(3)}${separator}`;
      expect(await flow.logIn(typed)).toMatchObject({ ok: true });
      expect(await flow.logIn(recovery[0]?.replaceAll('-', separator))).toMatchObject({ ok: true });
      const mailed = setUp();
      const { challenge, code } = await mailed.mail();
      expect(await mailed.complete(Array.from(code).join(separator), { challenge })).toMatchObject({
        ok: true,
      });
    },
  );

  it.each([
    ['full-width', 0xff10],
    ['Arabic-Indic', 0x0660],
    ['Persian', 0x06f0],
    ['Devanagari', 0x0966],
    ['Bengali', 0x09e6],
    ['Thai', 0x0e50],
  ])('fault 8: %s digits count by their value', async (_, zero) => {
    const { flow } = await setUpWithApp();
    const inScript = (code: string): string =>
      Array.from(code, (digit) => String.fromCodePoint(zero + Number(digit))).join('');
    expect(await flow.logIn(inScript(flow.appCode()))).toMatchObject({ ok: true });
    const mailed = setUp();
    const { challenge, code } = await mailed.mail();
    expect(await mailed.complete(inScript(code), { challenge })).toMatchObject({ ok: true });
  });
});

describe('promise 10: as a challenge, a cookie or a proof', () => {
  it.each(noCodes)('%s is none, in bounded time', async (_, value) => {
    const { flow } = await setUpWithApp();
    expect(await flow.complete(flow.appCode(), { challenge: value })).toEqual({
      ok: false,
      reason: 'unknown',
    });
    const begun = await flow.begin({ browser: value });
    expect(begun).toMatchObject({ ok: true, method: 'authenticator', retryAt: null });
    expect(await flow.logIn(flow.appCode(), { browser: value })).toMatchObject({ ok: true });
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), value)).toMatchObject({ ok: false });
  });
});

describe('createTwoFactor, misused', () => {
  it.each<[string, object, string]>([
    ['no store', { store: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['a store without write', { store: { read: () => undefined } }, 'ERR_INVALID_ARGUMENT'],
    ['no keys', { keys: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['an empty list of keys', { keys: [] }, 'ERR_INVALID_ARGUMENT'],
    ['a short key', { keys: new Uint8Array(16) }, 'ERR_OUT_OF_RANGE'],
    ['no issuer', { issuer: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['an issuer with a colon', { issuer: 'a:b' }, 'ERR_INVALID_ARGUMENT'],
    ['no send, with mail as the fallback', { send: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['a send that is no function', { send: 'smtp', fallback: 'none' }, 'ERR_INVALID_ARGUMENT'],
    ['another fallback', { fallback: 'sms' }, 'ERR_INVALID_ARGUMENT'],
    ['a window that is a number', { window: 1 }, 'ERR_INVALID_ARGUMENT'],
    ['a window of an hour', { window: { past: 120, future: 0 } }, 'ERR_OUT_OF_RANGE'],
    ['an observer that is no function', { onEvent: 'log' }, 'ERR_INVALID_ARGUMENT'],
    ['attempts without end', { maxAttempts: Infinity }, 'ERR_OUT_OF_RANGE'],
    ['five digits', { digits: 5 }, 'ERR_OUT_OF_RANGE'],
    ['no app', { maxApps: 0 }, 'ERR_OUT_OF_RANGE'],
    ['six apps', { maxApps: 6 }, 'ERR_OUT_OF_RANGE'],
    ['nine browsers', { browsers: { max: 9 } }, 'ERR_OUT_OF_RANGE'],
    ['browsers known for an hour', { browsers: { knownSeconds: 3600 } }, 'ERR_OUT_OF_RANGE'],
    [
      'no browser known, and one remembered',
      { browsers: { max: 0, rememberSeconds: 60 } },
      'ERR_INVALID_ARGUMENT',
    ],
    ['browsers remembered for a year', { browsers: { rememberSeconds: 366 * 86_400 } }, 'ERR_OUT_OF_RANGE'],
    ['a misspelt option of browsers', { browsers: { maximum: 1 } }, 'ERR_UNKNOWN_OPTION'],
    ['a misspelt option', { fallbak: 'none' }, 'ERR_UNKNOWN_OPTION'],
  ])('refuses %s', (_, options, code) => {
    const all = { ...setUp().options, ...options };
    expect(() => createTwoFactor(all)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, object]>([
    ['a window', { window: { past: 2, future: 1 } }],
    ['a life of 16 minutes', { ttlSeconds: 960 }],
    ['six attempts', { maxAttempts: 6 }],
    ['a cooldown of 59 seconds', { resendAfterSeconds: 59 }],
  ])('takes %s looser than recommended only with marked limits', (_, options) => {
    const base = setUp().options;
    expect(() => createTwoFactor({ ...base, ...options })).toThrow(/looserThanRecommended/);
    expect(() => createTwoFactor({ ...base, ...options, limits: looserThanRecommended({}) })).not.toThrow();
  });
});

describe('a request, misused', () => {
  type Call = (flow: Flow, request: never) => Promise<unknown>;
  const calls: Readonly<Record<string, readonly [object, Call]>> = {
    begin: [{ userId, email }, ({ twoFactor }, request) => twoFactor.begin(request)],
    complete: [{ userId, challenge: '', code: '' }, ({ twoFactor }, request) => twoFactor.complete(request)],
    beginActivation: [
      { userId, account: userId },
      ({ twoFactor }, request) => twoFactor.beginActivation(request),
    ],
    confirmActivation: [
      { userId, code: '123456' },
      ({ twoFactor }, request) => twoFactor.confirmActivation(request),
    ],
    deactivate: [{ userId, code: '123456' }, ({ twoFactor }, request) => twoFactor.deactivate(request)],
    renewRecoveryCodes: [
      { userId, code: '123456' },
      ({ twoFactor }, request) => twoFactor.renewRecoveryCodes(request),
    ],
    forgetBrowsers: [{ userId }, ({ twoFactor }, request) => twoFactor.forgetBrowsers(request)],
  };

  it.each(Object.entries(calls))('of %s is an error of this package', async (_, [request, call]) => {
    const flow = setUp();
    const wrong: readonly unknown[] = [
      ...[undefined, null, 'text', 5, [], new Map()],
      ...['', 12345, null, {}, undefined, 'x'.repeat(513)].map((id) => ({ ...request, userId: id })),
      { ...request, misspelt: true },
    ];
    for (const each of wrong) {
      await expect(call(flow, each as never)).rejects.toMatchObject({ name: 'CountersignError' });
    }
    expect(flow.mails).toEqual([]);
  });

  it.each<[string, object]>([
    ['no address at all', { email: undefined }],
    ['two addresses', { email: 'a@example.com,b@example.com' }],
    ['a purpose that is empty', { purpose: '' }],
    ['a purpose that is no text', { purpose: 5 }],
    ['a language that is no text', { locale: 5 }],
    ['another expectation', { expect: 'email' }],
  ])('of begin is refused with %s', async (_, part) => {
    const flow = setUp();
    await expect(flow.twoFactor.begin({ userId, email, ...part })).rejects.toMatchObject({
      name: 'CountersignError',
    });
  });

  it('of complete is refused with a body that was spread into it', async () => {
    const { flow } = await setUpWithApp();
    const body = { code: flow.appCode(), remember: true, method: 'authenticator' };
    const request = { userId, challenge: await flow.challenge(), ...body };
    await expect(flow.twoFactor.complete(request)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_OPTION' });
    await expect(flow.complete(flow.appCode(), { remember: 'on' as never })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
  });

  it('of status, revoke, unlock and erase is refused for a user that is no text', async () => {
    const { twoFactor } = setUp();
    for (const wrong of [12345, '', null, undefined, { userId }] as never[]) {
      for (const name of ['status', 'revoke', 'unlock', 'erase'] as const) {
        await expect(twoFactor[name](wrong)).rejects.toMatchObject({ name: 'CountersignError' });
      }
    }
  });

  it('of beginActivation that no app could show changes nothing', async () => {
    const flow = setUp();
    for (const part of [{ account: 'a:b' }, { account: '' }, { issuer: 'a:b' }]) {
      const request = { userId, account: userId, ...part };
      await expect(flow.twoFactor.beginActivation(request)).rejects.toMatchObject({
        name: 'CountersignError',
      });
    }
    expect(await flow.confirm('123456')).toEqual({ ok: false, reason: 'unknown' });
  });
});

describe('a window that is looser than one step each way', () => {
  it.each([
    { past: 2, future: 1 },
    { past: 1, future: 2 },
  ])('needs looserThanRecommended: %o', (window) => {
    expect(() => setUp({ window })).toThrow(/window.*looserThanRecommended/);
    expect(() => setUp({ window, limits: looserThanRecommended({}) })).not.toThrow();
  });

  it('is none at one step each way, nor below', () => {
    expect(() => setUp({ window: { past: 1, future: 1 } })).not.toThrow();
    expect(() => setUp({ window: { past: 0, future: 0 } })).not.toThrow();
  });
});

describe('a name that a customer typed for an app', () => {
  it.each<[unknown, string]>([
    ['  My\nphone ', 'My phone'],
    ['x'.repeat(101), 'x'.repeat(100)],
    [`${'x'.repeat(99)}😀`, 'x'.repeat(99)],
    ['', 'Authenticator app'],
    [' \t', 'Authenticator app'],
    [undefined, 'Authenticator app'],
    [['a', 'b'], 'Authenticator app'],
    [5, 'Authenticator app'],
  ])('%j stands there as %j, and stops nobody', async (name, shown) => {
    const flow = setUp();
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId, name: name as string });
    await flow.confirm(generateTotp(yes(begun).secret, { at: flow.clock.now() }));
    expect((await flow.twoFactor.status(userId)).apps).toMatchObject([{ name: shown }]);
  });

  it('and an app that is no id leave deactivate with unknown', async () => {
    const { flow } = await setUpWithApp();
    for (const app of [5, ['a'], {}, 'none'] as never[])
      expect(await flow.twoFactor.deactivate({ userId, code: flow.appCode(), app })).toEqual({
        ok: false,
        reason: 'unknown',
      });
  });
});

describe('a polluted Object.prototype', () => {
  const polluted = [
    'browser',
    'remember',
    'proof',
    'expect',
    'purpose',
    'email',
    'maxApps',
    'limits',
    'window',
  ];
  const prototype = Object.prototype as Record<string, unknown>;

  afterEach(() => {
    for (const name of polluted) Reflect.deleteProperty(prototype, name);
  });

  it('changes nothing: own properties only are read', async () => {
    const { flow, recovery } = await setUpWithApp({ browsers: { rememberSeconds: 3600 } });
    const { proof } = await flow.logIn(recovery[0]).then((done) => (done.ok ? done : { proof: '' }));
    const cookie = await flow.cookie({ remember: true });
    Object.assign(prototype, { browser: cookie, remember: true, proof, expect: 'authenticator' });
    Object.assign(prototype, { purpose: 'other', email: 'thief@example.com', maxApps: 5 });
    const request = Object.assign(Object.create(null) as object, { userId, email });
    const begun = await flow.twoFactor.begin(request);
    expect(begun).toMatchObject({ ok: true, method: 'authenticator' });
    await flow.twoFactor.beginActivation({ userId, account: userId });
    const confirmed = await flow.twoFactor.confirmActivation({ userId, code: '123456' });
    expect(confirmed.ok).toBe(false);
    flow.clock.advance(MINUTE);
    const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
    const done = await flow.twoFactor.complete({ userId, challenge, code: flow.appCode() });
    expect(done).toMatchObject({ ok: true, purpose: 'login' });
    flow.clock.advance(STEP);
  });

  it.each([
    ...['ignoresRecord', 'isNull', 'needs', 'mail', 'retryAt', 'attemptsLeft', 'failures', 'block'],
    ...['long', 'method', 'payer', 'to', 'app', 'replaces', 'name', 'left', 'decoy', 'cookie', 'proof'],
    ...['second', 'hour12', 'style', 'direction', 'timeZone', 'appName', 'tagLength', 'sleep', 'random'],
  ])('changes no answer, no event and no record from within: %s', async (name) => {
    const clean = await session();
    expect(await whilePolluted({ [name]: true }, session)).toEqual(clean);
  });
});

/** Logins by mail and app, right and wrong, with all that is answered, told and kept; what is random is left out. */
async function session(): Promise<unknown> {
  const { flow, recovery } = await setUpWithApp({ browsers: { rememberSeconds: 3600 } });
  const answers: unknown[] = [];
  const note = (answer: unknown): number => answers.push(answer);
  note(await flow.logIn('111111'));
  note(await flow.logIn(recovery[0]));
  note(await flow.twoFactor.begin({ userId, email: null }));
  note(await flow.twoFactor.deactivate({ userId, code: recovery[1] }));
  await flow.twoFactor.revoke(userId);
  note(await flow.begin({ purpose: 'other' }));
  flow.clock.advance(MINUTE);
  note(await flow.logInByMail());
  note(await flow.twoFactor.status(userId));
  return JSON.parse(
    JSON.stringify([answers, flow.events], (key, value: unknown) => {
      const isRandom = ['challenge', 'value', 'proof', 'app', 'id', 'sentTo'].includes(key);
      return isRandom && typeof value === 'string' ? key : value;
    }),
  );
}
