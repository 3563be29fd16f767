import { describe, expect, it } from 'vitest';
import { cookieOf, repeat, setUp, setUpWithApp, userId, yes } from '../support/flow/flow.js';
import { OpenStore } from '../support/flow/stores.js';
import { DAY, HOUR, MINUTE, STEP } from '../support/flow/time.js';

const nothing = {
  method: 'email',
  apps: [],
  pendingUntil: null,
  recoveryCodesLeft: 0,
  lockedUntil: null,
  mailLimitedUntil: null,
  browsers: [],
};
const unknown = { ok: false, reason: 'unknown' };

describe('status', () => {
  it('of a customer who was never heard of is empty, and writes nothing', async () => {
    const store = new OpenStore();
    const flow = setUp({ store });
    expect(await flow.twoFactor.status(userId)).toEqual(nothing);
    expect(store.calls).toEqual(['read']);
  });

  it('tells everything that a settings page or an operator shows', async () => {
    const { flow, recovery } = await setUpWithApp({ maxApps: 2, browsers: { rememberSeconds: 3600 } });
    const start = flow.clock.now() - STEP;
    await flow.logIn(recovery[0]);
    const usedAt = flow.clock.now();
    const browser = await flow.cookie({ remember: true });
    flow.clock.advance(MINUTE);
    await flow.scan({ name: 'Tablet' });
    const status = await flow.twoFactor.status(userId);
    expect(status).toEqual({
      method: 'authenticator',
      apps: [
        {
          id: expect.any(String) as unknown,
          name: 'Authenticator app',
          activatedAt: new Date(start),
          lastUsedAt: new Date(usedAt),
        },
      ],
      pendingUntil: new Date(flow.clock.now() + 10 * MINUTE),
      recoveryCodesLeft: 9,
      lockedUntil: null,
      mailLimitedUntil: null,
      browsers: [
        { id: expect.any(String) as unknown, lastUsedAt: new Date(usedAt), rememberedUntil: null },
        {
          id: expect.any(String) as unknown,
          lastUsedAt: new Date(usedAt),
          rememberedUntil: new Date(usedAt + HOUR),
        },
      ],
    });
    expect(JSON.stringify(status)).not.toContain(browser);
  });

  it('says none where the fallback is none', async () => {
    const flow = setUp({ fallback: 'none' });
    expect(await flow.twoFactor.status(userId)).toEqual({ ...nothing, method: 'none' });
  });

  it('says until when the account is locked', async () => {
    const { flow } = await setUpWithApp({ limits: { maxFailures: 2, failureWindowSeconds: 30 * 86_400 } });
    const first = flow.clock.now();
    await repeat(2, () => flow.logIn(flow.wrongCode()));
    const { lockedUntil } = await flow.twoFactor.status(userId);
    expect(lockedUntil).toEqual(new Date(first + 30 * DAY));
    flow.clock.set(first + 30 * DAY);
    expect(await flow.twoFactor.status(userId)).toMatchObject({ lockedUntil: null });
  });
});

describe('fault 10: five mails that were lost in spam', () => {
  it('are shown by status, and lifted by unlock', async () => {
    const flow = setUp();
    await repeat(5, async () => {
      await flow.begin();
      flow.clock.advance(2 * MINUTE);
    });
    const { mailLimitedUntil } = await flow.twoFactor.status(userId);
    expect(mailLimitedUntil).toEqual(new Date(flow.clock.now() + 50 * MINUTE));
    flow.clock.advance(8 * MINUTE);
    expect(await flow.begin()).toMatchObject({ long: true });
    await flow.twoFactor.unlock(userId);
    expect(await flow.twoFactor.status(userId)).toMatchObject({ mailLimitedUntil: null });
    expect(await flow.begin()).toMatchObject({ ok: true, sent: true });
    expect(await flow.logIn(flow.mails.at(-1)?.code)).toMatchObject({ ok: true });
    expect(flow.story).toContain('unlocked');
  });
});

describe('unlock', () => {
  it('forgets failures, delays and locks', async () => {
    const { flow } = await setUpWithApp({ limits: { maxFailures: 3 } });
    await repeat(3, () => flow.logIn(flow.wrongCode()));
    expect(await flow.logIn(flow.appCode())).toMatchObject({ reason: 'locked' });
    await flow.twoFactor.unlock(userId);
    expect(await flow.twoFactor.status(userId)).toMatchObject({ lockedUntil: null });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
  });

  it('says and writes nothing where there is nothing to forget', async () => {
    const store = new OpenStore();
    const { flow } = await setUpWithApp({ store });
    const before = store.content;
    await flow.twoFactor.unlock(userId);
    expect(store.content).toBe(before);
    expect(flow.story).not.toContain('unlocked');
  });

  it('gives back the long code’s mail too', async () => {
    const flow = setUp({ limits: { sendsPerHour: 1, sendsPerDay: 1 } });
    await flow.begin();
    flow.clock.advance(20 * MINUTE);
    const long = await flow.mail();
    expect(await flow.complete(long.code, { challenge: long.challenge })).toMatchObject({ ok: true });
    expect(await flow.begin()).toMatchObject({ ok: false, reason: 'limit' });
    await flow.twoFactor.unlock(userId);
    expect(await flow.begin()).toMatchObject({ ok: true, sent: true });
  });

  it('leaves app, recovery codes and browsers alone', async () => {
    const { flow } = await setUpWithApp();
    const browser = await flow.cookie();
    await flow.logIn(flow.wrongCode());
    const before = await flow.twoFactor.status(userId);
    await flow.twoFactor.unlock(userId);
    expect(await flow.twoFactor.status(userId)).toEqual(before);
    expect(cookieOf(await flow.logIn(flow.appCode(), { browser }))).toBe(browser);
  });
});

describe('revoke', () => {
  it('ends the mailed token, and voids every challenge', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.mail();
    await flow.twoFactor.revoke(userId);
    expect(await flow.complete(code, { challenge })).toEqual(unknown);
    flow.clock.advance(MINUTE);
    const next = await flow.mail();
    expect(await flow.complete(code, { challenge: next.challenge })).toEqual({
      ok: false,
      reason: 'superseded',
    });
    expect(await flow.complete(next.code, { challenge: next.challenge })).toMatchObject({ ok: true });
    expect(flow.story).toContain('revoked');
  });

  it('ends a long code', async () => {
    const flow = setUp({ limits: { sendsPerHour: 1, sendsPerDay: 1 } });
    await flow.begin();
    flow.clock.advance(20 * MINUTE);
    const long = await flow.mail();
    await flow.twoFactor.revoke(userId);
    await flow.twoFactor.unlock(userId);
    expect(await flow.logIn(long.code)).toMatchObject({ ok: false });
  });

  it('leaves app, recovery codes and failures alone', async () => {
    const { flow, recovery } = await setUpWithApp();
    await repeat(5, () => flow.logIn(flow.wrongCode()));
    await flow.twoFactor.revoke(userId);
    expect(await flow.logIn(flow.appCode())).toMatchObject({ reason: 'delayed' });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true });
  });

  it('is remembered for as long as a challenge could live', async () => {
    const { flow, recovery } = await setUpWithApp();
    const challenge = await flow.challenge();
    await flow.twoFactor.revoke(userId);
    for (const code of recovery.slice(0, 3)) {
      flow.clock.advance(5 * MINUTE - 1);
      expect(await flow.complete(code, { challenge })).toEqual(unknown);
    }
    flow.clock.advance(3);
    expect(await flow.complete(recovery[0], { challenge })).toMatchObject({ ok: false });
  });
});

describe('fault 11: an address that changes while a code is out', () => {
  it('is not proved by the old mail’s code once the application revokes; the result names the address', async () => {
    const flow = setUp();
    const old = await flow.mail({ email: 'old@example.com' });
    await flow.twoFactor.revoke(userId);
    expect(await flow.complete(old.code, { challenge: old.challenge })).toEqual(unknown);
    flow.clock.advance(MINUTE);
    const fresh = await flow.mail({ email: 'new@example.com' });
    expect(await flow.complete(fresh.code, { challenge: fresh.challenge })).toMatchObject({
      ok: true,
      to: 'new@example.com',
    });
  });

  it('names the old address in the result where nobody revoked', async () => {
    const flow = setUp();
    const old = await flow.mail({ email: 'old@example.com' });
    expect(await flow.complete(old.code, { challenge: old.challenge })).toMatchObject({
      to: 'old@example.com',
    });
  });

  it('cannot be joined by a login for another address', async () => {
    const flow = setUp();
    const old = await flow.mail({ email: 'old@example.com' });
    expect(await flow.begin({ email: 'new@example.com' })).toMatchObject({ ok: false, reason: 'cooldown' });
    flow.clock.advance(MINUTE);
    const fresh = await flow.mail({ email: 'new@example.com' });
    expect(fresh.sent).toBe(true);
    expect(await flow.complete(old.code, { challenge: fresh.challenge })).toEqual({
      ok: false,
      reason: 'superseded',
    });
    expect(await flow.complete(fresh.code, { challenge: old.challenge })).toMatchObject({
      to: 'new@example.com',
    });
  });
});

describe('erase', () => {
  it('removes everything, and challenges issued so far stay void', async () => {
    const { flow, recovery } = await setUpWithApp();
    const browser = await flow.cookie();
    await repeat(3, () => flow.logIn(flow.wrongCode()));
    const challenge = await flow.challenge();
    await flow.twoFactor.erase(userId);
    expect(await flow.twoFactor.status(userId)).toEqual(nothing);
    expect(await flow.complete(flow.appCode(), { challenge })).toEqual(unknown);
    expect(await flow.complete(recovery[0], { challenge })).toEqual(unknown);
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: false });
    expect(cookieOf(await flow.logInByMail({ browser }))).not.toBe(browser);
    expect(flow.story).toContain('erased');
  });

  it('leaves nothing readable of the customer in the record', async () => {
    const store = new OpenStore();
    const { flow } = await setUpWithApp({ store });
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    await flow.begin();
    expect(store.content).toContain('customer@example.com');
    await flow.twoFactor.erase(userId);
    expect(store.content).not.toContain('customer@example.com');
    expect(store.written.at(-1)?.length).toBeLessThan(400);
  });

  it('removes a record that is damaged, of another version, or sealed with a key that is gone', async () => {
    const texts = [
      '',
      'nonsense',
      'live - - [1]',
      'live - - {"v":1}',
      'live - - {"v":99}',
      'live - - [1,null,[],[],"x"]',
    ];
    for (const text of texts) {
      const store = new OpenStore();
      const { flow } = await setUpWithApp({ store });
      const challenge = await flow.challenge();
      const [key = ''] = store.records.keys();
      await store.damage(key, text);
      await expect(flow.begin()).rejects.toMatchObject({
        code: expect.stringMatching(/ERR_RECORD_UNREADABLE|ERR_STORE_FAILED/) as unknown,
      });
      await flow.twoFactor.erase(userId);
      expect(await flow.twoFactor.status(userId)).toEqual(nothing);
      expect(await flow.complete('123456', { challenge })).toEqual(unknown);
      expect(await flow.logInByMail()).toMatchObject({ ok: true });
    }
  });

  it('voids the challenges of the same millisecond, also those that followed a revocation', async () => {
    const { flow } = await setUpWithApp();
    await flow.twoFactor.revoke(userId);
    await flow.twoFactor.revoke(userId);
    const challenge = await flow.challenge();
    await flow.twoFactor.erase(userId);
    const { code } = await flow.mail();
    expect(await flow.complete(code, { challenge })).toEqual(unknown);
    expect(await flow.logIn(code)).toMatchObject({ ok: true });
  });

  it('voids the challenges of a clock that was a little ahead when it revoked', async () => {
    const { flow } = await setUpWithApp();
    flow.clock.advance(2 * MINUTE);
    await flow.twoFactor.revoke(userId);
    flow.clock.advance(-2 * MINUTE);
    const challenge = await flow.challenge();
    await flow.twoFactor.erase(userId);
    const { code } = await flow.mail();
    expect(await flow.complete(code, { challenge })).toEqual(unknown);
  });

  it('makes a browser and a recovery code of before worth nothing, though the customer is the same', async () => {
    const { flow, recovery } = await setUpWithApp({ browsers: { rememberSeconds: 3600 } });
    const browser = await flow.cookie({ remember: true });
    const { proof } = yes(await flow.logIn(recovery[0]));
    await flow.twoFactor.erase(userId);
    await flow.activate();
    expect(await flow.begin({ browser })).toMatchObject({ method: 'authenticator' });
    expect(await flow.logIn(recovery[1])).toMatchObject({ reason: 'mismatch' });
    await flow.scan();
    expect(await flow.confirm(flow.appCode(), proof)).toEqual({ ok: false, reason: 'proof' });
  });
});

describe('fault 26: a clock that was a year ahead for one call', () => {
  it('keeps a login by mail waiting for its own cooldown from now, and no longer', async () => {
    const flow = setUp();
    flow.clock.advance(366 * DAY);
    await flow.begin();
    flow.clock.advance(-366 * DAY);
    const begun = yes(await flow.begin());
    expect(begun).toMatchObject({ method: 'email', resendAt: new Date(flow.clock.now() + MINUTE) });
    flow.clock.advance(MINUTE);
    expect(await flow.logInByMail()).toMatchObject({ ok: true });
  });

  it('delays for no longer than from now, and locks for one window', async () => {
    const { flow } = await setUpWithApp();
    flow.clock.advance(366 * DAY);
    await repeat(5, () => flow.logIn(flow.wrongCode()));
    flow.clock.advance(-366 * DAY);
    expect(await flow.logIn(flow.appCode())).toMatchObject({
      reason: 'delayed',
      retryAt: new Date(flow.clock.now() + STEP),
    });
    flow.clock.advance(STEP);
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
  });

  it('writes the instants back so, by a refusal too', async () => {
    const store = new OpenStore();
    const { flow } = await setUpWithApp({ store });
    flow.clock.advance(366 * DAY);
    await repeat(5, () => flow.logIn(flow.wrongCode()));
    flow.clock.advance(-366 * DAY);
    const ahead = String(flow.clock.now() + 366 * DAY);
    expect(store.written.at(-1)).toContain(ahead);
    await flow.logIn(flow.appCode());
    expect(store.written.at(-1)).not.toContain(ahead);
  });

  it('leaves a browser known and remembered, for its own limits from now', async () => {
    const { flow } = await setUpWithApp({ browsers: { rememberSeconds: 3600 } });
    flow.clock.advance(366 * DAY);
    const browser = await flow.cookie({ remember: true });
    flow.clock.advance(-366 * DAY);
    const until = new Date(flow.clock.now() + HOUR);
    expect(await flow.begin({ browser })).toEqual({ ok: true, method: 'remembered', until });
    flow.clock.advance(HOUR);
    expect(await flow.begin({ browser })).toMatchObject({ method: 'authenticator' });
  });

  it('ends no activation late, and voids no challenge of the next minute', async () => {
    const flow = setUp();
    flow.clock.advance(366 * DAY);
    await flow.scan();
    await flow.twoFactor.revoke(userId);
    flow.clock.advance(-366 * DAY);
    expect(await flow.twoFactor.status(userId)).toMatchObject({
      pendingUntil: new Date(flow.clock.now() + 10 * MINUTE),
    });
    const { challenge, code } = await flow.mail();
    expect(await flow.complete(code, { challenge })).toMatchObject({ ok: true });
  });

  it('keeps the newest time step alone: a step that was used is not used again', async () => {
    const { flow } = await setUpWithApp();
    flow.clock.advance(366 * DAY);
    await flow.logIn(flow.appCode());
    flow.clock.advance(-366 * DAY);
    expect(await flow.logIn(flow.appCode())).toEqual({ ok: false, reason: 'replayed' });
  });
});
