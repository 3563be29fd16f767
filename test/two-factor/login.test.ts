import { describe, expect, it } from 'vitest';
import type { MessageInput } from '../../src/email-token/message.js';
import type { OutgoingMail } from '../../src/email-token/settings.js';
import { email, setUp, setUpWithApp, userId, yes } from '../support/flow/flow.js';
import { MINUTE, STEP } from '../support/flow/time.js';

const unknown = { ok: false, reason: 'unknown' };

describe('begin', () => {
  it('gives a challenge for a login by mail, and mails the code', async () => {
    const flow = setUp();
    const now = flow.clock.now();
    const begun = await flow.begin();
    expect(begun).toEqual({
      ok: true,
      method: 'email',
      challenge: expect.stringMatching(/^[\w-]{1,200}$/) as unknown,
      sent: true,
      sentTo: 'c***@e***',
      expiresAt: new Date(now + 15 * MINUTE),
      resendAt: new Date(now + MINUTE),
    });
    expect(flow.mails).toHaveLength(1);
    expect(flow.mails[0]).toMatchObject({ to: email, subject: userId, purpose: 'login' });
    expect(flow.mails[0]?.message.subject).toContain('Example Hosting');
  });

  it('gives a challenge for a login by app, and sends no mail', async () => {
    const { flow } = await setUpWithApp();
    expect(await flow.begin()).toEqual({
      ok: true,
      method: 'authenticator',
      challenge: expect.stringMatching(/^[\w-]{1,200}$/) as unknown,
      retryAt: null,
    });
    expect(flow.mails).toEqual([]);
  });

  it('gives no challenge where no code is asked for', async () => {
    const without = setUp({ fallback: 'none', send: undefined });
    expect(await without.begin()).toEqual({ ok: true, method: 'none' });
    const { flow } = await setUpWithApp({ browsers: { rememberSeconds: 3600 } });
    const browser = await flow.cookie({ remember: true });
    const until = new Date(flow.clock.now() - STEP + 60 * MINUTE);
    expect(await flow.begin({ browser })).toEqual({ ok: true, method: 'remembered', until });
  });

  it('asks for the app where the fallback is none, once one is active', async () => {
    const { flow } = await setUpWithApp({ fallback: 'none', send: undefined });
    expect(await flow.begin()).toMatchObject({ ok: true, method: 'authenticator' });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true, method: 'authenticator' });
  });

  it('is never refused while an app is active, and says until when a code waits', async () => {
    const { flow } = await setUpWithApp();
    for (let failure = 0; failure < 5; failure++) await flow.logIn(flow.wrongCode());
    const delayed = new Date(flow.clock.now() + STEP);
    expect(await flow.begin()).toMatchObject({ ok: true, method: 'authenticator', retryAt: delayed });
    const locked = await setUpWithApp({ limits: { maxFailures: 3 } });
    for (let failure = 0; failure < 3; failure++) await locked.flow.logIn(locked.flow.wrongCode());
    const { lockedUntil } = await locked.flow.twoFactor.status(userId);
    expect(await locked.flow.begin()).toMatchObject({ method: 'authenticator', retryAt: lockedUntil });
    expect(await locked.flow.logIn(locked.recovery[0])).toMatchObject({ ok: true, method: 'recovery' });
  });

  it('passes context on to render, to send, and to the events', async () => {
    const rendered: MessageInput[] = [];
    const context = { timeZone: 'Europe/Berlin', device: 'a telephone' };
    const render = (input: MessageInput): OutgoingMail['message'] => {
      rendered.push(input);
      return { subject: 'a code', text: '', html: '', headers: {} };
    };
    const flow = setUp({ render });
    await flow.begin({ context, locale: 'de' });
    await flow.begin({ context: 'a second tab' });
    expect(rendered).toMatchObject([{ context, locale: 'de', purpose: 'login', appName: 'Example Hosting' }]);
    expect(flow.mails).toMatchObject([{ context }]);
    expect(flow.events).toMatchObject([
      { type: 'issued', userId, context },
      { type: 'sent', userId, context },
      { type: 'joined', userId, context: 'a second tab' },
    ]);
  });

  it('writes the mail in the language and the time zone that it is given', async () => {
    const flow = setUp();
    await flow.begin({ locale: 'de-AT', context: { timeZone: 'Europe/Vienna' } });
    expect(flow.mails[0]?.message.subject).toBe('Ihr Sicherheitstoken für Example Hosting');
    expect(flow.mails[0]?.message.text).toContain('MEZ');
  });

  it('fault 12: says by default what the caller can change: English, and UTC', async () => {
    const flow = setUp();
    await flow.begin();
    expect(flow.mails[0]?.message.subject).toBe('Your security token for Example Hosting');
    expect(flow.mails[0]?.message.text).toContain('UTC');
  });
});

describe('complete', () => {
  it('says who it was, what for, by which factor, and which address was proved', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.mail();
    expect(await flow.complete(code, { challenge })).toEqual({
      ok: true,
      userId,
      purpose: 'login',
      method: 'email',
      to: email,
      recoveryCodesLeft: 0,
      browser: {
        value: expect.stringMatching(/^[\w-]{27}$/) as unknown,
        expiresAt: expect.any(Date) as unknown,
      },
    });
  });

  it('says which app it was, and how many recovery codes are left', async () => {
    const { flow } = await setUpWithApp();
    const [app] = (await flow.twoFactor.status(userId)).apps;
    const done = yes(await flow.logIn(`${flow.appCode().slice(0, 3)} ${flow.appCode().slice(3)}`));
    expect(done).toMatchObject({ method: 'authenticator', app: app?.id, recoveryCodesLeft: 10 });
    expect(Object.keys(done).sort()).toEqual([
      ...['app', 'browser', 'method', 'ok', 'purpose', 'recoveryCodesLeft', 'userId'],
    ]);
  });

  it('needs a challenge for a mailed code, an app’s code and a recovery code', async () => {
    const mailed = setUp();
    const { code } = await mailed.mail();
    const { flow, recovery } = await setUpWithApp();
    for (const challenge of [undefined, null, '', 'x'.repeat(51), 51, {}]) {
      expect(await mailed.complete(code, { challenge })).toEqual(unknown);
      expect(await flow.complete(flow.appCode(), { challenge })).toEqual(unknown);
      expect(await flow.complete(recovery[0], { challenge })).toEqual(unknown);
    }
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 10 });
  });

  it('takes a challenge for a second code, and no code twice', async () => {
    const { flow } = await setUpWithApp();
    const challenge = await flow.challenge();
    const code = flow.appCode();
    expect(await flow.complete(code, { challenge })).toMatchObject({ ok: true });
    expect(await flow.complete(code, { challenge })).toEqual({ ok: false, reason: 'replayed' });
    flow.clock.advance(STEP);
    expect(await flow.complete(flow.appCode(), { challenge })).toMatchObject({ ok: true });
  });

  it('says that a challenge has expired, after ttlSeconds', async () => {
    const { flow, recovery } = await setUpWithApp({ ttlSeconds: 600 });
    const challenge = await flow.challenge();
    flow.clock.advance(10 * MINUTE - 1);
    expect(await flow.complete(flow.appCode(), { challenge })).toMatchObject({ ok: true });
    flow.clock.advance(1);
    const expired = { ok: false, reason: 'expired' };
    expect(await flow.complete(flow.appCode(1), { challenge })).toEqual(expired);
    expect(await flow.complete(recovery[0], { challenge })).toEqual(expired);
  });

  it('promise 4: clears the delay with a success, and not the total', async () => {
    const { flow } = await setUpWithApp({ limits: { maxFailures: 9 } });
    const challenge = await flow.challenge();
    for (let failure = 0; failure < 5; failure++) await flow.complete(flow.wrongCode(), { challenge });
    expect(await flow.complete(flow.appCode(), { challenge })).toMatchObject({ reason: 'delayed' });
    flow.clock.advance(STEP);
    expect(await flow.complete(flow.appCode(), { challenge })).toMatchObject({ ok: true });
    for (let failure = 0; failure < 4; failure++) {
      expect(await flow.complete(flow.wrongCode(), { challenge })).toMatchObject({ reason: 'mismatch' });
    }
    expect(await flow.complete(flow.wrongCode(), { challenge })).toMatchObject({ reason: 'locked' });
  });

  it('keeps customers apart', async () => {
    const { flow, recovery } = await setUpWithApp();
    const other = flow.customer('12346');
    const challenge = await flow.challenge();
    expect(await other.complete(flow.appCode(), { challenge })).toEqual(unknown);
    expect(await other.complete(recovery[0], { challenge })).toEqual(unknown);
    const mailed = await other.mail();
    expect(await flow.complete(mailed.code, { challenge: mailed.challenge })).toEqual(unknown);
    expect(await flow.customer('12347').complete(mailed.code, { challenge: mailed.challenge })).toEqual(
      unknown,
    );
    expect(await other.complete(mailed.code, { challenge: mailed.challenge })).toMatchObject({
      ok: true,
      userId: '12346',
    });
  });

  it('fault 18: takes another spelling of a customer for another account', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.customer('ann').mail();
    for (const id of ['Ann', 'ann ', ' ann', 'ａｎｎ', 'ann\u0000', 'an\u0301n']) {
      expect(await flow.customer(id).complete(code, { challenge })).toEqual(unknown);
      expect(await flow.twoFactor.status(id)).toMatchObject({ mailLimitedUntil: null, browsers: [] });
    }
    expect(await flow.customer('ann').complete(code, { challenge })).toMatchObject({ ok: true });
  });

  it('evaluates nothing that cannot be a code, and takes seven digits for none of six', async () => {
    const { flow } = await setUpWithApp();
    const mailed = setUp();
    for (const code of ['12345', '1234567', '12345678', '123456789', 'ABCDE', '', null]) {
      expect(await flow.logIn(code)).toEqual({ ok: false, reason: 'malformed' });
      expect(await mailed.logIn(code)).toEqual({ ok: false, reason: 'malformed' });
    }
    expect(flow.events.filter((event) => 'failures' in event)).toEqual([]);
  });
});

describe('a purpose', () => {
  it('is named by begin and complete, and a challenge for one is nothing to another', async () => {
    const { flow, recovery } = await setUpWithApp();
    const challenge = await flow.challenge({ purpose: 'delete-account' });
    expect(await flow.complete(flow.appCode(), { challenge })).toEqual(unknown);
    expect(await flow.complete(recovery[0], { challenge, purpose: 'other' })).toEqual(unknown);
    const done = await flow.complete(flow.appCode(), { challenge, purpose: 'delete-account' });
    expect(done).toMatchObject({ ok: true, purpose: 'delete-account' });
  });

  it('is what a mailed code counts for, and for nothing else', async () => {
    const flow = setUp();
    const login = await flow.challenge();
    flow.clock.advance(MINUTE);
    const stepUp = await flow.mail({ purpose: 'new-address' });
    expect(flow.mails).toHaveLength(2);
    expect(flow.mails[1]?.code).not.toBe(flow.mails[0]?.code);
    expect(await flow.complete(stepUp.code, { challenge: login })).toMatchObject({ ok: false });
    expect(
      await flow.complete(stepUp.code, { challenge: stepUp.challenge, purpose: 'new-address' }),
    ).toMatchObject({
      ok: true,
      purpose: 'new-address',
    });
  });

  it('is written into the mail, the events and the result', async () => {
    const flow = setUp();
    await flow.logInByMail({ purpose: 'new-address' });
    expect(flow.mails).toMatchObject([{ purpose: 'new-address' }]);
    expect(flow.events).toMatchObject([
      { type: 'issued', purpose: 'new-address' },
      { type: 'sent' },
      { type: 'redeemed', purpose: 'new-address', method: 'email' },
    ]);
  });
});

describe('expect: authenticator', () => {
  const expectApp = { expect: 'authenticator' } as const;

  it('is lost where there is no app and no mark that the customer took it away', async () => {
    for (const fallback of ['email', 'none'] as const) {
      const flow = setUp({ fallback });
      expect(await flow.begin(expectApp)).toEqual({ ok: false, reason: 'lost' });
    }
  });

  it('is lost after the record was evicted, and the factor is never a weaker one', async () => {
    const { flow } = await setUpWithApp();
    expect(await flow.begin(expectApp)).toMatchObject({ ok: true, method: 'authenticator' });
    const evicted = setUp();
    expect(await evicted.begin(expectApp)).toEqual({ ok: false, reason: 'lost' });
    expect(evicted.mails).toEqual([]);
    expect(evicted.story).toEqual(['rejected']);
  });

  it('is lost also where a mail was asked for in the meantime', async () => {
    const flow = setUp();
    await flow.logInByMail();
    expect(await flow.begin(expectApp)).toEqual({ ok: false, reason: 'lost' });
  });

  it('is the fallback for a customer who took the app away, however long ago', async () => {
    const { flow } = await setUpWithApp();
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    flow.clock.advance(1000 * 24 * 60 * MINUTE);
    expect(await flow.begin(expectApp)).toMatchObject({ ok: true, method: 'email' });
  });

  it('is not looked at for a null address, which looks like mail always', async () => {
    const flow = setUp();
    expect(await flow.begin({ ...expectApp, email: null })).toMatchObject({ ok: true, method: 'email' });
  });
});
