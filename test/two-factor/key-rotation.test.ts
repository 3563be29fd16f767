import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import { type Flow, setUp, STEP, userId } from './flow.js';
import { describeOnEngines } from './on-engines.js';

const k1 = new Uint8Array(32).fill(1);
const k2 = new Uint8Array(32).fill(2);
const unreadable = { code: 'ERR_RECORD_UNREADABLE' };

/** A customer at the next step, in a process with other keys. */
function later(flow: Flow, keys: readonly Uint8Array[]): Flow {
  flow.around.clock.advance(STEP);
  return flow.with({ keys });
}

await describeOnEngines('promise 5: a new key', (newFlow) => {
  it('takes nothing along when the old one goes, once the customer has logged in under both', async () => {
    const flow = newFlow({ keys: [k1] });
    const [first, second] = await flow.activate();
    expect(await later(flow, [k2, k1]).complete(flow.appCode())).toMatchObject({ ok: true });

    const after = later(flow, [k2]);
    expect(await after.complete(after.appCode())).toMatchObject({ ok: true, method: 'authenticator' });
    expect(await after.complete(first)).toMatchObject({ ok: true, method: 'recovery' });
    const renewal = { userId, code: later(flow, [k2]).appCode() };
    const renewed = await after.twoFactor.renewRecoveryCodes(renewal);
    expect(renewed).toMatchObject({ ok: true });
    expect(await after.complete(second)).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await after.complete(renewed.ok && renewed.recoveryCodes[0])).toMatchObject({ ok: true });
    const code = later(flow, [k2]).appCode();
    expect(await after.twoFactor.deactivate({ userId, code })).toEqual({ ok: true });
    await expect(after.activate()).resolves.toHaveLength(10);
  });

  it('is put on a record by whatever writes to it: a recovery code, or a wrong code at any call', async () => {
    const touches: readonly Touch[] = [
      ({ recovery }, flow) => flow.complete(recovery[0]),
      ({ recovery }, flow) => flow.complete(recovery[0]?.replace(/^./, (it) => (it === 'A' ? 'C' : 'A'))),
      (_, flow) => flow.complete(flow.wrongCode()),
      (_, flow) => flow.twoFactor.renewRecoveryCodes({ userId, code: flow.wrongCode() }),
      (_, flow) => flow.twoFactor.deactivate({ userId, code: flow.wrongCode() }),
    ];
    for (const touch of touches) {
      const flow = newFlow({ keys: [k1] });
      const recovery = await flow.activate();
      await touch({ recovery }, later(flow, [k2, k1]));
      expect(await later(flow, [k2]).complete(recovery[1])).toMatchObject({ ok: true });
      await expect(later(flow, [k1]).complete(recovery[2])).rejects.toMatchObject(unreadable);
    }
  });

  it('leaves a record that was not touched to the old one', async () => {
    const flow = newFlow({ keys: [k1] });
    const [recovery] = await flow.activate();
    const both = later(flow, [k2, k1]);
    await both.twoFactor.status(userId);
    await both.twoFactor.begin({ userId, email: null });
    const without = later(flow, [k2]);
    await expect(without.complete(flow.appCode())).rejects.toMatchObject(unreadable);
    await expect(without.complete(recovery)).rejects.toMatchObject(unreadable);
    expect(await later(flow, [k1]).complete(recovery)).toMatchObject({ ok: true });
    expect(await later(flow, [k1]).complete(flow.appCode())).toMatchObject({ ok: true });
  });
});

type Touch = (before: { recovery: readonly string[] }, flow: Flow) => Promise<unknown>;

describe('promise 5: recovery codes', () => {
  it('of one customer are worth nothing at another’s record, not even with all keys at hand', async () => {
    const store = memoryStore({ now: () => 0 });
    const flow = setUp({ store });
    const mine = await flow.activate();
    const other = { userId: '666' };
    const begun = await flow.twoFactor.beginActivation({ ...other, account: '666' });
    if (begun.ok) flow.secret = begun.secret;
    await flow.twoFactor.confirmActivation({ ...other, code: flow.appCode() });
    expect(await flow.twoFactor.complete({ ...other, code: mine[0] })).toMatchObject({ reason: 'mismatch' });
  });
});
