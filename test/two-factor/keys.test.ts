import { describe, expect, it } from 'vitest';
import { retired } from '../../src/internal/keys.js';
import type { Keys } from '../../src/internal/keys.js';
import { Secret } from '../../src/otp/secret.js';
import { cookieOf, type Flow, setUp, setUpWithApp, testKey, userId, yes } from '../support/flow/flow.js';
import { MINUTE, STEP } from '../support/flow/time.js';

const [k1, k2, k3] = [testKey(1), testKey(2), testKey(3)];
const unreadable = { code: 'ERR_RECORD_UNREADABLE' };

/** The customer at the next step, in a process with other keys. */
function later(flow: Flow, keys: Keys): Flow {
  flow.clock.advance(STEP);
  return flow.with({ keys });
}

describe('promise 5: a new key', () => {
  it('takes nothing along when the old one goes, once the customer has logged in under both', async () => {
    const { flow, recovery } = await setUpWithApp({ keys: [k1] });
    expect(await later(flow, [k2, k1]).logIn(flow.appCode())).toMatchObject({ ok: true });
    const after = later(flow, [k2]);
    expect(await after.logIn(after.appCode())).toMatchObject({ ok: true, method: 'authenticator' });
    expect(await after.logIn(recovery[0])).toMatchObject({ ok: true, method: 'recovery' });
    flow.clock.advance(STEP);
    expect(await after.twoFactor.deactivate({ userId, code: after.appCode() })).toEqual({ ok: true });
  });

  const touches: Readonly<Record<string, (flow: Flow, recovery: readonly string[]) => Promise<unknown>>> = {
    'a right code': (flow) => flow.logIn(flow.appCode()),
    'a wrong code': (flow) => flow.logIn(flow.wrongCode()),
    'a wrong code from a known browser': async (flow, recovery) => {
      const browser = cookieOf(await flow.logIn(recovery[0]));
      return flow.logIn(flow.wrongCode(), { browser });
    },
    'a renewal': (flow) => flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() }),
    'a wrong code at a renewal': (flow) =>
      flow.twoFactor.renewRecoveryCodes({ userId, code: flow.wrongCode() }),
    'a wrong code at a deactivation': (flow) => flow.twoFactor.deactivate({ userId, code: flow.wrongCode() }),
  };

  it.each(Object.entries(touches))('is put on the app by %s', async (_, touch) => {
    const { flow, recovery } = await setUpWithApp({ keys: [k1] });
    await touch(later(flow, [k2, k1]), recovery);
    const after = later(flow, [k2]);
    expect(await after.logIn(after.appCode())).toMatchObject({ ok: true });
    await expect(later(flow, [k1]).logIn(flow.appCode())).rejects.toMatchObject(unreadable);
  });

  it('is put on every app whose code it could have been, and on what is pending', async () => {
    const { flow } = await setUpWithApp({ keys: [k1], maxApps: 3 });
    const [first, second] = [flow.secret, Secret.generate()];
    await flow.twoFactor.adopt({ userId, secret: second });
    const third = await flow.scan();
    const both = later(flow, [k2, k1]);
    expect(await both.confirm(flow.appCode(0, third), flow.appCode(0, first))).toMatchObject({ ok: true });
    const after = later(flow, [k2]);
    for (const secret of [first, second, third]) {
      expect(await after.logIn(after.appCode(0, secret))).toMatchObject({ ok: true });
    }
  });

  it('leaves what was only looked at to the old one', async () => {
    const { flow } = await setUpWithApp({ keys: [k1] });
    const both = later(flow, [k2, k1]);
    await both.twoFactor.status(userId);
    await both.begin();
    await both.logIn('12345');
    await expect(later(flow, [k2]).logIn(flow.appCode())).rejects.toMatchObject(unreadable);
    expect(await later(flow, [k1]).logIn(flow.appCode())).toMatchObject({ ok: true });
  });

  it('lets a pending activation live', async () => {
    const flow = setUp({ keys: [k1] });
    await flow.scan();
    expect(await flow.with({ keys: [k2, k1] }).confirm(flow.appCode())).toMatchObject({ ok: true });
    const after = later(flow, [k2]);
    expect(await after.logIn(after.appCode())).toMatchObject({ ok: true });
  });

  it('without the old one leaves a pending activation dead, and keeps nobody from another', async () => {
    const flow = setUp({ keys: [k1] });
    await flow.scan();
    const other = flow.with({ keys: [k2] });
    expect(await other.confirm(flow.appCode())).toEqual({ ok: false, reason: 'mismatch' });
    await other.scan();
    expect(await other.confirm(other.appCode())).toMatchObject({ ok: true });
  });

  it('has no part in recovery codes and browsers: they stay, whatever the keys', async () => {
    const { flow, recovery } = await setUpWithApp({ keys: [k1], browsers: { rememberSeconds: 3600 } });
    const browser = await flow.cookie({ remember: true });
    const other = flow.with({ keys: [k3] });
    expect(await other.begin({ browser })).toMatchObject({ method: 'remembered' });
    expect(await other.logIn(recovery[0], { browser, purpose: 'step-up' })).toMatchObject({ ok: true });
  });

  it('without the old one is an error for an app’s code, and never a weaker factor', async () => {
    const { flow } = await setUpWithApp({ keys: [k1] });
    const other = flow.with({ keys: [k2] });
    expect(await other.begin()).toMatchObject({ method: 'authenticator' });
    await expect(other.logIn(flow.appCode())).rejects.toMatchObject(unreadable);
    const challenge = await other.challenge();
    await expect(other.complete('123456', { challenge })).rejects.toMatchObject(unreadable);
  });
});

describe('processes with keys [new, old] and [old, new] in a rolling change', () => {
  const change = (): { first: Flow; second: Flow } => {
    const first = setUp({ keys: [k1, k2] });
    return { first, second: first.with({ keys: [k2, k1] }) };
  };

  it('mail one code for one token, twice, and either takes it with a challenge of either', async () => {
    for (const [issuer, redeemer] of [
      [0, 1],
      [1, 0],
      [0, 0],
    ] as const) {
      const { first, second } = change();
      const flows = [first, second];
      const begun = await first.mail();
      first.clock.advance(MINUTE);
      const again = await second.mail();
      expect(again.sent).toBe(true);
      expect(first.mails.map(({ code }) => code)).toEqual([begun.code, begun.code]);
      const { challenge } = [begun, again][issuer] ?? begun;
      expect(await flows[redeemer]?.complete(begun.code, { challenge })).toMatchObject({ ok: true });
      expect(await flows[issuer]?.complete(begun.code, { challenge })).toMatchObject({ reason: 'replayed' });
    }
  });

  it('accept a code of an app once, and leave the record readable for both', async () => {
    const { first, second } = change();
    await first.activate();
    second.secret = first.secret;
    const challenge = await first.challenge();
    for (const [flow, other] of [
      [first, second],
      [second, first],
    ] as const) {
      expect(await flow.complete(flow.appCode(), { challenge })).toMatchObject({ ok: true });
      expect(await other.complete(flow.appCode(), { challenge })).toMatchObject({ reason: 'replayed' });
      flow.clock.advance(STEP);
    }
  });

  it('accept one of 64 parallel submissions', async () => {
    const { first, second } = change();
    await first.activate();
    const challenge = await first.challenge();
    const code = first.appCode();
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) => (index % 2 ? first : second).complete(code, { challenge })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('take each other’s proof tickets', async () => {
    const { first, second } = change();
    const recovery = await first.activate();
    const { proof } = yes(await first.logIn(recovery[0]));
    await second.scan();
    expect(await second.confirm(second.appCode(), proof)).toMatchObject({ ok: true });
  });
});

describe('a retired key', () => {
  it('opens the secrets that it sealed, and they are sealed again', async () => {
    const { flow } = await setUpWithApp({ keys: [k1] });
    const moved = later(flow, [k2, retired(k1)]);
    expect(await moved.logIn(moved.appCode())).toMatchObject({ ok: true });
    const after = later(flow, [k2]);
    expect(await after.logIn(after.appCode())).toMatchObject({ ok: true });
  });

  it('makes no challenge that counts: neither an app’s, nor a mail’s, nor a null address’s', async () => {
    const { flow, recovery } = await setUpWithApp({ keys: [k1] });
    const moved = flow.with({ keys: [k2, retired(k1)] });
    const challenge = await flow.challenge();
    const unknown = { ok: false, reason: 'unknown' };
    expect(await moved.complete(flow.appCode(), { challenge })).toEqual(unknown);
    expect(await moved.complete(recovery[0], { challenge })).toEqual(unknown);
    const mailed = setUp({ keys: [k1] });
    const begun = await mailed.mail();
    const other = mailed.with({ keys: [k2, retired(k1)] });
    expect(await other.complete(begun.code, { challenge: begun.challenge })).toEqual(unknown);
    const nobody = await mailed.challenge({ email: null });
    expect(await other.complete('123456', { challenge: nobody })).toEqual(unknown);
  });

  it('derives no code: a token that was mailed under it has expired, and a fresh one takes its place', async () => {
    const flow = setUp({ keys: [k1] });
    const before = await flow.mail();
    const moved = flow.with({ keys: [k2, retired(k1)] });
    flow.clock.advance(MINUTE);
    const after = await moved.mail();
    expect(after.code).not.toBe(before.code);
    expect(await moved.complete(before.code, { challenge: after.challenge })).toMatchObject({
      reason: 'mismatch',
    });
    expect(await moved.complete(after.code, { challenge: after.challenge })).toMatchObject({ ok: true });
  });

  it('makes no proof ticket that counts', async () => {
    const { flow, recovery } = await setUpWithApp({ keys: [k1] });
    const { proof } = yes(await flow.logIn(recovery[0]));
    const moved = flow.with({ keys: [k2, retired(k1)] });
    await moved.scan();
    expect(await moved.confirm(moved.appCode(), proof)).toEqual({ ok: false, reason: 'proof' });
  });
});

describe('promise 5: a record that was copied', () => {
  it('opens for no other customer', async () => {
    const records = new Map<string, { value: string; etag: string }>();
    const flow = setUp({
      browsers: { rememberSeconds: 3600 },
      store: {
        read: (key) => Promise.resolve(records.get(key)),
        write: (key, next) => {
          if (next !== null) records.set(key, { value: next.value, etag: next.etag });
          return Promise.resolve(true);
        },
      },
    });
    const recovery = await flow.activate();
    const browser = await flow.cookie({ remember: true });
    const [mine] = records.values();
    const thief = flow.customer('666');
    await thief.scan();
    const [, theirs = ''] = records.keys();
    records.set(theirs, mine ?? { value: '', etag: '' });
    await expect(thief.logIn(flow.appCode())).rejects.toMatchObject(unreadable);
    expect(await flow.begin({ browser })).toMatchObject({ method: 'remembered' });
    expect(await thief.begin({ browser })).toMatchObject({ method: 'authenticator' });
    expect(await thief.logIn(recovery[0])).toEqual({ ok: false, reason: 'mismatch' });
  });
});
