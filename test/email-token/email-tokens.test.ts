import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createEmailTokens } from '../../src/email-token/email-tokens.js';
import type { EmailTokenEvent } from '../../src/email-token/events.js';
import { looserThanRecommended } from '../../src/email-token/policy.js';
import type { EmailTokensOptions, OutgoingMail } from '../../src/email-token/settings.js';
import { memoryStore } from '../../src/store/memory-store.js';

const key = new Uint8Array(32).fill(7);
const login = { subject: '12345', purpose: 'login' };

function setUp(options: Partial<EmailTokensOptions> = {}) {
  const mails: OutgoingMail[] = [];
  const events: EmailTokenEvent[] = [];
  const clock = { time: Date.UTC(2026, 0, 1) };
  const tokens = createEmailTokens({
    store: memoryStore({ now: () => clock.time }),
    keys: [key],
    send: (mail) => Promise.resolve(mails.push(mail)),
    onEvent: (event) => events.push(event),
    now: () => clock.time,
    ...options,
  });
  const issue = async (to: string | null = 'customer@example.com') => {
    const result = await tokens.issue({ ...login, to });
    if (!result.ok) throw new Error(`refused: ${result.reason}`);
    return { ...result, code: mails.at(-1)?.code ?? '' };
  };
  return { tokens, mails, events, clock, issue };
}

const wrongCode = (code: string): string => (code === '000000' ? '000001' : '000000');

describe('createEmailTokens', () => {
  it('mails a code that logs in once', async () => {
    const { tokens, mails, issue } = setUp();
    const { challenge, code, expiresAt, resendAt } = await issue();
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      to: 'customer@example.com',
      subject: '12345',
      purpose: 'login',
      expiresAt,
    });
    expect(mails[0]?.message.text).toContain(code);
    expect(code).toMatch(/^\d{6}$/);
    expect(resendAt.getTime()).toBe(Date.UTC(2026, 0, 1, 0, 1));
    const guess = { ...login, challenge, code };
    expect(await tokens.redeem(guess)).toEqual({ ok: true, ...login, to: 'customer@example.com' });
    expect(await tokens.redeem(guess)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('takes the code as people paste it', async () => {
    const { tokens, issue } = setUp();
    const { challenge, code } = await issue();
    const pasted = ` ${code.slice(0, 3)} ${code.slice(3)}\n`;
    expect(await tokens.redeem({ ...login, challenge, code: pasted })).toMatchObject({ ok: true });
  });

  it('ties a token to subject, purpose and challenge', async () => {
    const { tokens, issue } = setUp();
    const { challenge, code } = await issue();
    for (const other of [
      { subject: '12346' },
      { purpose: 'delete' },
      { challenge: `${challenge}x` },
      { challenge: undefined },
    ]) {
      expect(await tokens.redeem({ ...login, challenge, code, ...other })).toEqual({
        ok: false,
        reason: 'unknown',
      });
    }
    expect(await tokens.redeem({ ...login, challenge, code })).toMatchObject({ ok: true });
  });

  it('counts down wrong guesses, and costs nothing for what cannot be a code', async () => {
    const { tokens, issue } = setUp();
    const { challenge, code } = await issue();
    for (const slip of ['', '12345', '1234567', 'abcdef', null, 123456]) {
      expect(await tokens.redeem({ ...login, challenge, code: slip })).toEqual({
        ok: false,
        reason: 'malformed',
      });
    }
    const guess = { ...login, challenge, code: wrongCode(code) };
    expect(await tokens.redeem(guess)).toEqual({ ok: false, reason: 'mismatch', attemptsLeft: 4 });
    expect(await tokens.redeem({ ...guess, code })).toMatchObject({ ok: true });
  });

  it('answers an unknown customer like a known one, and sends nothing', async () => {
    const known = setUp();
    const unknown = setUp();
    const a = await known.issue();
    const b = await unknown.issue(null);
    expect(Object.keys(b)).toEqual(Object.keys(a));
    expect(b.expiresAt).toEqual(a.expiresAt);
    expect(unknown.mails).toEqual([]);
    const answers = [a, b].map(({ challenge }, i) =>
      (i === 0 ? known : unknown).tokens.redeem({ ...login, challenge, code: wrongCode(a.code) }),
    );
    const [answerToKnown, answerToUnknown] = await Promise.all(answers);
    expect(answerToUnknown).toEqual(answerToKnown);
  });

  it('takes back a token whose mail was not accepted, and says so', async () => {
    let isDown = true;
    const cause = new Error('451 try later');
    const { tokens, events } = setUp({ send: () => (isDown ? Promise.reject(cause) : Promise.resolve()) });
    const request = { ...login, to: 'customer@example.com' };
    await expect(tokens.issue(request)).rejects.toMatchObject({ code: 'ERR_SEND_FAILED', cause });
    isDown = false;
    expect(await tokens.issue(request)).toMatchObject({ ok: true });
    expect(events.map(({ type }) => type)).toEqual(['issued', 'send_failed', 'issued', 'sent']);
  });

  it('treats a send that throws at once like one that rejects', async () => {
    const { tokens } = setUp({
      send: () => {
        throw new Error('no connection');
      },
    });
    const request = { ...login, to: 'customer@example.com' };
    await expect(tokens.issue(request)).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
  });

  it('reads with all keys and writes with the first', async () => {
    const store = memoryStore();
    const old = setUp({ store, keys: [key], now: Date.now });
    const { challenge, code } = await old.issue();
    const fresh = new Uint8Array(32).fill(8);
    const guess = { ...login, challenge, code };
    const withoutOld = setUp({ store, keys: fresh, now: Date.now });
    expect(await withoutOld.tokens.redeem(guess)).toMatchObject({ ok: false, reason: 'mismatch' });
    const rotated = setUp({ store, keys: [fresh, key], now: Date.now });
    expect(await rotated.tokens.redeem(guess)).toMatchObject({ ok: true });
  });

  it('tells an observer all that happens, and never a code', async () => {
    const { tokens, events, clock, issue } = setUp();
    const first = await issue();
    await tokens.issue({ ...login, to: 'customer@example.com' });
    await tokens.redeem({ ...login, challenge: first.challenge, code: wrongCode(first.code) });
    await tokens.redeem({ ...login, challenge: first.challenge, code: first.code });
    clock.time += 60_000;
    const second = await issue();
    await tokens.revoke(login);
    await tokens.revoke(login);
    await tokens.unlock(login);
    expect(events.map(({ type }) => type)).toEqual([
      ...['issued', 'sent', 'rejected', 'rejected', 'redeemed'],
      ...['issued', 'sent', 'revoked', 'unlocked'],
    ]);
    expect(events[3]).toMatchObject({ action: 'redeem', reason: 'mismatch', failures: 1 });
    const printed = inspect(events, { depth: null }).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
    expect(printed).not.toContain(first.code);
    expect(printed).not.toContain(second.code);
  });

  it('locks after too many failures until an operator unlocks', async () => {
    const limits = { maxFailures: 3 };
    const { tokens, events, issue } = setUp({ limits });
    const { challenge, code } = await issue();
    const guess = { ...login, challenge, code: wrongCode(code) };
    await tokens.redeem(guess);
    await tokens.redeem(guess);
    expect(await tokens.redeem(guess)).toMatchObject({
      reason: 'mismatch',
      attemptsLeft: 2,
      retryAt: expect.any(Date) as unknown,
    });
    expect(events.at(-1)?.type).toBe('locked');
    expect(await tokens.redeem({ ...guess, code })).toMatchObject({ reason: 'locked' });
    expect(await tokens.issue({ ...login, to: 'customer@example.com' })).toMatchObject({ reason: 'locked' });
    await tokens.unlock(login);
    expect(await tokens.redeem({ ...guess, code })).toMatchObject({ ok: true });
  });
});

describe('createEmailTokens, misused', () => {
  const create = (options: object): unknown => setUp(options);
  it.each<[string, object, string]>([
    ['no store', { store: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['a store without write', { store: { read: () => undefined } }, 'ERR_INVALID_ARGUMENT'],
    ['no keys', { keys: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['an empty list of keys', { keys: [] }, 'ERR_INVALID_ARGUMENT'],
    ['a short key', { keys: [new Uint8Array(31)] }, 'ERR_OUT_OF_RANGE'],
    ['a key that is no base64url', { keys: ['not a key!'] }, 'ERR_INVALID_ARGUMENT'],
    ['a key of impossible length', { keys: ['AAAAA'] }, 'ERR_INVALID_ARGUMENT'],
    ['no send', { send: undefined }, 'ERR_INVALID_ARGUMENT'],
    ['four digits', { digits: 4 }, 'ERR_OUT_OF_RANGE'],
    ['a life of a second', { ttlSeconds: 1 }, 'ERR_OUT_OF_RANGE'],
    ['a life without end', { ttlSeconds: Infinity }, 'ERR_OUT_OF_RANGE'],
    ['attempts without end', { maxAttempts: Infinity }, 'ERR_OUT_OF_RANGE'],
    ['no attempts', { maxAttempts: 0 }, 'ERR_OUT_OF_RANGE'],
    ['a misspelt option', { maxAttemps: 3 }, 'ERR_UNKNOWN_OPTION'],
    ['a misspelt limit', { limits: { maxFailure: 3 } }, 'ERR_UNKNOWN_OPTION'],
    ['a looser limit without its name', { limits: { maxFailures: 51 } }, 'ERR_OUT_OF_RANGE'],
    ['a shorter window without its name', { limits: { failureWindowSeconds: 86_400 } }, 'ERR_OUT_OF_RANGE'],
    [
      'a limit beyond what NIST allows',
      { limits: looserThanRecommended({ maxFailures: 101 }) },
      'ERR_OUT_OF_RANGE',
    ],
    ['a clock that is a number', { now: 5 }, 'ERR_INVALID_ARGUMENT'],
  ])('refuses %s', (_, options, code) => {
    expect(() => create(options)).toThrow(expect.objectContaining({ code }));
  });

  it('takes tighter limits as they are, and looser ones by name', () => {
    expect(() => create({ limits: { maxFailures: 10, sendsPerDay: 3 } })).not.toThrow();
    expect(() => create({ limits: looserThanRecommended({ maxFailures: 100 }) })).not.toThrow();
  });

  it.each<[string, object]>([
    ['no address at all', { to: undefined }],
    ['an address with a line feed', { to: 'a@example.com\nBcc: b@example.com' }],
    ['an address without an at sign', { to: 'example.com' }],
    ['two addresses', { to: 'a@example.com,b@example.com' }],
    ['an address that hides another', { to: '<b@example.com>a@example.com' }],
    ['no subject', { subject: '' }],
    ['a subject that is a number', { subject: 12345 }],
    ['no purpose', { purpose: undefined }],
    ['a misspelt field', { lang: 'de' }],
  ])('rejects a request with %s', async (_, part) => {
    const { tokens, mails } = setUp();
    const request = { ...login, to: 'a@example.com', ...part };
    await expect(tokens.issue(request)).rejects.toMatchObject({ name: 'CountersignError' });
    expect(mails).toEqual([]);
  });
});
