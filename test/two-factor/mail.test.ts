import { describe, expect, it } from 'vitest';
import { email, type Flow, parallel, repeat, setUp, successes, userId, yes } from '../support/flow/flow.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/flow/time.js';

/** A flow whose send waits until it is let go. */
function setUpWithSlowMail(): { flow: Flow; deliver: () => void } {
  const waiting: (() => void)[] = [];
  const flow = setUp({
    send: async (mail) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      await flow.around.mailbox.send(mail);
    },
  });
  const deliver = (): void => {
    for (const goOn of waiting.splice(0)) goOn();
  };
  return { flow, deliver };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('fault 1: asking twice', () => {
  it.each([0, 60, 200, 400, 700])('%i ms apart gets in with the one mail, from either', async (gap) => {
    for (const place of [0, 1]) {
      const flow = setUp();
      const first = await flow.mail();
      flow.clock.advance(gap);
      const second = await flow.mail();
      expect([first.sent, second.sent]).toEqual([true, false]);
      expect(flow.mails).toHaveLength(1);
      const { challenge } = [first, second][place] ?? first;
      expect(await flow.complete(first.code, { challenge })).toMatchObject({ ok: true });
    }
  });

  it('while the mail is on its way gets a challenge at once', async () => {
    const { flow, deliver } = setUpWithSlowMail();
    const first = flow.begin();
    await tick();
    const second = await flow.challenge();
    deliver();
    await first;
    expect(await flow.complete(flow.mails[0]?.code, { challenge: second })).toMatchObject({ ok: true });
  });

  it('at the same moment, eight times, sends one mail, and every challenge is as good', async () => {
    for (const chosen of [0, 3, 7]) {
      const flow = setUp();
      const begun = await parallel(8, () => flow.mail());
      expect(flow.mails).toHaveLength(1);
      expect(begun.filter(({ sent }) => sent)).toHaveLength(1);
      const code = flow.mails[0]?.code;
      expect(await flow.complete(code, { challenge: begun[chosen]?.challenge })).toMatchObject({ ok: true });
    }
  });

  it('a minute later mails the same code again, and a code is good for one login', async () => {
    const flow = setUp();
    const first = await flow.mail();
    flow.clock.advance(MINUTE);
    const second = await flow.mail();
    expect(second.sent).toBe(true);
    expect(second.expiresAt).toEqual(first.expiresAt);
    expect(flow.mails.map(({ code }) => code)).toEqual([first.code, first.code]);
    expect(await flow.complete(first.code, { challenge: second.challenge })).toMatchObject({ ok: true });
    expect(await flow.complete(first.code, { challenge: first.challenge })).toEqual({
      ok: false,
      reason: 'replayed',
    });
  });

  it('in the last third of its life takes a fresh token, and the older code is superseded', async () => {
    const flow = setUp();
    const first = await flow.mail();
    flow.clock.advance(10 * MINUTE);
    const second = await flow.mail();
    expect(second.code).not.toBe(first.code);
    expect(second.expiresAt).toEqual(new Date(flow.clock.now() + 15 * MINUTE));
    expect(await flow.complete(first.code, { challenge: second.challenge })).toEqual({
      ok: false,
      reason: 'superseded',
    });
    expect(await flow.complete(second.code, { challenge: first.challenge })).toMatchObject({ ok: true });
  });

  it('is told to the observer: each join is an event', async () => {
    const flow = setUp();
    await repeat(3, () => flow.begin());
    expect(flow.story).toEqual(['issued', 'sent', 'joined', 'joined']);
  });

  it('for another purpose or address joins nothing', async () => {
    const flow = setUp();
    await flow.begin();
    expect(await flow.begin({ purpose: 'step-up' })).toMatchObject({ ok: false, reason: 'cooldown' });
    expect(await flow.begin({ email: 'other@example.com' })).toMatchObject({ ok: false, reason: 'cooldown' });
  });
});

describe('fault 3: the code of an older mail', () => {
  it('is superseded and not counted, however often it is typed', async () => {
    const flow = setUp();
    const first = await flow.mail();
    flow.clock.advance(11 * MINUTE);
    const second = await flow.mail();
    const answers = await repeat(10, () => flow.complete(first.code, { challenge: second.challenge }));
    expect(answers).toEqual(Array(10).fill({ ok: false, reason: 'superseded' }));
    expect(await flow.complete(second.code, { challenge: second.challenge })).toMatchObject({ ok: true });
  });

  it('says that only the newest counts, and when each was asked for', async () => {
    const flow = setUp();
    await flow.begin();
    flow.clock.advance(11 * MINUTE);
    await flow.begin();
    const [first = '', second = ''] = flow.mails.map(({ message }) => message.text);
    expect(first).not.toBe(second);
    for (const text of [first, second]) expect(text).toContain('only the newest');
  });
});

describe('a mail that was not sent', () => {
  it('promise 8: leaves no token, costs no cooldown, and the caller learns of it', async () => {
    const flow = setUp();
    for (let attempt = 0; attempt < 12; attempt++) {
      flow.around.mailbox.refuseNext();
      await expect(flow.begin()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    }
    expect(await flow.twoFactor.status(userId)).toMatchObject({ mailLimitedUntil: null });
    expect(await flow.logInByMail()).toMatchObject({ ok: true });
  });

  it('promise 8: leaves the token alive that was there before', async () => {
    const flow = setUp();
    const first = await flow.mail();
    flow.clock.advance(11 * MINUTE);
    flow.around.mailbox.refuseNext();
    await expect(flow.begin()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    expect(await flow.complete(first.code, { challenge: first.challenge })).toMatchObject({ ok: true });
  });

  it('promise 8: is one that could not be rendered, and nothing was written', async () => {
    const flow = setUp();
    const broken = flow.with({
      render: () => {
        throw new Error('no template');
      },
    });
    await expect(broken.begin()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    expect(flow.events).toEqual([]);
    expect(await flow.logInByMail()).toMatchObject({ ok: true });
  });
});

describe('the long code', () => {
  /** A stranger with the password has used up every mail and has the account delayed for hours. */
  async function besieged(): Promise<Flow> {
    const flow = setUp();
    for (let failure = 0; failure < 14; failure++) {
      const begun = await flow.begin();
      const challenge = begun.ok && 'challenge' in begun ? begun.challenge : undefined;
      const answer = await flow.complete(flow.wrongCode(), { challenge });
      const retryAt = !answer.ok && answer.retryAt ? answer.retryAt.getTime() : flow.clock.now() + MINUTE;
      flow.clock.set(Math.max(retryAt, flow.clock.now() + MINUTE));
      if ((begun.ok && 'long' in begun) || !begun.ok) break;
    }
    return flow;
  }

  it('is 25 letters by mail, good for a day, for an account that is delayed beyond an hour', async () => {
    const flow = setUp();
    await repeat(20, async () => {
      const begun = await flow.begin();
      const challenge = begun.ok && 'challenge' in begun ? begun.challenge : undefined;
      const answer = await flow.complete(flow.wrongCode(), { challenge });
      const retryAt = !answer.ok && answer.reason !== 'mismatch' ? answer.retryAt : undefined;
      const isFar = retryAt !== undefined && retryAt.getTime() > flow.clock.now() + HOUR;
      if (!isFar) flow.clock.set(Math.max(retryAt?.getTime() ?? 0, flow.clock.now() + MINUTE));
    });
    const long = await flow.mail();
    expect(long).toMatchObject({ ok: true, method: 'email', long: true });
    expect(long.code).toMatch(/^[3-9A-Y]{5}(-[3-9A-Y]{5}){4}$/);
    expect(flow.mails.at(-1)).toMatchObject({ long: true, to: email });
    expect(await flow.complete(long.code, { challenge: long.challenge })).toMatchObject({
      ok: true,
      method: 'email',
      to: email,
    });
  });

  it('comes for an account that is locked, whatever was mailed before', async () => {
    const flow = setUp({ limits: { maxFailures: 3 } });
    const first = await flow.challenge();
    await repeat(3, () => flow.complete(flow.wrongCode(), { challenge: first }));
    const now = flow.clock.now();
    const long = await flow.mail();
    expect(long).toMatchObject({ long: true, sent: true, expiresAt: new Date(now + DAY) });
    expect(
      await flow.complete(long.code.toLowerCase().replaceAll('-', ' '), { challenge: first }),
    ).toMatchObject({
      ok: true,
    });
    expect(await flow.complete(long.code, { challenge: long.challenge })).toEqual({
      ok: false,
      reason: 'replayed',
    });
  });

  it('is joined by every later login of the day, and sent once', async () => {
    const flow = setUp({ limits: { maxFailures: 1 } });
    await flow.complete(flow.wrongCode(), { challenge: await flow.challenge() });
    const first = await flow.mail();
    flow.clock.advance(23 * HOUR);
    const later = await flow.mail();
    expect(later).toMatchObject({ long: true, sent: false, expiresAt: first.expiresAt });
    expect(later.code).toBe(first.code);
    expect(await flow.complete(first.code, { challenge: first.challenge })).toMatchObject({
      reason: 'expired',
    });
    expect(await flow.complete(later.code, { challenge: later.challenge })).toMatchObject({ ok: true });
    expect(await flow.begin()).toMatchObject({
      ok: false,
      reason: 'locked',
      retryAt: new Date(flow.clock.now() + HOUR),
    });
    flow.clock.advance(HOUR);
    expect(await flow.begin()).toMatchObject({ ok: true, long: true, sent: true });
  });

  it('is judged outside the budget: wrong letters cost nothing', async () => {
    const flow = setUp({ limits: { maxFailures: 1 } });
    await flow.complete(flow.wrongCode(), { challenge: await flow.challenge() });
    const long = await flow.mail();
    const { challenge } = long;
    await repeat(200, () => flow.complete('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', { challenge }));
    expect(await flow.complete(long.code, { challenge })).toMatchObject({ ok: true });
  });

  it('comes when the mails are used up and no token is left to join', async () => {
    const flow = setUp({ limits: { sendsPerHour: 2, sendsPerDay: 2 } });
    await flow.begin();
    flow.clock.advance(MINUTE);
    await flow.begin();
    flow.clock.advance(12 * MINUTE);
    expect(await flow.begin()).toMatchObject({ sent: false, method: 'email' });
    flow.clock.advance(3 * MINUTE);
    const long = await flow.mail();
    expect(long).toMatchObject({ long: true, sent: true });
    expect(await flow.complete(long.code, { challenge: long.challenge })).toMatchObject({ ok: true });
  });

  it('that could not be sent is not used up', async () => {
    const flow = setUp({ limits: { maxFailures: 1 } });
    await flow.complete(flow.wrongCode(), { challenge: await flow.challenge() });
    flow.around.mailbox.refuseNext();
    await expect(flow.begin()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    const long = await flow.mail();
    expect(await flow.complete(long.code, { challenge: long.challenge })).toMatchObject({ ok: true });
  });

  it('fault 14: ten logins begun in an hour, without a guess, keep nobody out for a day', async () => {
    const flow = setUp();
    await repeat(10, async () => {
      await flow.begin();
      flow.clock.advance(7 * MINUTE);
    });
    for (let hour = 0; hour < 24; hour++) {
      const begun = await flow.mail();
      if (hour === 23) {
        expect(await flow.complete(begun.code, { challenge: begun.challenge })).toMatchObject({ ok: true });
      }
      flow.clock.advance(HOUR);
    }
  });

  it('fault 15: a stranger who asks for mails whenever possible keeps the owner out of nothing', async () => {
    const flow = await besieged();
    const tries = await repeat(24, async () => {
      for (let call = 0; call < 60; call++) {
        await flow.begin();
        flow.clock.advance(MINUTE);
      }
      const begun = await flow.begin();
      return begun.ok;
    });
    expect(tries.filter(Boolean)).toHaveLength(24);
    expect(await flow.logInByMail()).toMatchObject({ ok: true });
  });
});

describe('a mailed code', () => {
  it('promise 3: is not refused because of parallel wrong ones within the budget', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.mail();
    const wrong = parallel(4, () => flow.complete(flow.wrongCode(), { challenge }));
    expect(await flow.complete(code, { challenge })).toMatchObject({ ok: true });
    const reasons = (await wrong).map((answer) => (answer.ok ? 'ok' : answer.reason));
    expect(reasons.every((reason) => ['mismatch', 'unknown'].includes(reason))).toBe(true);
  });

  it('promise 2: is guessed at five times at most, over every challenge, login and process', async () => {
    const flow = setUp();
    const challenges = await repeat(5, () => flow.challenge());
    const answers = await parallel(64, (index) =>
      flow.with({}).complete(flow.wrongCode(), { challenge: challenges[index % 5] }),
    );
    const evaluated = answers.filter((answer) => !answer.ok && answer.reason === 'mismatch');
    expect(evaluated).toHaveLength(5);
    expect(new Set(evaluated.map((answer) => !answer.ok && answer.attemptsLeft))).toEqual(
      new Set([4, 3, 2, 1, 0]),
    );
  });

  it('promise 1: is good once: of 64 submissions through five challenges one is a yes', async () => {
    const flow = setUp();
    const challenges = await repeat(5, () => flow.challenge());
    const code = flow.mails[0]?.code;
    const answers = await parallel(64, (index) => flow.complete(code, { challenge: challenges[index % 5] }));
    expect(successes(answers)).toBe(1);
  });

  it('frees the places of all mails of its token, so that people who log in often never wait', async () => {
    const flow = setUp({ browsers: { max: 0 } });
    for (let login = 0; login < 30; login++) {
      await flow.begin();
      flow.clock.advance(MINUTE);
      expect(await flow.logInByMail()).toMatchObject({ ok: true });
      flow.clock.advance(5 * SECOND);
    }
    expect(await flow.twoFactor.status(userId)).toMatchObject({ mailLimitedUntil: null });
  });

  it('has expired after ttlSeconds, which is said', async () => {
    const flow = setUp({ resendAfterSeconds: 3600 });
    const { code } = await flow.mail();
    flow.clock.advance(14 * MINUTE);
    const challenge = await flow.challenge();
    flow.clock.advance(MINUTE);
    expect(await flow.complete(code, { challenge })).toEqual({ ok: false, reason: 'expired' });
  });

  it('is exhausted after maxAttempts wrong ones, and then a fresh one is mailed', async () => {
    const flow = setUp({ maxAttempts: 2 });
    const { challenge, code } = await flow.mail();
    await repeat(2, () => flow.complete(flow.wrongCode(), { challenge }));
    expect(await flow.complete(code, { challenge })).toEqual({ ok: false, reason: 'exhausted' });
    expect(await flow.begin()).toMatchObject({ ok: false, reason: 'cooldown' });
    flow.clock.advance(MINUTE);
    const fresh = yes(await flow.begin());
    expect(fresh).toMatchObject({ method: 'email', sent: true });
    expect(await flow.logIn(flow.mails.at(-1)?.code)).toMatchObject({ ok: true });
  });
});
