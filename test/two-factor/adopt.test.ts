import { describe, expect, it } from 'vitest';
import type { Algorithm, Digits } from '../../src/otp/parameters.js';
import { Secret } from '../../src/otp/secret.js';
import { generateTotp } from '../../src/otp/totp.js';
import { testClock } from '../../src/testing/test-clock.js';
import { type Flow, setUp, setUpWithApp, userId, yes } from '../support/flow/flow.js';
import { DAY, HOUR, STEP } from '../support/flow/time.js';

const START = testClock().now();
const algorithms: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];
const allDigits: readonly Digits[] = [6, 7, 8];
const periods = [15, 30, 60];
const parameters = algorithms.flatMap((algorithm) =>
  allDigits.flatMap((digits) => periods.map((period) => ({ algorithm, digits, period }))),
);

function adopt(flow: Flow, request: object = {}): ReturnType<Flow['twoFactor']['adopt']> {
  return flow.twoFactor.adopt({ userId, secret: flow.secret, ...request });
}

describe('adopt', () => {
  it('makes a secret from another system the factor, and asks for no code', async () => {
    const flow = setUp();
    const adopted = await adopt(flow, { name: 'Old app' });
    expect(adopted).toEqual({
      ok: true,
      app: expect.stringMatching(/^[\w-]{22}$/) as unknown,
      recoveryCodes: null,
    });
    expect(await flow.twoFactor.status(userId)).toEqual({
      method: 'authenticator',
      apps: [
        { id: yes(adopted).app, name: 'Old app', activatedAt: new Date(flow.clock.now()), lastUsedAt: null },
      ],
      pendingUntil: null,
      recoveryCodesLeft: 0,
      lockedUntil: null,
      mailLimitedUntil: null,
      browsers: [],
    });
    expect(flow.events).toMatchObject([{ type: 'adopted', app: yes(adopted).app, name: 'Old app' }]);
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true, app: yes(adopted).app });
  });

  it.each(parameters)('keeps the app’s $algorithm, $digits digits and $period seconds', async (own) => {
    const flow = setUp();
    await adopt(flow, own);
    const code = generateTotp(flow.secret, { ...own, at: flow.clock.now() });
    expect(await flow.logIn(flow.wrongCode())).toMatchObject({
      reason: own.digits === 6 ? 'mismatch' : 'malformed',
    });
    expect(await flow.logIn(code)).toMatchObject({ ok: true, method: 'authenticator' });
    expect(await flow.logIn(code)).toEqual({ ok: false, reason: 'replayed' });
    flow.clock.advance(own.period * 1000);
    const next = generateTotp(flow.secret, { ...own, at: flow.clock.now() });
    expect(await flow.logIn(next)).toMatchObject({ ok: true });
  });

  it('takes a period of a second and of a day', async () => {
    for (const period of [1, 86_400]) {
      const flow = setUp();
      await adopt(flow, { period });
      const code = generateTotp(flow.secret, { period, at: flow.clock.now() });
      expect(await flow.logIn(code)).toMatchObject({ ok: true });
    }
  });

  it('takes secrets of other lengths, short ones among them', async () => {
    for (const bytes of [10, 16, 20, 32, 64]) {
      const flow = setUp();
      flow.secret = Secret.fromBytes(new Uint8Array(bytes).fill(bytes), { allowShort: true });
      await adopt(flow);
      expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
    }
  });

  it('refuses steps that the other system has accepted', async () => {
    const flow = setUp();
    const lastTimeStep = Math.floor(flow.clock.now() / STEP);
    await adopt(flow, { lastTimeStep });
    expect(await flow.logIn(flow.appCode())).toEqual({ ok: false, reason: 'replayed' });
    expect(await flow.logIn(flow.appCode(1))).toMatchObject({ ok: true });
  });

  it('knows the drift that the other system has learned', async () => {
    const flow = setUp();
    await adopt(flow, { drift: -4 });
    expect(await flow.logIn(flow.appCode(-4))).toMatchObject({ ok: true });
    const without = setUp();
    await adopt(without);
    expect(await without.logIn(without.appCode(-4))).toMatchObject({ reason: 'mismatch' });
  });

  it('keeps when the app was activated, as a Date or in milliseconds, and drops a fraction', async () => {
    for (const activatedAt of [
      new Date(Date.UTC(2024, 4, 1)),
      Date.UTC(2024, 4, 1),
      Date.UTC(2024, 4, 1) + 0.5,
    ]) {
      const flow = setUp();
      await adopt(flow, { activatedAt });
      expect((await flow.twoFactor.status(userId)).apps).toMatchObject([
        { activatedAt: new Date(Date.UTC(2024, 4, 1)) },
      ]);
    }
  });

  it('makes recovery codes only if it is asked to', async () => {
    const flow = setUp();
    const adopted = yes(await adopt(flow, { recoveryCodes: true }));
    expect(adopted.recoveryCodes).toHaveLength(10);
    expect(await flow.logIn(adopted.recoveryCodes?.[0])).toMatchObject({ ok: true, method: 'recovery' });
  });

  it('is refused where there are maxApps apps, and changes nothing', async () => {
    const { flow } = await setUpWithApp();
    const secret = Secret.generate();
    expect(await adopt(flow, { secret })).toEqual({ ok: false, reason: 'full' });
    expect(await flow.logIn(flow.appCode(0, secret))).toMatchObject({ ok: false });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
  });

  it('stands beside the other apps where there is room, and leaves the recovery codes alone', async () => {
    const { flow, recovery } = await setUpWithApp({ maxApps: 2 });
    const secret = Secret.generate();
    expect(await adopt(flow, { secret, digits: 8, algorithm: 'SHA256' })).toMatchObject({ ok: true });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
    const code = generateTotp(secret, { digits: 8, algorithm: 'SHA256', at: flow.clock.now() });
    expect(await flow.logIn(code)).toMatchObject({ ok: true });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true });
  });

  it('is a change of a factor: earlier challenges and mails are void', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.mail();
    await adopt(flow);
    expect(await flow.complete(code, { challenge })).toEqual({ ok: false, reason: 'unknown' });
    expect(await flow.complete(flow.appCode(), { challenge })).toEqual({ ok: false, reason: 'unknown' });
  });

  it('is what expect: authenticator looks for', async () => {
    const flow = setUp();
    await adopt(flow);
    flow.clock.advance(400 * DAY);
    expect(await flow.begin({ expect: 'authenticator' })).toMatchObject({ method: 'authenticator' });
  });

  it('can be replaced by an app of one’s own', async () => {
    const flow = setUp();
    await adopt(flow, { digits: 8, period: 60 });
    const proof = generateTotp(flow.secret, { digits: 8, period: 60, at: flow.clock.now() });
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), proof)).toMatchObject({
      ok: true,
      recoveryCodes: expect.any(Array) as unknown,
    });
  });
});

describe('adopting a secret that is active already, as a migration does that runs twice', () => {
  it('changes nothing, and answers with the app there is', async () => {
    for (const maxApps of [1, 2]) {
      const flow = setUp({ maxApps });
      const first = yes(await adopt(flow, { name: 'First' }));
      await flow.logIn(flow.appCode());
      const again = await adopt(flow, { name: 'Second', lastTimeStep: 1 });
      expect(again).toEqual({ ok: true, app: first.app, recoveryCodes: null });
      expect((await flow.twoFactor.status(userId)).apps).toMatchObject([{ id: first.app, name: 'First' }]);
      expect(flow.story.filter((type) => type === 'adopted')).toHaveLength(1);
    }
  });

  it('promise 1: accepts no code twice, and a deactivation leaves no twin behind', async () => {
    const flow = setUp({ maxApps: 2 });
    const { app } = yes(await adopt(flow));
    await adopt(flow);
    const code = flow.appCode();
    expect(await flow.logIn(code)).toMatchObject({ ok: true });
    expect(await flow.logIn(code)).toEqual({ ok: false, reason: 'replayed' });
    flow.clock.advance(STEP);
    expect(await flow.twoFactor.deactivate({ userId, code: flow.appCode(), app })).toEqual({ ok: true });
    expect(await flow.begin()).toMatchObject({ method: 'email' });
  });

  it('makes the recovery codes that it is asked for, since nobody has seen those of the first time', async () => {
    const flow = setUp();
    const first = yes(await adopt(flow, { recoveryCodes: true }));
    const again = yes(await adopt(flow, { recoveryCodes: true }));
    expect(again.recoveryCodes).toHaveLength(10);
    expect(await flow.logIn(first.recoveryCodes?.[0])).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await flow.logIn(again.recoveryCodes?.[0])).toMatchObject({ ok: true });
  });

  it('adopts an app once, whatever the number of parallel calls', async () => {
    const flow = setUp({ maxApps: 5 });
    await Promise.all(Array.from({ length: 8 }, () => adopt(flow)));
    expect((await flow.twoFactor.status(userId)).apps).toHaveLength(1);
  });
});

describe('adopt a second time', () => {
  it('with recovery codes makes new ones, and no second app', async () => {
    const flow = setUp({ maxApps: 2 });
    const [first, second] = [
      await adopt(flow, { recoveryCodes: true }),
      await adopt(flow, { recoveryCodes: true }),
    ];
    expect(yes(second).app).toBe(yes(first).app);
    expect((await flow.twoFactor.status(userId)).apps).toHaveLength(1);
    expect(await flow.logIn(yes(first).recoveryCodes?.[0])).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await flow.logIn(yes(second).recoveryCodes?.[0])).toMatchObject({ ok: true });
  });

  it('leaves another activation that is under way', async () => {
    const flow = setUp({ maxApps: 2 });
    const { secret } = flow;
    await adopt(flow);
    const proof = flow.appCode();
    await flow.scan();
    await adopt(flow, { secret, recoveryCodes: true });
    expect(await flow.confirm(flow.appCode(), proof)).toMatchObject({ ok: true });
  });
});

describe('adopt of a secret that is pending', () => {
  it.each([1, 2])('leaves one app of it where %d are allowed: no code is good twice', async (maxApps) => {
    const flow = setUp({ maxApps });
    const begun = yes(await flow.twoFactor.beginActivation({ userId, account: userId }));
    await adopt(flow, { secret: begun.secret });
    const code = generateTotp(begun.secret, { at: flow.clock.now() });
    expect(await flow.logIn(code)).toMatchObject({ ok: true });
    flow.clock.advance(STEP);
    const proof = generateTotp(begun.secret, { at: flow.clock.now() });
    expect(await flow.twoFactor.confirmActivation({ userId, code, proof })).toEqual({
      ok: false,
      reason: 'unknown',
    });
    expect(await flow.logIn(code)).toMatchObject({ ok: false, reason: 'replayed' });
    expect((await flow.twoFactor.status(userId)).apps).toHaveLength(1);
  });
});

describe('adopt, misused', () => {
  it.each<[string, object]>([
    ['a secret that is text', { secret: 'JBSWY3DPEHPK3PXP' }],
    ['no secret', { secret: undefined }],
    ['an algorithm that no app has', { algorithm: 'MD5' }],
    ['five digits', { digits: 5 }],
    ['a period of nothing', { period: 0 }],
    ['a period of more than a day', { period: 86_401 }],
    ['a drift of more than ten steps', { drift: 11 }],
    ['a drift of half a step', { drift: 0.5 }],
    ['a last time step below 0', { lastTimeStep: -1 }],
    ['a last time step that is text', { lastTimeStep: '1' }],
    ['a last time step in milliseconds', { lastTimeStep: START }],
    ['a last time step in seconds', { lastTimeStep: START / 1000 }],
    ['a last time step of another period', { lastTimeStep: START / 30_000, period: 60 }],
    ['an activation in seconds', { activatedAt: 1_700_000_000 }],
    ['an invalid date', { activatedAt: new Date(NaN) }],
    ['recovery codes that are no boolean', { recoveryCodes: 'yes' }],
    ['a misspelt field', { lastStep: 1 }],
    ['a code', { code: '123456' }],
  ])('rejects %s, and adopts nothing', async (_, request) => {
    const flow = setUp();
    await expect(adopt(flow, request)).rejects.toMatchObject({ name: 'CountersignError' });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ method: 'email' });
  });

  it('takes a last time step as far ahead as a phone’s clock may be, and no further', async () => {
    const newest = Math.floor(START / STEP) + 10;
    expect(await adopt(setUp(), { lastTimeStep: newest })).toMatchObject({ ok: true });
    await expect(adopt(setUp(), { lastTimeStep: newest + 1 })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
    });
  });

  it('leaves a record that every other call can read, whatever it took', async () => {
    const flow = setUp();
    await adopt(flow, { activatedAt: Date.UTC(2024, 0) + 0.25, name: '😀'.repeat(50), drift: 10 });
    flow.clock.advance(HOUR);
    expect(await flow.logIn(flow.appCode(10))).toMatchObject({ ok: true });
  });
});
