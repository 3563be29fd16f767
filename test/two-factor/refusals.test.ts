import { describe, expect, it } from 'vitest';
import { email, type Flow, setUp, STEP, userId } from './flow.js';

type Call = (flow: Flow, code: unknown, challenge?: string) => Promise<{ readonly ok: boolean }>;

/** Every call that takes a code. */
const calls: readonly [string, Call][] = [
  ['complete', (flow, code, challenge) => flow.complete(code, challenge)],
  ['confirmActivation', ({ twoFactor }, code) => twoFactor.confirmActivation({ userId, code })],
  ['deactivate', ({ twoFactor }, code) => twoFactor.deactivate({ userId, code })],
  ['renewRecoveryCodes', ({ twoFactor }, code) => twoFactor.renewRecoveryCodes({ userId, code })],
];
/** Those that change the factor against proof of it. */
const changes = calls.slice(2);

async function isUntouched(flow: Flow): Promise<void> {
  const status = { method: 'authenticator', recoveryCodesLeft: 10 };
  expect(await flow.twoFactor.status(userId)).toMatchObject(status);
}

describe.each(calls)('promise 7: while an app is active, %s refuses a mailed code', (_, call) => {
  it('that was sent before the activation', async () => {
    const flow = setUp();
    const { code, challenge } = await flow.mail();
    await flow.activate();
    expect(await call(flow, code, challenge)).toMatchObject({ ok: false });
    await isUntouched(flow);
  });

  it('that was on its way while the activation was confirmed', async () => {
    const flow = setUp();
    const slow = flow.with({
      send: async (mail) => {
        await flow.activate();
        await flow.around.mailbox.send(mail);
      },
    });
    const { code, challenge } = await slow.mail();
    expect(await call(flow, code, challenge)).toMatchObject({ ok: false });
    await isUntouched(flow);
  });

  it('at a second process, and with the challenge of an older mail', async () => {
    const flow = setUp({ resendAfterSeconds: 0 });
    const stale = await flow.mail();
    const { code, challenge } = await flow.with({}).mail();
    await flow.activate();
    const second = flow.with({});
    expect(await call(second, code, challenge)).toMatchObject({ ok: false });
    expect(await call(second, code, stale.challenge)).toMatchObject({ ok: false });
    expect(await call(second, stale.code, challenge)).toMatchObject({ ok: false });
    await isUntouched(flow);
  });

  it('that it is asked for: none is sent', async () => {
    const flow = setUp({ resendAfterSeconds: 0 });
    const { challenge } = await flow.mail();
    await flow.activate();
    await expect(flow.mail()).rejects.toThrow('no mail');
    expect(flow.around.mailbox.mails).toHaveLength(1);
    const code = flow.around.mailbox.mails[0]?.code;
    expect(await call(flow, code, challenge)).toMatchObject({ ok: false });
  });
});

describe.each(changes)('promise 7: %s refuses', (_, call) => {
  it('a wrong code, and one that was used to log in', async () => {
    const flow = setUp();
    await flow.activate();
    await flow.complete(flow.appCode());
    expect(await call(flow, flow.wrongCode())).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await call(flow, flow.appCode())).toEqual({ ok: false, reason: 'replayed' });
    await isUntouched(flow);
  });

  it('a code that the app showed before the last login, and one from minutes ago', async () => {
    const flow = setUp();
    await flow.activate();
    flow.around.clock.advance(10 * STEP);
    await flow.complete(flow.appCode());
    expect(await call(flow, flow.appCode(-1))).toEqual({ ok: false, reason: 'replayed' });
    expect(await call(flow, flow.appCode(-5))).toMatchObject({ ok: false, reason: 'mismatch' });
    await isUntouched(flow);
  });

  it('a code of the app that was active before this one, and a recovery code of that time', async () => {
    const flow = setUp();
    const [recovery] = await flow.activate();
    const before = flow.with({});
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    await flow.activate();
    expect(await call(flow, before.appCode())).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await call(flow, recovery)).toMatchObject({ ok: false });
    await isUntouched(flow);
  });

  it('another customer’s code, and another customer’s recovery code', async () => {
    const flow = setUp();
    await flow.activate();
    const other = flow.with({});
    const begun = await other.twoFactor.beginActivation({ userId: '666', account: '666' });
    if (begun.ok) other.secret = begun.secret;
    const confirmed = await other.twoFactor.confirmActivation({ userId: '666', code: other.appCode() });
    other.around.clock.advance(STEP);
    expect(await call(flow, other.appCode())).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await call(flow, confirmed.ok && confirmed.recoveryCodes[0])).toMatchObject({ ok: false });
    await isUntouched(flow);
  });
});

describe('promise 7: activation over an active app', () => {
  it('is refused to a second browser that has a secret from before the first one’s confirmation', async () => {
    const first = setUp();
    const second = first.with({});
    const shown = await second.twoFactor.beginActivation({ userId, account: userId });
    if (shown.ok) second.secret = shown.secret;
    await first.activate();
    const active = { ok: false, reason: 'active' };
    const code = second.appCode();
    expect(await second.twoFactor.confirmActivation({ userId, code })).toEqual(active);
    expect(await second.twoFactor.beginActivation({ userId, account: userId })).toEqual(active);
    expect(await first.complete(second.appCode())).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await first.complete(first.appCode())).toMatchObject({ ok: true, method: 'authenticator' });
  });

  it('is refused even with a code of the active app, and leaves its recovery codes alone', async () => {
    const flow = setUp();
    const [recovery] = await flow.activate();
    const code = flow.appCode();
    expect(await flow.twoFactor.confirmActivation({ userId, code })).toEqual({ ok: false, reason: 'active' });
    await isUntouched(flow);
    expect(await flow.complete(code)).toMatchObject({ ok: true });
    expect(await flow.complete(recovery)).toMatchObject({ ok: true });
  });
});

describe('a mail that is asked for', () => {
  it('after a deactivation is the factor again, and no mail from before is', async () => {
    const flow = setUp({ resendAfterSeconds: 0 });
    const before = await flow.mail();
    await flow.activate();
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    const after = await flow.mail(email);
    expect(await flow.complete(before.code, before.challenge)).toMatchObject({ ok: false });
    expect(await flow.complete(after.code, after.challenge)).toMatchObject({ ok: true, method: 'email' });
  });
});
