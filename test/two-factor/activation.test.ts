import { describe, expect, it } from 'vitest';
import { parseOtpauthUri } from '../../src/otp/otpauth-uri.js';
import { Secret } from '../../src/otp/secret.js';
import { type Flow, repeat, setUp, setUpWithApp, userId, yes } from '../support/flow/flow.js';
import { DAY, MINUTE, STEP } from '../support/flow/time.js';

async function appIds(flow: Flow): Promise<string[]> {
  return (await flow.twoFactor.status(userId)).apps.map(({ id }) => id);
}

/** A customer with so many apps; every one has its own secret. */
async function setUpWithApps(
  count: number,
  maxApps: number,
): Promise<{ flow: Flow; recovery: readonly string[]; secrets: Secret[]; ids: string[] }> {
  const { flow, recovery } = await setUpWithApp({ maxApps });
  const secrets = [flow.secret];
  while (secrets.length < count) {
    await flow.activateWith(flow.appCode(0, secrets[0]), { name: `app ${secrets.length}` });
    secrets.push(flow.secret);
  }
  return { flow, recovery, secrets, ids: await appIds(flow) };
}

describe('beginActivation', () => {
  it('shows a secret and a URI that apps can read, for ten minutes', async () => {
    const flow = setUp();
    const begun = yes(await flow.twoFactor.beginActivation({ userId, account: 'customer 12345' }));
    expect(begun.expiresAt).toEqual(new Date(flow.clock.now() + 10 * MINUTE));
    expect(begun.secret.toBytes()).toHaveLength(20);
    expect(parseOtpauthUri(begun.uri)).toMatchObject({
      issuer: 'Example Hosting',
      account: 'customer 12345',
    });
    expect(parseOtpauthUri(begun.uri).secret.toBase32()).toBe(begun.secret.toBase32());
    expect(await flow.twoFactor.status(userId)).toMatchObject({
      method: 'email',
      pendingUntil: begun.expiresAt,
      apps: [],
    });
  });

  it('takes a name for the app, and another issuer', async () => {
    const flow = setUp();
    const request = { userId, account: 'a', name: 'My old tablet', issuer: 'Example Test' };
    const begun = yes(await flow.twoFactor.beginActivation(request));
    expect(parseOtpauthUri(begun.uri).issuer).toBe('Example Test');
    flow.secret = begun.secret;
    await flow.confirm();
    expect((await flow.twoFactor.status(userId)).apps).toMatchObject([{ name: 'My old tablet' }]);
    expect(flow.events.at(-1)).toMatchObject({ type: 'activated', name: 'My old tablet' });
  });

  it('leaves the factor what it is until the confirmation', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.mail();
    await flow.scan();
    expect(await flow.complete(flow.appCode(), { challenge })).toMatchObject({ ok: false });
    expect(await flow.complete(code, { challenge })).toMatchObject({ ok: true, method: 'email' });
  });
});

describe('confirmActivation', () => {
  it('makes the app the factor, and shows ten recovery codes once', async () => {
    const flow = setUp();
    await flow.scan();
    const activatedAt = new Date(flow.clock.now());
    const confirmed = await flow.confirm();
    expect(confirmed).toEqual({
      ok: true,
      app: expect.stringMatching(/^[\w-]{22}$/) as unknown,
      recoveryCodes: expect.any(Array) as unknown,
      drift: 0,
    });
    expect(await flow.twoFactor.status(userId)).toMatchObject({
      method: 'authenticator',
      apps: [
        {
          id: yes(confirmed).app,
          name: 'Authenticator app',
          activatedAt,
          lastUsedAt: activatedAt,
        },
      ],
      pendingUntil: null,
      recoveryCodesLeft: 10,
    });
    expect(flow.story).toEqual(['activation_begun', 'activated']);
  });

  it('uses its code up', async () => {
    const flow = setUp();
    await flow.scan();
    const code = flow.appCode();
    await flow.confirm(code);
    expect(await flow.logIn(code)).toEqual({ ok: false, reason: 'replayed' });
    flow.clock.advance(STEP);
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
  });

  it('does not count a wrong code, which is no guess', async () => {
    const flow = setUp();
    await flow.scan();
    expect(await repeat(20, () => flow.confirm(flow.wrongCode()))).toEqual(
      Array(20).fill({ ok: false, reason: 'mismatch' }),
    );
    expect(await flow.logInByMail()).toMatchObject({ ok: true });
    expect(await flow.confirm()).toMatchObject({ ok: true });
  });

  it('refuses what is no code, and what it has never begun', async () => {
    const flow = setUp();
    expect(await flow.confirm('123456')).toEqual({ ok: false, reason: 'unknown' });
    for (const code of ['12345', '1234567', 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', undefined]) {
      await flow.scan();
      expect(await flow.twoFactor.confirmActivation({ userId, code })).toEqual({
        ok: false,
        reason: 'malformed',
      });
    }
  });

  it('is unknown the second time: a form that is sent twice changes nothing', async () => {
    const flow = setUp();
    await flow.scan();
    const code = flow.appCode();
    await flow.confirm(code);
    expect(await flow.confirm(code)).toEqual({ ok: false, reason: 'unknown' });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 10 });
  });
});

describe('fault 5: a phone whose clock is off', () => {
  it.each([-10, -7, -2, 2, 7, 10])(
    'by %i steps activates, and its codes count from then on',
    async (steps) => {
      const flow = setUp();
      await flow.scan();
      expect(await flow.confirm(flow.appCode(steps))).toMatchObject({ ok: true, drift: steps });
      flow.clock.advance(STEP);
      expect(await flow.logIn(flow.appCode(steps))).toMatchObject({ ok: true });
    },
  );

  it.each([-11, 11])('by %i steps does not: a clock that far off is set wrong', async (steps) => {
    const flow = setUp();
    await flow.scan();
    expect(await flow.confirm(flow.appCode(steps))).toEqual({ ok: false, reason: 'mismatch' });
  });
});

describe('fault 6: a page that is reloaded', () => {
  it('can be confirmed with each of the last three secrets', async () => {
    for (const place of [0, 1, 2]) {
      const flow = setUp();
      const secrets = await repeat(3, () => flow.scan());
      flow.secret = secrets[place] ?? flow.secret;
      expect(await flow.confirm()).toMatchObject({ ok: true });
      flow.clock.advance(STEP);
      expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
    }
  });

  it('cannot be confirmed with the fourth to last, and no failure is counted', async () => {
    const flow = setUp();
    const first = await flow.scan();
    await repeat(3, () => flow.scan());
    for (let attempt = 0; attempt < 6; attempt++) {
      expect(await flow.confirm(flow.appCode(0, first))).toEqual({ ok: false, reason: 'mismatch' });
    }
    expect(await flow.logInByMail()).toMatchObject({ ok: true });
  });

  it('keeps only the app that was confirmed: the other secrets are gone', async () => {
    const flow = setUp();
    const [first, second] = [await flow.scan(), await flow.scan()];
    await flow.confirm(flow.appCode(0, first));
    expect(await flow.confirm(flow.appCode(0, second))).toEqual({ ok: false, reason: 'unknown' });
    flow.clock.advance(STEP);
    expect(await flow.logIn(flow.appCode(0, second))).toMatchObject({ ok: false, reason: 'mismatch' });
  });

  it('gives each secret its own ten minutes', async () => {
    const flow = setUp();
    const first = await flow.scan();
    flow.clock.advance(6 * MINUTE);
    const second = await flow.scan();
    flow.clock.advance(6 * MINUTE);
    expect(await flow.confirm(flow.appCode(0, first))).toEqual({ ok: false, reason: 'mismatch' });
    expect(await flow.confirm(flow.appCode(0, second))).toMatchObject({ ok: true });
  });
});

describe('fault 7: an activation that is confirmed too late', () => {
  it('is said to have expired, for a day, also when nothing else keeps the record', async () => {
    const flow = setUp();
    await flow.scan();
    flow.clock.advance(10 * MINUTE);
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'expired' });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ pendingUntil: null });
    flow.clock.advance(DAY - 1);
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'expired' });
    flow.clock.advance(1);
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'unknown' });
  });

  it('is said to have expired whatever was written in the meantime', async () => {
    const flow = setUp();
    await flow.scan();
    flow.clock.advance(11 * MINUTE);
    await flow.logInByMail();
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'expired' });
  });
});

describe('fault 16: a new phone', () => {
  it('takes the old one’s place against its code, without a moment in between', async () => {
    const { flow, recovery } = await setUpWithApp({ fallback: 'none', send: undefined });
    const old = flow.secret;
    await flow.scan();
    expect(await flow.begin()).toMatchObject({ method: 'authenticator' });
    const replaced = await flow.confirm(flow.appCode(), flow.appCode(0, old));
    expect(replaced).toMatchObject({ ok: true, recoveryCodes: null });
    flow.clock.advance(STEP);
    expect(await flow.logIn(flow.appCode(0, old))).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true, app: yes(replaced).app });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true, recoveryCodesLeft: 9 });
    expect(flow.story).toContain('replaced');
  });

  it('takes its place against a recovery code, which is used up', async () => {
    const { flow, recovery } = await setUpWithApp();
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), recovery[0])).toMatchObject({ ok: true, recoveryCodes: null });
    flow.clock.advance(STEP);
    expect(await flow.logIn(recovery[0])).toEqual({ ok: false, reason: 'replayed' });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 9 });
    expect(flow.events.filter(({ type }) => type === 'recovery_code_used')).toMatchObject([
      { action: 'confirmActivation', left: 9 },
    ]);
  });

  it('takes its place against the proof ticket of a login by recovery code', async () => {
    const { flow, recovery } = await setUpWithApp();
    const { proof } = yes(await flow.logIn(recovery[0]));
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), proof)).toMatchObject({ ok: true, recoveryCodes: null });
  });

  it('is no dead end after the last recovery code: the ticket is proof, and there are ten new codes', async () => {
    const { flow, recovery } = await setUpWithApp();
    for (const code of recovery.slice(1)) await flow.logIn(code);
    const done = yes(await flow.logIn(recovery[0]));
    expect(done.recoveryCodesLeft).toBe(0);
    await flow.scan();
    const confirmed = yes(await flow.confirm(flow.appCode(), done.proof));
    expect(confirmed.recoveryCodes).toHaveLength(10);
    flow.clock.advance(STEP);
    expect(await flow.logIn(confirmed.recoveryCodes?.[0])).toMatchObject({ ok: true });
  });

  it('is refused without proof, and the old app stays', async () => {
    const { flow } = await setUpWithApp();
    const old = flow.secret;
    const browser = await flow.cookie();
    await flow.scan();
    const challenge = await flow.challenge();
    for (const proof of [undefined, null, '', 'x', '12345', browser, challenge, {}]) {
      expect(await flow.confirm(flow.appCode(), proof)).toEqual({ ok: false, reason: 'proof' });
    }
    expect(await flow.logIn(flow.appCode(0, old))).toMatchObject({ ok: true });
  });

  it('is refused with a wrong proof, which is counted, and with a used one, which is not', async () => {
    const { flow, recovery } = await setUpWithApp();
    const old = flow.secret;
    await flow.logIn(recovery[0]);
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), recovery[0])).toEqual({ ok: false, reason: 'replayed' });
    expect(await flow.confirm(flow.appCode(), flow.appCode(-1, old))).toEqual({
      ok: false,
      reason: 'replayed',
    });
    for (let count = 1; count <= 4; count++) {
      expect(await flow.confirm(flow.appCode(), '000000')).toEqual({ ok: false, reason: 'proof' });
      expect(flow.events.at(-1)).toMatchObject({
        type: 'rejected',
        action: 'confirmActivation',
        failures: count,
      });
    }
    expect(await flow.confirm(flow.appCode(), '000000')).toMatchObject({
      reason: 'proof',
      retryAt: new Date(flow.clock.now() + STEP),
    });
    expect(await flow.confirm(flow.appCode(), flow.appCode(0, old))).toMatchObject({ reason: 'delayed' });
  });

  it('has its proof judged after the new code: a typo costs no proof', async () => {
    const { flow, recovery } = await setUpWithApp();
    const old = flow.secret;
    await flow.scan();
    const proof = flow.appCode(0, old);
    expect(await flow.confirm(flow.wrongCode(), proof)).toEqual({ ok: false, reason: 'mismatch' });
    expect(await flow.confirm(flow.wrongCode(), recovery[0])).toEqual({ ok: false, reason: 'mismatch' });
    expect(await flow.confirm(flow.wrongCode(), '000000')).toEqual({ ok: false, reason: 'mismatch' });
    expect(flow.events.filter((event) => 'failures' in event)).toEqual([]);
    expect(await flow.confirm(flow.appCode(), proof)).toMatchObject({ ok: true });
  });

  it('takes no proof ticket of another customer, of before a change, or of long ago', async () => {
    const { flow, recovery } = await setUpWithApp();
    const other = flow.customer('666');
    const theirs = yes(await other.logIn((await other.activate())[0])).proof;
    const late = yes(await flow.logIn(recovery[0])).proof;
    flow.clock.advance(15 * MINUTE);
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), theirs)).toEqual({ ok: false, reason: 'proof' });
    expect(await flow.confirm(flow.appCode(), late)).toEqual({ ok: false, reason: 'proof' });
    const void1 = yes(await flow.logIn(recovery[1])).proof;
    await flow.twoFactor.revoke(userId);
    expect(await flow.confirm(flow.appCode(), void1)).toEqual({ ok: false, reason: 'proof' });
    const twice = yes(await flow.logIn(recovery[2])).proof;
    expect(await flow.confirm(flow.appCode(), twice)).toMatchObject({ ok: true });
    flow.clock.advance(STEP);
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), twice)).toEqual({ ok: false, reason: 'proof' });
  });

  it('gives a proof ticket for a recovery code only', async () => {
    const { flow } = await setUpWithApp();
    expect(yes(await flow.logIn(flow.appCode()))).not.toHaveProperty('proof');
    expect(yes(await setUp().logInByMail())).not.toHaveProperty('proof');
  });
});

describe.each([2, 3, 5])('with maxApps: %i', (maxApps) => {
  it('apps stand beside each other, and each logs in', async () => {
    const { flow, secrets, ids, recovery } = await setUpWithApps(maxApps, maxApps);
    expect(ids).toHaveLength(maxApps);
    for (const [index, secret] of secrets.entries()) {
      expect(await flow.logIn(flow.appCode(0, secret))).toMatchObject({ ok: true, app: ids[index] });
    }
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true });
    expect(flow.story.filter((type) => type === 'activated')).toHaveLength(maxApps);
    expect(flow.story).not.toContain('replaced');
  });

  it('there is no room for another, and no proof is judged', async () => {
    const { flow, recovery } = await setUpWithApps(maxApps - 1, maxApps);
    await flow.scan();
    const late = flow.secret;
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), recovery[0])).toMatchObject({ ok: true });
    expect(await flow.twoFactor.beginActivation({ userId, account: userId })).toEqual({
      ok: false,
      reason: 'full',
    });
    expect(await flow.confirm(flow.appCode(0, late), recovery[1])).toMatchObject({ ok: false });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 9 });
  });

  it('each new one needs proof', async () => {
    const { flow } = await setUpWithApps(maxApps - 1, maxApps);
    await flow.scan();
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'proof' });
  });

  it('deactivate needs an id or all, and judges no code otherwise', async () => {
    const { flow, secrets, ids } = await setUpWithApps(maxApps, maxApps);
    const code = flow.appCode(0, secrets[0]);
    for (const app of [undefined, 'no such app', '']) {
      expect(await flow.twoFactor.deactivate({ userId, code, app })).toEqual({
        ok: false,
        reason: 'unknown',
      });
      const wrong = flow.wrongCode();
      expect(await flow.twoFactor.deactivate({ userId, code: wrong, app })).toMatchObject({
        reason: 'unknown',
      });
    }
    expect(await flow.twoFactor.deactivate({ userId, code, app: ids[1] })).toEqual({ ok: true });
    expect(await appIds(flow)).toEqual(ids.filter((_, index) => index !== 1));
    expect(flow.events.at(-1)).toMatchObject({ type: 'deactivated', app: ids[1], isLast: false });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 10 });
    expect(await flow.logIn(flow.appCode(0, secrets[1]))).toMatchObject({ ok: false });
  });

  it('deactivate takes all away, and the fallback is the factor again', async () => {
    const { flow, ids, recovery } = await setUpWithApps(maxApps, maxApps);
    expect(await flow.twoFactor.deactivate({ userId, code: recovery[0], app: 'all' })).toEqual({ ok: true });
    const gone = flow.events.filter(({ type }) => type === 'deactivated');
    expect(gone.map((event) => 'app' in event && event.app)).toEqual(ids);
    expect(gone.every((event) => 'isLast' in event && event.isLast)).toBe(true);
    expect(await flow.twoFactor.status(userId)).toMatchObject({
      method: 'email',
      apps: [],
      recoveryCodesLeft: 0,
    });
  });
});

describe('with several apps, of which one has used its code', () => {
  it('that code is replayed and not counted, whichever app it belongs to', async () => {
    const { flow } = await setUpWithApp({ maxApps: 2 });
    const first = flow.secret;
    const proof = flow.appCode();
    await flow.scan();
    await flow.confirm(flow.appCode(), proof);
    flow.clock.advance(STEP);
    for (const secret of [first, flow.secret]) {
      const code = flow.appCode(0, secret);
      expect(await flow.logIn(code)).toMatchObject({ ok: true });
      expect(await flow.logIn(code)).toEqual({ ok: false, reason: 'replayed' });
    }
  });

  it('there is no room for a pending one where fewer are allowed meanwhile', async () => {
    const { flow } = await setUpWithApp({ maxApps: 3 });
    const proof = flow.appCode();
    await flow.scan();
    await flow.confirm(flow.appCode(), proof);
    flow.clock.advance(STEP);
    const second = flow.appCode();
    await flow.scan();
    expect(await flow.with({ maxApps: 2 }).confirm(flow.appCode(), second)).toEqual({
      ok: false,
      reason: 'full',
    });
  });

  it('a proof of another length than any app’s code is a wrong proof', async () => {
    const { flow } = await setUpWithApp({ maxApps: 2 });
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), '12345678')).toMatchObject({ ok: false, reason: 'proof' });
  });
});

describe('the events of a customer’s whole life', () => {
  it('each say whose they are, and since when, and come in this order', async () => {
    const { flow, recovery } = await setUpWithApp({ maxApps: 2 });
    const { twoFactor } = flow;
    const wrong = { userId, code: flow.wrongCode() };
    await twoFactor.renewRecoveryCodes(wrong);
    await twoFactor.deactivate(wrong);
    await twoFactor.confirmActivation(wrong);
    await flow.scan();
    await twoFactor.confirmActivation({ ...wrong, proof: recovery[0] });
    await flow.confirm(flow.appCode(), recovery[1]);
    flow.clock.advance(STEP);
    await twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() });
    await flow.logIn(flow.wrongCode());
    flow.clock.advance(STEP);
    await flow.logIn(flow.appCode());
    await twoFactor.complete({ ...wrong, challenge: 'none' });
    flow.clock.advance(STEP);
    await twoFactor.deactivate({ userId, code: flow.appCode(), app: 'all' });
    await twoFactor.adopt({ userId, secret: flow.secret });
    await twoFactor.adopt({ userId, secret: flow.secret });
    await twoFactor.adopt({ userId, secret: flow.secret, recoveryCodes: true });
    await twoFactor.forgetBrowsers({ userId });
    await twoFactor.revoke(userId);
    await twoFactor.unlock(userId);
    await twoFactor.erase(userId);
    for (const event of flow.events) {
      expect(event).toMatchObject({ userId, at: expect.any(Date) as Date });
      expect(event).not.toHaveProperty('decoy');
    }
    expect(flow.story).toEqual([
      ...[
        'activation_begun',
        'activated',
        'rejected',
        'rejected',
        'rejected',
        'activation_begun',
        'rejected',
      ],
      ...['recovery_code_used', 'activated', 'recovery_codes_renewed', 'rejected', 'redeemed', 'rejected'],
      ...['deactivated', 'deactivated', 'adopted', 'recovery_codes_renewed', 'browsers_forgotten', 'revoked'],
      ...['unlocked', 'erased'],
    ]);
  });
});

describe('the events of refusals that judge no code', () => {
  it('say whose they are', async () => {
    const { flow } = await setUpWithApp({ maxApps: 2 });
    const { twoFactor } = flow;
    const proof = flow.appCode();
    await flow.scan();
    await flow.confirm(flow.appCode(), proof);
    flow.events.length = 0;
    await twoFactor.beginActivation({ userId, account: userId });
    await twoFactor.confirmActivation({ userId, code: 'no code' });
    await twoFactor.deactivate({ userId, code: 'no code' });
    await twoFactor.renewRecoveryCodes({ userId, code: 'no code' });
    await twoFactor.adopt({ userId, secret: Secret.generate() });
    expect(flow.events.map((event) => [event.userId, event.type, 'reason' in event && event.reason])).toEqual(
      [
        [userId, 'rejected', 'full'],
        [userId, 'rejected', 'malformed'],
        [userId, 'rejected', 'malformed'],
        [userId, 'rejected', 'malformed'],
        [userId, 'rejected', 'full'],
      ],
    );
  });

  it('and a purpose that is none is refused by complete as it is by begin', async () => {
    const { twoFactor } = setUp();
    for (const purpose of ['', 5 as never, 'x'.repeat(513)]) {
      const request = { userId, email: 'customer@example.com', purpose };
      await expect(twoFactor.begin(request)).rejects.toMatchObject({ name: 'CountersignError' });
      await expect(
        twoFactor.complete({ userId, purpose, challenge: '', code: '123456' }),
      ).rejects.toMatchObject({ name: 'CountersignError' });
    }
  });
});

describe('the events of a login', () => {
  it('say decoy for a null address only, and carry a context only where there is one', async () => {
    const flow = setUp();
    await flow.begin({ email: null });
    expect(flow.events).toMatchObject([{ type: 'issued', decoy: true }]);
    flow.events.length = 0;
    await flow.logInByMail();
    await flow.begin({ context: 'here' });
    for (const event of flow.events) expect(event).not.toHaveProperty('decoy');
    const withContext = flow.events.filter((event) => Object.hasOwn(event, 'context'));
    expect(withContext.map(({ type, context }) => [type, context])).toEqual([
      ['issued', 'here'],
      ['sent', 'here'],
    ]);
  });
});

describe('deactivate', () => {
  it('takes the only app away against its code, by its id, by all, or without naming it', async () => {
    for (const name of ['id', 'all', undefined]) {
      const { flow } = await setUpWithApp();
      const app = name === 'id' ? (await appIds(flow))[0] : name;
      expect(await flow.twoFactor.deactivate({ userId, code: flow.appCode(), app })).toEqual({ ok: true });
      expect(await flow.logInByMail()).toMatchObject({ ok: true, method: 'email' });
    }
  });

  it('is refused with a wrong code, a used one, what is none, and without an app', async () => {
    const { flow } = await setUpWithApp();
    const off = (code: unknown): Promise<unknown> => flow.twoFactor.deactivate({ userId, code });
    expect(await off(flow.wrongCode())).toEqual({ ok: false, reason: 'mismatch' });
    expect(await off(flow.appCode(-1))).toEqual({ ok: false, reason: 'replayed' });
    expect(await off('nothing')).toEqual({ ok: false, reason: 'malformed' });
    expect(await setUp().twoFactor.deactivate({ userId, code: '123456' })).toEqual({
      ok: false,
      reason: 'inactive',
    });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ method: 'authenticator' });
  });

  it('fault 14: takes a recovery code during a lock', async () => {
    const { flow, recovery } = await setUpWithApp({ limits: { maxFailures: 3 } });
    await repeat(3, () => flow.logIn(flow.wrongCode()));
    expect(await flow.twoFactor.deactivate({ userId, code: flow.appCode() })).toMatchObject({
      reason: 'locked',
    });
    expect(await flow.twoFactor.deactivate({ userId, code: recovery[0] })).toEqual({ ok: true });
  });

  it('ends what was pending', async () => {
    const { flow } = await setUpWithApp();
    const old = flow.secret;
    await flow.scan();
    await flow.twoFactor.deactivate({ userId, code: flow.appCode(0, old) });
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'unknown' });
  });
});

describe('a change of a factor', () => {
  const changes: Readonly<Record<string, (flow: Flow, recovery: readonly string[]) => Promise<unknown>>> = {
    'a first activation': async (flow, recovery) => {
      await flow.twoFactor.deactivate({ userId, code: recovery[0] });
      await flow.scan();
      const before = await flow.challenge();
      await flow.confirm();
      flow.clock.advance(STEP);
      return flow.complete(flow.appCode(), { challenge: before }).then((answer) => {
        expect(answer).toEqual({ ok: false, reason: 'unknown' });
      });
    },
    'a replacement': async (flow, recovery) => {
      await flow.scan();
      return flow.confirm(flow.appCode(), recovery[0]);
    },
    'a deactivation': (flow, recovery) => flow.twoFactor.deactivate({ userId, code: recovery[0] }),
    'a renewal': (flow) => flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() }),
    'an erasure': (flow) => flow.twoFactor.erase(userId),
    'a revocation': (flow) => flow.twoFactor.revoke(userId),
  };

  it.each(Object.entries(changes))('refuses every earlier ticket after %s', async (_, change) => {
    const { flow, recovery } = await setUpWithApp();
    const challenge = await flow.challenge();
    const stepUp = await flow.challenge({ purpose: 'step-up' });
    await change(flow, recovery);
    flow.clock.advance(STEP);
    const unknown = { ok: false, reason: 'unknown' };
    for (const code of [flow.appCode(), recovery[5], flow.wrongCode()]) {
      expect(await flow.complete(code, { challenge })).toEqual(unknown);
      expect(await flow.complete(code, { challenge: stepUp, purpose: 'step-up' })).toEqual(unknown);
    }
  });

  it('ends the mailed token of before: no mail from then logs in, even after the app is gone', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.mail();
    await flow.activate();
    expect(await flow.complete(code, { challenge })).toEqual({ ok: false, reason: 'unknown' });
    expect(await flow.logIn(code)).toMatchObject({ ok: false, reason: 'mismatch' });
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    expect(await flow.complete(code, { challenge })).toEqual({ ok: false, reason: 'unknown' });
    flow.clock.advance(MINUTE);
    expect(await flow.logIn(code)).toEqual({ ok: false, reason: 'superseded' });
  });

  it('gives out no challenge that is void at once: the next one counts within the same millisecond', async () => {
    const { flow, recovery } = await setUpWithApp();
    await flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() });
    for (let change = 0; change < 3; change++) {
      await flow.twoFactor.revoke(userId);
      const challenge = await flow.challenge();
      expect(await flow.complete(recovery[change], { challenge })).toEqual({ ok: false, reason: 'mismatch' });
    }
  });
});
