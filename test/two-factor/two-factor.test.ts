import { describe, expect, it } from 'vitest';
import { parseOtpauthUri } from '../../src/otp/parse-otpauth-uri.js';
import { createTwoFactor } from '../../src/two-factor/two-factor.js';
import { nameOf, noCodes } from '../support/wrong-values.js';
import { email, setUp, STEP, userId } from './flow.js';

const MINUTE = 60_000;

describe('createTwoFactor', () => {
  it('logs in by mail until an app is active', async () => {
    const flow = setUp();
    const begun = await flow.twoFactor.begin({ userId, email, locale: 'de' });
    const [mail] = flow.around.mailbox.mails;
    expect(begun).toMatchObject({
      ok: true,
      method: 'email',
      sentTo: 'c***@e***',
      expiresAt: mail?.expiresAt,
    });
    expect(mail).toMatchObject({ to: email, subject: userId, purpose: 'login' });
    expect(mail?.message.subject).toContain('Example Hosting');
    const challenge = begun.ok && begun.method === 'email' ? begun.challenge : '';
    expect(await flow.complete(mail?.code, challenge)).toEqual({ ok: true, userId, method: 'email' });
    expect(await flow.complete(mail?.code, challenge)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('logs in by the app once one is active, and sends no mail', async () => {
    const flow = setUp();
    await flow.activate();
    expect(await flow.twoFactor.begin({ userId, email })).toEqual({ ok: true, method: 'authenticator' });
    const typed = `${flow.appCode().slice(0, 3)} ${flow.appCode().slice(3)}`;
    expect(await flow.complete(typed)).toEqual({ ok: true, userId, method: 'authenticator' });
    expect(flow.around.mailbox.mails).toEqual([]);
  });

  it('hands out a secret that an app can read, for ten minutes', async () => {
    const flow = setUp();
    const begun = await flow.twoFactor.beginActivation({ userId, account: 'customer 12345' });
    if (!begun.ok) throw new Error(begun.reason);
    expect(parseOtpauthUri(begun.uri)).toMatchObject({
      issuer: 'Example Hosting',
      account: 'customer 12345',
    });
    expect(parseOtpauthUri(begun.uri).secret.toBase32()).toBe(begun.secret.toBase32());
    expect(begun.expiresAt.getTime()).toBe(flow.around.clock.now() + 10 * MINUTE);
    flow.secret = begun.secret;
    flow.around.clock.advance(10 * MINUTE);
    const late = await flow.twoFactor.confirmActivation({ userId, code: flow.appCode() });
    expect(late).toMatchObject({ ok: false, reason: expect.stringMatching(/expired|unknown/) as unknown });
  });

  it('makes a fresh secret each time, and confirms the newest only', async () => {
    const flow = setUp();
    const first = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (first.ok) flow.secret = first.secret;
    const stale = flow.appCode();
    const second = await flow.twoFactor.beginActivation({ userId, account: userId });
    expect(await flow.twoFactor.confirmActivation({ userId, code: stale })).toMatchObject({
      reason: 'mismatch',
    });
    if (second.ok) flow.secret = second.secret;
    const code = flow.appCode();
    expect(await flow.twoFactor.confirmActivation({ userId, code })).toMatchObject({ ok: true });
  });

  it('tells a customer’s factor', async () => {
    const flow = setUp();
    const nothing = { recoveryCodesLeft: 0, activatedAt: null, lockedUntil: null };
    expect(await flow.twoFactor.status(userId)).toEqual({ method: 'email', ...nothing });
    const activatedAt = new Date(flow.around.clock.now());
    await flow.activate();
    const active = { method: 'authenticator', recoveryCodesLeft: 10, activatedAt, lockedUntil: null };
    expect(await flow.twoFactor.status(userId)).toEqual(active);
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    expect(await flow.twoFactor.status(userId)).toEqual({ method: 'email', ...nothing });
  });

  it('needs no mail at all without a fallback', async () => {
    const flow = setUp({ fallback: 'none', send: undefined });
    expect(await flow.twoFactor.begin({ userId, email: null })).toEqual({ ok: true, method: 'none' });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ method: 'none' });
    await flow.activate();
    expect(await flow.twoFactor.begin({ userId, email: null })).toEqual({
      ok: true,
      method: 'authenticator',
    });
    expect(await flow.complete(flow.appCode())).toMatchObject({ ok: true });
  });

  it('follows the clock of a phone that runs slow, and looks around its own clock too', async () => {
    const flow = setUp();
    await flow.activate();
    flow.around.clock.advance(5 * STEP);
    for (const [steps, ok] of [
      [-1, true],
      [-2, true],
      [-4, false],
      [-3, true],
      [-5, false],
      [-1, true],
    ] as const) {
      expect(await flow.complete(flow.appCode(steps))).toMatchObject({ ok });
      flow.around.clock.advance(5 * STEP);
    }
  });

  it('takes recovery codes once each, in any case and grouping', async () => {
    const flow = setUp();
    const [first = '', second = ''] = await flow.activate();
    expect(first).toMatch(/^([3-9A-Y]{5}-){2}[3-9A-Y]{5}$/);
    const typed = ` ${first.toLowerCase().replaceAll('-', ' ')}\n`;
    expect(await flow.complete(typed)).toEqual({ ok: true, userId, method: 'recovery' });
    expect(await flow.complete(first)).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await flow.complete(second.replaceAll('-', ''))).toMatchObject({ ok: true });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 8 });
  });

  it('renews recovery codes against a code of the app, and not against one of them', async () => {
    const flow = setUp();
    const [old] = await flow.activate();
    const { twoFactor } = flow;
    expect(await twoFactor.renewRecoveryCodes({ userId, code: old })).toEqual({
      ok: false,
      reason: 'malformed',
    });
    const renewed = await twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() });
    expect(renewed).toMatchObject({ ok: true });
    expect(await flow.complete(old)).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await flow.complete(renewed.ok && renewed.recoveryCodes[9])).toMatchObject({ ok: true });
  });

  it('locks every factor after too many failures, until an operator unlocks', async () => {
    const flow = setUp({ limits: { maxFailures: 3 } });
    const [recovery] = await flow.activate();
    for (let i = 0; i < 3; i++) await flow.complete(flow.wrongCode());
    const locked = { ok: false, reason: 'locked', retryAt: expect.any(Date) as unknown };
    expect(await flow.complete(flow.appCode())).toEqual(locked);
    expect(await flow.complete(recovery)).toEqual(locked);
    expect(await flow.twoFactor.begin({ userId, email })).toEqual(locked);
    expect((await flow.twoFactor.status(userId)).lockedUntil).toBeInstanceOf(Date);
    await flow.twoFactor.unlock(userId);
    expect(await flow.complete(flow.appCode())).toMatchObject({ ok: true });
  });

  it('erases everything, also what it cannot read', async () => {
    const flow = setUp();
    const [recovery] = await flow.activate();
    const stranger = flow.with({ keys: new Uint8Array(32).fill(9) });
    await expect(stranger.complete(flow.appCode())).rejects.toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
    await stranger.twoFactor.erase(userId);
    expect(await flow.twoFactor.status(userId)).toMatchObject({ method: 'email', recoveryCodesLeft: 0 });
    expect(await flow.complete(recovery)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('takes back a mail that was not accepted, or that could not be written', async () => {
    const flow = setUp();
    flow.around.mailbox.refuseNext();
    await expect(flow.mail()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    const broken = flow.with({
      render: () => {
        throw new Error('no template');
      },
    });
    await expect(broken.mail()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    const { challenge, code } = await flow.mail();
    expect(await flow.complete(code, challenge)).toMatchObject({ ok: true });
    const types = flow.around.events.map(({ type }) => type);
    expect(types).toEqual(['issued', 'send_failed', 'issued', 'send_failed', 'issued', 'sent', 'redeemed']);
  });

  it('keeps customers apart', async () => {
    const flow = setUp();
    const [recovery] = await flow.activate();
    const other = { userId: '12346' };
    expect(await flow.twoFactor.complete({ ...other, code: recovery })).toMatchObject({ reason: 'unknown' });
    const { challenge, code } = await flow
      .with({})
      .twoFactor.begin({ ...other, email })
      .then((begun) => {
        if (!begun.ok || begun.method !== 'email') throw new Error('no mail');
        return { challenge: begun.challenge, code: flow.around.mailbox.mails.at(-1)?.code };
      });
    expect(await flow.twoFactor.complete({ userId: '12347', challenge, code })).toMatchObject({ ok: false });
    expect(await flow.twoFactor.complete({ ...other, challenge, code })).toMatchObject({ ok: true });
  });
});

describe('a typed code of any kind', () => {
  it.each(noCodes.map((value) => [nameOf(value), value] as const))('is refused: %s', async (_, code) => {
    const mailed = setUp();
    const { challenge } = await mailed.mail();
    const active = setUp();
    await active.activate();
    const refused = { ok: false, reason: 'malformed' };
    expect(await mailed.complete(code, challenge)).toEqual(refused);
    expect(await active.complete(code)).toEqual(refused);
    expect(await mailed.twoFactor.confirmActivation({ userId, code })).toEqual(refused);
    expect(await active.twoFactor.deactivate({ userId, code })).toEqual(refused);
    expect(await active.twoFactor.renewRecoveryCodes({ userId, code })).toEqual(refused);
  });

  it.each(noCodes.map((value) => [nameOf(value), value] as const))(
    'finds no token with a challenge that is %s',
    async (_, challenge) => {
      const flow = setUp();
      const { code } = await flow.mail();
      expect(await flow.complete(code, challenge)).toEqual({ ok: false, reason: 'unknown' });
    },
  );

  it('is no recovery code with one letter more, less, or outside the alphabet', async () => {
    const flow = setUp();
    const [code = ''] = await flow.activate();
    for (const typed of [`${code}A`, code.slice(1), `${code.slice(0, -1)}0`, `${code}${' '.repeat(100)}`]) {
      expect(await flow.complete(typed)).toEqual({ ok: false, reason: 'malformed' });
    }
  });
});

describe('createTwoFactor, misused', () => {
  it.each<[string, object, string]>([
    ['no store', { store: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['no keys', { keys: [] }, 'ERR_INVALID_ARGUMENT'],
    ['a short key', { keys: new Uint8Array(16) }, 'ERR_OUT_OF_RANGE'],
    ['no issuer', { issuer: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['an issuer with a colon', { issuer: 'a:b' }, 'ERR_INVALID_ARGUMENT'],
    ['no send, with mail as the fallback', { send: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['a send that is no function', { send: 'smtp', fallback: 'none' }, 'ERR_INVALID_ARGUMENT'],
    ['another fallback', { fallback: 'sms' }, 'ERR_INVALID_ARGUMENT'],
    ['a window that is a number', { window: 1 }, 'ERR_INVALID_ARGUMENT'],
    ['a window of an hour', { window: { past: 120, future: 0 } }, 'ERR_OUT_OF_RANGE'],
    ['an observer that is no function', { onEvent: 'log' }, 'ERR_INVALID_ARGUMENT'],
    ['attempts without end', { maxAttempts: Infinity }, 'ERR_OUT_OF_RANGE'],
    ['a misspelt option', { fallbak: 'none' }, 'ERR_UNKNOWN_OPTION'],
    ['an option of the tokens alone', { digits: 8 }, 'ERR_UNKNOWN_OPTION'],
  ])('refuses %s', (_, options, code) => {
    const all = { ...setUp().options, ...options };
    expect(() => createTwoFactor(all)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, object]>([
    ['no user', { userId: '' }],
    ['a user that is a number', { userId: 12345 }],
    ['a user of 513 characters', { userId: 'x'.repeat(513) }],
    ['no address at all', { email: undefined }],
    ['two addresses', { email: 'a@example.com,b@example.com' }],
    ['a misspelt field', { lang: 'de' }],
  ])('rejects a request with %s', async (_, part) => {
    const flow = setUp();
    const request = { userId, email, ...part };
    await expect(flow.twoFactor.begin(request)).rejects.toMatchObject({ name: 'CountersignError' });
    expect(flow.around.mailbox.mails).toEqual([]);
  });

  it('rejects an account that an app cannot show, and changes nothing', async () => {
    const { twoFactor } = setUp();
    const request = { userId, account: 'a:b' };
    await expect(twoFactor.beginActivation(request)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    expect(await twoFactor.confirmActivation({ userId, code: '000000' })).toMatchObject({
      reason: 'unknown',
    });
  });

  it('rejects a user that is no text in every call', async () => {
    const { twoFactor } = setUp();
    const wrong = 12345 as unknown as string;
    const calls = [twoFactor.status(wrong), twoFactor.unlock(wrong), twoFactor.erase(wrong)];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  });
});
