import { describe, expect, it } from 'vitest';
import { cookieOf, type Flow, repeat, setUp, setUpWithApp, userId, yes } from '../support/flow/flow.js';
import { DAY, HOUR, MINUTE, SECOND, STEP } from '../support/flow/time.js';

const remembering = { browsers: { rememberSeconds: 30 * 86_400 } };

async function browserIds(flow: Flow): Promise<string[]> {
  return (await flow.twoFactor.status(userId)).browsers.map(({ id }) => id);
}

/** Four failures lock. */
const strict = { limits: { maxFailures: 4 } };

/** Has a stranger lock the account. */
async function lock(flow: Flow): Promise<void> {
  await repeat(4, () => flow.logIn(flow.wrongCode()));
  expect((await flow.twoFactor.status(userId)).lockedUntil).not.toBeNull();
}

describe('a known browser', () => {
  it('is one that has completed a login: complete returns its cookie, 162 random bits for 180 days', async () => {
    const { flow } = await setUpWithApp();
    const done = yes(await flow.logIn(flow.appCode()));
    const expiresAt = new Date(flow.clock.now() + 180 * DAY);
    expect(done.browser).toEqual({ value: expect.stringMatching(/^[\w-]{27}$/) as unknown, expiresAt });
    expect((await flow.twoFactor.status(userId)).browsers).toMatchObject([
      { lastUsedAt: new Date(flow.clock.now()), rememberedUntil: null },
    ]);
  });

  it('keeps its cookie from login to login', async () => {
    const { flow } = await setUpWithApp();
    const browser = await flow.cookie();
    const again = yes(await flow.logIn(flow.appCode(), { browser }));
    expect(again.browser).toEqual({ value: browser, expiresAt: new Date(flow.clock.now() + 180 * DAY) });
    expect(await browserIds(flow)).toHaveLength(1);
  });

  it('is made by a login with mail and with a recovery code too', async () => {
    const { flow, recovery } = await setUpWithApp();
    expect(yes(await flow.logIn(recovery[0])).browser).toBeDefined();
    const mailed = setUp();
    expect(yes(await mailed.logInByMail()).browser).toBeDefined();
  });

  it('may fail six times in its life, without waiting and without counting for the account', async () => {
    const { flow } = await setUpWithApp();
    const browser = await flow.cookie();
    const failures = await repeat(6, () => flow.logIn(flow.wrongCode(), { browser }));
    expect(failures).toEqual(Array(6).fill({ ok: false, reason: 'mismatch' }));
    expect(await flow.begin()).toMatchObject({ retryAt: null });
    expect(flow.events.filter((event) => 'failures' in event)).toEqual([]);
  });

  it('counts for the account with its seventh failure', async () => {
    const { flow } = await setUpWithApp();
    const browser = await flow.cookie();
    await repeat(6, () => flow.logIn(flow.wrongCode(), { browser }));
    const more = await repeat(6, () => flow.logIn(flow.wrongCode(), { browser }));
    expect(more[0]).toEqual({ ok: false, reason: 'mismatch' });
    expect(more[4]).toMatchObject({ reason: 'mismatch', retryAt: new Date(flow.clock.now() + STEP) });
    expect(more[5]).toMatchObject({ reason: 'delayed' });
  });

  it('has six failures for life: a success does not clear them', async () => {
    const { flow } = await setUpWithApp();
    const browser = await flow.cookie();
    const cookies = await repeat(3, async () => {
      await repeat(2, () => flow.logIn(flow.wrongCode(), { browser }));
      return flow.cookie({ browser });
    });
    expect(cookies.map((cookie) => cookie === browser)).toEqual([true, true, false]);
  });

  it('that has used them up gets another cookie with its next login, and the old one is worth nothing', async () => {
    const { flow } = await setUpWithApp(strict);
    const browser = await flow.cookie();
    await repeat(6, () => flow.logIn(flow.wrongCode(), { browser }));
    const fresh = cookieOf(await flow.logIn(flow.appCode(), { browser }));
    expect(fresh).not.toBe(browser);
    expect(await browserIds(flow)).toHaveLength(1);
    await lock(flow);
    flow.clock.advance(STEP);
    expect(await flow.logIn(flow.appCode(), { browser })).toMatchObject({ ok: false, reason: 'locked' });
    expect(await flow.logIn(flow.appCode(), { browser: fresh })).toMatchObject({ ok: true });
  });

  it('fault 14: gets in while the account is delayed or locked', async () => {
    const { flow } = await setUpWithApp(strict);
    const browser = await flow.cookie();
    await lock(flow);
    expect(await flow.begin()).toMatchObject({ retryAt: expect.any(Date) as unknown });
    expect(await flow.begin({ browser })).toMatchObject({ ok: true, retryAt: null });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: false, reason: 'locked' });
    expect(await flow.logIn(flow.appCode(), { browser })).toMatchObject({ ok: true });
  });

  it('has no seventh chance in mailed codes: they count as the app’s do', async () => {
    const flow = setUp();
    const browser = cookieOf(await flow.logInByMail());
    for (const guesses of [5, 4]) {
      flow.clock.advance(MINUTE);
      const challenge = await flow.challenge({ browser });
      await repeat(guesses, () => flow.complete(flow.wrongCode(), { challenge, browser }));
    }
    const counted = flow.events.flatMap((event) => ('failures' in event ? [event.failures] : []));
    expect(counted).toEqual([1, 2, 3]);
  });

  it('is not charged for a slip: a code that cannot be one, a used one, or 25 letters', async () => {
    const { flow, recovery } = await setUpWithApp();
    const browser = await flow.cookie();
    await flow.logIn(recovery[0], { browser });
    for (const code of ['12345', flow.appCode(-1), recovery[0], 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA']) {
      await repeat(7, () => flow.logIn(code, { browser }));
    }
    await repeat(5, () => flow.logIn(flow.wrongCode(), { browser }));
    expect(cookieOf(await flow.logIn(flow.appCode(), { browser }))).toBe(browser);
  });

  it('is forgotten knownSeconds after its last use', async () => {
    const { flow } = await setUpWithApp({ ...strict, browsers: { knownSeconds: 86_400 } });
    const usedAt = flow.clock.now();
    const browser = await flow.cookie();
    await lock(flow);
    flow.clock.set(usedAt + DAY - 1);
    expect(await browserIds(flow)).toHaveLength(1);
    expect(await flow.logIn(flow.wrongCode(), { browser })).toEqual({ ok: false, reason: 'mismatch' });
    flow.clock.advance(1);
    expect(await browserIds(flow)).toEqual([]);
    expect(await flow.logIn(flow.appCode(), { browser })).toMatchObject({ ok: false, reason: 'locked' });
  });

  it('is the least recently used of more than max that goes', async () => {
    const { flow } = await setUpWithApp({ ...strict, browsers: { max: 3 } });
    const cookies = await repeat(3, () => flow.cookie());
    await flow.cookie({ browser: cookies[0] });
    const fourth = await flow.cookie();
    expect(await browserIds(flow)).toHaveLength(3);
    await lock(flow);
    const begun = await Promise.all([...cookies, fourth].map((browser) => flow.begin({ browser })));
    const isKnown = begun.map((answer) => 'retryAt' in answer && answer.retryAt === null);
    expect(isKnown).toEqual([true, false, true, true]);
  });

  it('does not exist with max: 0', async () => {
    const { flow } = await setUpWithApp({ browsers: { max: 0 } });
    expect(yes(await flow.logIn(flow.appCode()))).not.toHaveProperty('browser');
    expect(await browserIds(flow)).toEqual([]);
  });

  it('never adopts a value that is not known for this customer', async () => {
    const { flow } = await setUpWithApp();
    const planted = 'A'.repeat(27);
    const other = flow.customer('666');
    const foreign = cookieOf(await other.logInByMail());
    for (const browser of [planted, foreign, '', 'x', 27, null, {}, ['A'.repeat(27)], 'A'.repeat(1e6)]) {
      const done = yes(await flow.logIn(flow.appCode(), { browser }));
      expect(done.browser?.value).not.toBe(browser);
      flow.clock.advance(STEP);
    }
    for (const browser of [planted, foreign]) {
      await repeat(5, () => flow.logIn(flow.wrongCode()));
      expect(await flow.logIn(flow.appCode(), { browser })).toMatchObject({ ok: false, reason: 'delayed' });
      await flow.twoFactor.unlock(userId);
    }
  });
});

describe('a known browser’s mails', () => {
  it('are its own: a stranger who has used up the account’s keeps nobody waiting', async () => {
    const flow = setUp({ limits: { sendsPerHour: 2, sendsPerDay: 2 } });
    const browser = cookieOf(await flow.logInByMail());
    await flow.begin();
    flow.clock.advance(16 * MINUTE);
    await flow.begin();
    flow.clock.advance(16 * MINUTE);
    expect(await flow.begin()).toMatchObject({ ok: true, long: true });
    expect(await flow.mail({ browser })).toMatchObject({ ok: true, sent: true });
    const { challenge, code } = await flow.mail({ browser });
    expect(code).toMatch(/^\d{6}$/);
    expect(await flow.complete(code, { challenge, browser })).toMatchObject({ ok: true, method: 'email' });
  });

  it('are sendsPerHour in any 24 hours; then they are the account’s', async () => {
    const flow = setUp({ limits: { sendsPerHour: 2, sendsPerDay: 5 } });
    const browser = cookieOf(await flow.logInByMail());
    const counts = await repeat(4, async () => {
      flow.clock.advance(16 * MINUTE);
      await flow.begin({ browser });
      return flow.mails.length;
    });
    expect(counts).toEqual([2, 3, 4, 5]);
    expect((await flow.twoFactor.status(userId)).mailLimitedUntil).not.toBeNull();
    flow.clock.advance(DAY);
    expect(await flow.begin({ browser })).toMatchObject({ ok: true, sent: true });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ mailLimitedUntil: null });
  });

  it('wait for the cooldown among themselves, and not for the account’s', async () => {
    const flow = setUp();
    const browser = cookieOf(await flow.logInByMail());
    expect(await flow.begin()).toMatchObject({ sent: true });
    flow.clock.advance(10 * SECOND);
    expect(await flow.begin({ browser })).toMatchObject({ sent: true });
    flow.clock.advance(10 * SECOND);
    expect(await flow.begin({ browser })).toMatchObject({ sent: false });
    expect(flow.mails.at(-1)?.code).toBe(flow.mails.at(-2)?.code);
  });

  it('have their places freed by a login', async () => {
    const flow = setUp({ limits: { sendsPerHour: 2, sendsPerDay: 5 } });
    let browser = cookieOf(await flow.logInByMail());
    for (let login = 0; login < 10; login++) {
      flow.clock.advance(2 * MINUTE);
      browser = cookieOf(await flow.logInByMail({ browser }));
    }
    expect(flow.mails).toHaveLength(11);
    expect(await flow.twoFactor.status(userId)).toMatchObject({ mailLimitedUntil: null });
    // A stranger uses up the account's, and the browser still has its own.
    for (let mail = 0; mail < 5; mail++) {
      flow.clock.advance(HOUR);
      await flow.begin();
    }
    flow.clock.advance(HOUR);
    expect((await flow.twoFactor.status(userId)).mailLimitedUntil).not.toBeNull();
    expect(await flow.begin({ browser })).toMatchObject({ ok: true, sent: true });
    expect(flow.mails.at(-1)).not.toHaveProperty('long');
  });

  it('that was refused by the mail service costs neither the browser nor the account a place', async () => {
    const flow = setUp({ limits: { sendsPerHour: 2, sendsPerDay: 5 } });
    const browser = cookieOf(await flow.logInByMail());
    await flow.begin();
    flow.clock.advance(16 * MINUTE);
    flow.around.mailbox.refuseNext();
    await expect(flow.begin({ browser })).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    expect(await flow.begin({ browser })).toMatchObject({ sent: true });
    flow.clock.advance(16 * MINUTE);
    // The browser's second place is its own still, and the account has one of two left.
    expect(await flow.begin({ browser })).toMatchObject({ ok: true, sent: true });
    flow.clock.advance(16 * MINUTE);
    const own = await flow.begin();
    expect(own).toMatchObject({ ok: true, sent: true });
    expect(own).not.toHaveProperty('long');
  });

  it('that was accepted in the place of another keeps its place', async () => {
    const flow = setUp({ limits: { sendsPerHour: 1, sendsPerDay: 1 } });
    const browser = cookieOf(await flow.logInByMail());
    await flow.begin({ browser });
    flow.clock.advance(11 * MINUTE);
    // The browser's only place is taken, so the account pays for the mail that takes the place of the first.
    expect(await flow.begin({ browser })).toMatchObject({ sent: true });
    expect((await flow.twoFactor.status(userId)).mailLimitedUntil).not.toBeNull();
  });

  it('that was refused by the mail service costs nothing', async () => {
    const flow = setUp({ limits: { sendsPerHour: 1, sendsPerDay: 1 } });
    const browser = cookieOf(await flow.logInByMail());
    for (let attempt = 0; attempt < 3; attempt++) {
      flow.around.mailbox.refuseNext();
      await expect(flow.begin({ browser })).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    }
    expect(await flow.logInByMail({ browser })).toMatchObject({ ok: true });
  });
});

describe('a remembered browser', () => {
  it('skips the second step of a login, for rememberSeconds from when it was remembered', async () => {
    const { flow } = await setUpWithApp(remembering);
    const rememberedAt = flow.clock.now();
    const browser = await flow.cookie({ remember: true });
    const until = new Date(rememberedAt + 30 * DAY);
    expect(await flow.begin({ browser })).toEqual({ ok: true, method: 'remembered', until });
    expect((await flow.twoFactor.status(userId)).browsers).toMatchObject([{ rememberedUntil: until }]);
    expect(flow.events.at(-1)).toMatchObject({ type: 'remembered', until });
    flow.clock.set(until.getTime() - 1);
    expect(await flow.begin({ browser })).toMatchObject({ method: 'remembered' });
    flow.clock.advance(1);
    expect(await flow.begin({ browser })).toMatchObject({ method: 'authenticator' });
  });

  it('is measured by the option there is: shortened, it ends what was remembered before', async () => {
    const { flow } = await setUpWithApp(remembering);
    const browser = await flow.cookie({ remember: true });
    const shorter = flow.with({ browsers: { rememberSeconds: 3600 } });
    flow.clock.advance(HOUR);
    expect(await shorter.begin({ browser })).toMatchObject({ method: 'authenticator' });
    expect(await flow.with({ browsers: {} }).begin({ browser })).toMatchObject({ method: 'authenticator' });
  });

  it('needs remember: true and rememberSeconds', async () => {
    const { flow } = await setUpWithApp(remembering);
    const browser = await flow.cookie();
    expect(await flow.begin({ browser })).toMatchObject({ method: 'authenticator' });
    const without = await setUpWithApp();
    const other = await without.flow.cookie({ remember: true });
    expect(await without.flow.begin({ browser: other })).toMatchObject({ method: 'authenticator' });
  });

  it('is remembered for a login only: any other purpose asks for a code', async () => {
    const { flow } = await setUpWithApp(remembering);
    const browser = await flow.cookie({ remember: true });
    expect(await flow.begin({ browser, purpose: 'new-address' })).toMatchObject({ method: 'authenticator' });
    const mailed = setUp(remembering);
    const cookie = cookieOf(await mailed.logInByMail({ remember: true }));
    expect(await mailed.begin({ browser: cookie })).toMatchObject({ method: 'remembered' });
    expect(await mailed.begin({ browser: cookie, purpose: 'new-address' })).toMatchObject({
      method: 'email',
    });
  });

  it('is none with another customer’s cookie, nor with an unknown one', async () => {
    const { flow } = await setUpWithApp(remembering);
    const browser = await flow.cookie({ remember: true });
    expect(await flow.customer('666').begin({ browser })).toMatchObject({ method: 'email' });
    expect(await flow.begin({ browser: 'A'.repeat(27) })).toMatchObject({ method: 'authenticator' });
    expect(await flow.begin({ browser, email: null })).toMatchObject({ method: 'email' });
  });

  it('is none any more once its six failures are used up', async () => {
    const { flow } = await setUpWithApp(remembering);
    const browser = await flow.cookie({ remember: true });
    const purpose = 'new-address';
    await repeat(6, () => flow.logIn(flow.wrongCode(), { browser, purpose }));
    expect(await flow.begin({ browser })).toMatchObject({ method: 'authenticator' });
  });

  const changes: Readonly<
    Record<string, (flow: Flow, recovery: readonly string[], cookie: string) => unknown>
  > = {
    'a replacement': (flow) => {
      const proof = flow.appCode();
      return flow.activateWith(proof);
    },
    'a deactivation': (flow) => flow.twoFactor.deactivate({ userId, code: flow.appCode() }),
    'a renewal of the recovery codes': (flow) =>
      flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() }),
    'an erasure': (flow) => flow.twoFactor.erase(userId),
    'forgetBrowsers by cookie': (flow, _, browser) => flow.twoFactor.forgetBrowsers({ userId, browser }),
    'forgetBrowsers by id': async (flow) => {
      const [browser] = await browserIds(flow);
      await flow.twoFactor.forgetBrowsers({ userId, browser });
    },
    'forgetBrowsers of all': (flow) => flow.twoFactor.forgetBrowsers({ userId }),
  };

  it.each(Object.entries(changes))('is none any more after %s', async (_, change) => {
    const { flow, recovery } = await setUpWithApp(remembering);
    const browser = await flow.cookie({ remember: true });
    expect(await flow.begin({ browser })).toMatchObject({ method: 'remembered' });
    await change(flow, recovery, browser);
    expect(await flow.begin({ browser })).not.toMatchObject({ method: 'remembered' });
  });

  it('is none any more after the first app is activated, or one is adopted', async () => {
    for (const adopt of [false, true]) {
      const flow = setUp(remembering);
      const browser = cookieOf(await flow.logInByMail({ remember: true }));
      expect(await flow.begin({ browser })).toMatchObject({ method: 'remembered' });
      if (adopt) await flow.twoFactor.adopt({ userId, secret: flow.secret });
      else await flow.activate();
      expect(await flow.begin({ browser })).toMatchObject({ method: 'authenticator' });
    }
  });
});

describe('forgetBrowsers', () => {
  it('forgets one browser by its cookie or its id, and leaves the others', async () => {
    const { flow } = await setUpWithApp();
    const [first, second, third] = [await flow.cookie(), await flow.cookie(), await flow.cookie()];
    const ids = await browserIds(flow);
    await flow.twoFactor.forgetBrowsers({ userId, browser: second });
    expect(await browserIds(flow)).toEqual([ids[0], ids[2]]);
    await flow.twoFactor.forgetBrowsers({ userId, browser: ids[2] });
    expect(await browserIds(flow)).toEqual([ids[0]]);
    expect(flow.story.filter((type) => type === 'browsers_forgotten')).toHaveLength(2);
    expect(cookieOf(await flow.logIn(flow.appCode(), { browser: first }))).toBe(first);
    flow.clock.advance(STEP);
    expect(cookieOf(await flow.logIn(flow.appCode(), { browser: third }))).not.toBe(third);
  });

  it('changes nothing, and says nothing, for a browser that is not known', async () => {
    const { flow } = await setUpWithApp();
    await flow.cookie();
    for (const browser of ['A'.repeat(27), 'no id', null, 5, {}]) {
      await flow.twoFactor.forgetBrowsers({ userId, browser });
    }
    expect(await browserIds(flow)).toHaveLength(1);
    expect(flow.story).not.toContain('browsers_forgotten');
  });
});
