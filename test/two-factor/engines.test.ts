import { describe, expect, it } from 'vitest';
import { STEP, userId } from './flow.js';
import { describeOnEngines, type NewFlow } from './on-engines.js';

await describeOnEngines('the two-factor flow', (newFlow) => {
  describe('promise 1: a code is accepted at most once', () => {
    acceptsOnce(newFlow);
  });
  describe('promises 6 and 7: one factor at a time', () => {
    keepsOneFactor(newFlow);
  });
});

const PARALLEL = 64;

async function successes(attempt: () => Promise<{ readonly ok: boolean }>): Promise<number> {
  const results = await Promise.all(Array.from({ length: PARALLEL }, attempt));
  return results.filter(({ ok }) => ok).length;
}

function acceptsOnce(newFlow: NewFlow): void {
  it('lets one of 64 parallel logins in with the code of an app', async () => {
    const flow = newFlow();
    await flow.activate();
    const code = flow.appCode();
    expect(await successes(() => flow.complete(code))).toBe(1);
  });

  it('lets one of 64 parallel logins in with a recovery code', async () => {
    const flow = newFlow();
    const [code] = await flow.activate();
    expect(await successes(() => flow.complete(code))).toBe(1);
  });

  it('lets one of 64 parallel logins in with a mailed code', async () => {
    const flow = newFlow();
    const { challenge, code } = await flow.mail();
    expect(await successes(() => flow.complete(code, challenge))).toBe(1);
  });

  it('confirms one of 64 parallel activations, and gives out one set of recovery codes', async () => {
    const flow = newFlow();
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (!begun.ok) throw new Error(begun.reason);
    flow.secret = begun.secret;
    const code = flow.appCode();
    expect(await successes(() => flow.twoFactor.confirmActivation({ userId, code }))).toBe(1);
  });
}

function keepsOneFactor(newFlow: NewFlow): void {
  it('refuses the code that confirmed, a mailed code while an app is active, and deactivation without proof', async () => {
    const flow = newFlow();
    const { challenge, code } = await flow.mail();
    await flow.activate();
    expect(await flow.complete(flow.appCode(-1))).toMatchObject({ ok: false, reason: 'replayed' });
    expect(await flow.complete(code, challenge)).toMatchObject({ ok: false });
    expect(await flow.twoFactor.deactivate({ userId, code: flow.wrongCode() })).toMatchObject({
      ok: false,
    });
    expect(await flow.twoFactor.status(userId)).toMatchObject({
      method: 'authenticator',
      recoveryCodesLeft: 10,
    });
  });

  it('goes back to mail with the deactivation, and to another secret with the next activation', async () => {
    const flow = newFlow();
    await flow.activate();
    const first = flow.secret.toBase32();
    expect(await flow.twoFactor.deactivate({ userId, code: flow.appCode() })).toEqual({ ok: true });
    const { challenge, code } = await flow.mail();
    expect(await flow.complete(code, challenge)).toMatchObject({ ok: true, method: 'email' });
    flow.around.clock.advance(STEP);
    await flow.activate();
    expect(flow.secret.toBase32()).not.toBe(first);
    expect(await flow.complete(flow.appCode())).toMatchObject({ ok: true, method: 'authenticator' });
  });
}
