import { describe, expect, it } from 'vitest';
import type { EmailTokenEvent, TokenTarget } from '../../src/email-token/contract.js';
import { createEmailTokens } from '../../src/email-token/email-tokens.js';
import { looserThanRecommended } from '../../src/email-token/policy.js';
import type { EmailTokensOptions } from '../../src/email-token/settings.js';
import { retired } from '../../src/internal/keys.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { formatEnvelope, recordKey } from '../../src/store/record.js';
import { createTwoFactor } from '../../src/two-factor/two-factor.js';
import {
  address,
  DAY,
  key,
  login,
  MINUTE,
  otherKey,
  rejection,
  START,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';

const loose = looserThanRecommended({});

describe('issue and redeem', () => {
  it('mail a code that is accepted once', async () => {
    const { ask, redeem, mails, login: target } = tokenHarness();
    const granted = await ask();
    expect(granted).toEqual({
      ...{ ok: true, challenge: expect.stringMatching(/^[\w-]{1,200}$/) as string, sent: true },
      ...{
        expiresAt: new Date(START + 15 * MINUTE),
        resendAt: new Date(START + MINUTE),
        code: mails[0]?.code,
      },
    });
    expect(await redeem(granted)).toEqual({ ok: true, ...target, to: address });
    expect(await redeem(granted)).toEqual({ ok: false, reason: 'replayed' });
  });

  it('take the code as people paste it', async () => {
    const { ask, answer } = tokenHarness();
    const granted = await ask();
    expect(await answer(granted, ` ${granted.code.slice(0, 3)} ${granted.code.slice(3)}\n`)).toBe('ok');
  });

  it('tie a token to its subject and its purpose', async () => {
    const { ask, tokens, answer } = tokenHarness();
    const granted = await ask();
    const { challenge, code } = granted;
    for (const other of [{ subject: 'customer-12346' }, { purpose: 'delete-account' }])
      expect(await tokens.redeem({ ...login, ...other, challenge, code })).toEqual({
        ok: false,
        reason: 'unknown',
      });
    expect(await answer(granted)).toBe('ok');
  });

  it('keep what cannot be a code from costing anything, with or without a ticket', async () => {
    const { ask, answer, store } = tokenHarness();
    const granted = await ask();
    store.verbs();
    for (const slip of ['', '12345', '1234567', 'abcdef', null, 123456]) {
      expect(await answer(granted, slip)).toBe('malformed');
      expect(await answer({ ...granted, challenge: 'none' }, slip)).toBe('malformed');
    }
    expect(store.verbs()).toEqual([]);
    expect(await answer(granted)).toBe('ok');
  });

  it('need a ticket that issue gave: a code alone is worth nothing', async () => {
    const { ask, tokens, events } = tokenHarness();
    const { code } = await ask();
    for (const challenge of [undefined, null, '', 'made up', 'A'.repeat(51)])
      expect(await tokens.redeem({ ...login, challenge, code })).toEqual({ ok: false, reason: 'unknown' });
    expect(events.filter(({ type }) => type === 'redeemed')).toEqual([]);
  });

  it('say that a ticket has expired after ttlSeconds, while its token is alive', async () => {
    const { ask, answer, clock } = tokenHarness({ limits: loose, resendAfterSeconds: 0 });
    const first = await ask();
    clock.advance(9 * MINUTE);
    const joined = await ask();
    clock.advance(4 * MINUTE);
    const fresh = await ask();
    clock.advance(3 * MINUTE);
    expect(await answer(first, fresh.code)).toBe('expired');
    expect(await answer(joined, fresh.code)).toBe('ok');
  });

  it('give the challenge of a join the same rights: any open login takes the newest mail', async () => {
    const { ask, answer, clock, mails } = tokenHarness();
    const granted = [await ask(), await ask(), await ask()];
    clock.advance(MINUTE);
    granted.push(await ask());
    expect(granted.map(({ sent }) => sent)).toEqual([true, false, false, true]);
    expect(new Set(mails.map(({ code }) => code)).size).toBe(1);
    expect(new Set(granted.map(({ challenge }) => challenge)).size).toBe(4);
    const [, second] = granted;
    if (second === undefined) throw new Error('there are four');
    expect(await answer(second)).toBe('ok');
    expect(await Promise.all(granted.map((each) => answer(each)))).toEqual([
      'replayed',
      'replayed',
      'replayed',
      'replayed',
    ]);
  });

  it('leave a ticket good after a success: it says that the password was right, and the next use needs the next code', async () => {
    const { ask, answer } = tokenHarness();
    const first = await ask();
    expect(await answer(first)).toBe('ok');
    const { code } = await ask();
    expect(await answer(first, code)).toBe('ok');
  });

  it('say which address was proved, after a change of the address too', async () => {
    const { ask, redeem, clock } = tokenHarness();
    await ask({ to: 'old@example.com' });
    clock.advance(MINUTE);
    expect(await redeem(await ask({ to: 'new@example.com' }))).toMatchObject({
      ok: true,
      to: 'new@example.com',
    });
  });
});

describe('the numbers of what-fell-short.md', () => {
  it('1: a double click, a second tab, another device or a closed browser gets in with the newest mail', async () => {
    const { ask, answer, clock } = tokenHarness();
    const [click, doubleClick] = await Promise.all([ask(), ask()]);
    clock.advance(30_000);
    const phone = await ask();
    expect([click, doubleClick, phone].filter(({ sent }) => sent)).toHaveLength(1);
    expect(await answer(phone, click.code)).toBe('ok');
  });

  it('3: after a resend the code of the first mail is as good as that of the second', async () => {
    const { ask, answer, clock } = tokenHarness();
    const first = await ask();
    clock.advance(MINUTE);
    const second = await ask();
    expect(second.code).toBe(first.code);
    expect(await answer(second, first.code)).toBe('ok');
  });

  it('3: a code that a newer one has replaced is superseded and not counted', async () => {
    const { ask, redeem, answer, clock } = tokenHarness();
    const first = await ask();
    clock.advance(12 * MINUTE);
    const second = await ask();
    expect(await redeem(second, first.code)).toEqual({ ok: false, reason: 'superseded' });
    expect(await redeem(second, wrongCode(second.code))).toMatchObject({ attemptsLeft: 4 });
    expect(await answer(second)).toBe('ok');
  });

  it('10: unlock lifts the limit of mails', async () => {
    const { ask, tokens, clock } = tokenHarness({ limits: { sendsPerHour: 1 } });
    await ask();
    clock.advance(15 * MINUTE);
    await ask();
    expect(await tokens.issue({ ...login, to: 'other@example.com' })).toMatchObject({ reason: 'limit' });
    await tokens.unlock(login);
    expect(await tokens.issue({ ...login, to: 'other@example.com' })).toMatchObject({ ok: true, sent: true });
  });

  it('11: a code that was mailed to the old address does not prove the new one', async () => {
    const { ask, redeem, tokens } = tokenHarness();
    const old = await ask({ to: 'old@example.com' });
    expect(await redeem(old)).toMatchObject({ to: 'old@example.com' });
    const older = await ask({ to: 'old@example.com' });
    await tokens.revoke(login);
    expect(await redeem(older)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('15: a stranger with the password, who asks and guesses all day, does not keep the owner out', async () => {
    const { ask, answer, tokens, clock, mails } = tokenHarness();
    const answers: string[] = [];
    for (let minute = 0; minute < 24 * 60; minute += 5) {
      clock.set(START + minute * MINUTE);
      const issued = await tokens.issue({ ...login, to: address });
      for (let guess = 0; guess < 5 && issued.ok; guess++)
        await tokens.redeem({ ...login, challenge: issued.challenge, code: `00000${guess}` });
      // The owner comes after six hours, and takes the mail that the page speaks of: a long or a short one.
      const own = minute > 360 ? await ask().catch(() => null) : null;
      const mail = [...mails].reverse().find(({ long = false }) => long === (own?.long ?? false));
      if (own !== null) answers.push(await answer(own, mail?.code));
    }
    expect(answers[0]).toBe('ok');
  });

  it('26: after a clock that was a year ahead for one call, the next one is as good as any', async () => {
    const { ask, answer, tokens, clock } = tokenHarness();
    clock.set(START + 365 * DAY);
    await tokens.issue({ ...login, to: 'other@example.com' });
    clock.set(START + DAY);
    expect(await tokens.issue({ ...login, to: address })).toEqual({
      ...{ ok: false, reason: 'cooldown', retryAt: new Date(START + DAY + MINUTE) },
    });
    clock.advance(MINUTE);
    expect(await answer(await ask())).toBe('ok');
  });

  it('26: a clock in seconds is refused, and fractions of a millisecond reach no store', async () => {
    const seconds = tokenHarness({ now: () => Date.now() / 1000, store: memoryStore() });
    expect(await rejection(seconds.ask())).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    const { ask, answer, store } = tokenHarness({ now: () => START + 0.7 });
    expect(await answer(await ask())).toBe('ok');
    for (const { next } of store.calls) expect(next?.value ?? '').not.toMatch(/\.\d/);
  });
});

describe('revoke, unlock and erase', () => {
  it('revoke ends the token and voids every challenge, and none later than it', async () => {
    const { ask, answer, tokens, clock } = tokenHarness();
    const before = [await ask(), await ask()];
    clock.advance(MINUTE);
    await tokens.revoke(login);
    for (const granted of before) expect(await answer(granted)).toBe('unknown');
    const after = await ask();
    expect(await answer(after, before[0]?.code)).toBe('superseded');
    for (const granted of before) expect(await answer(granted, after.code)).toBe('unknown');
    expect(await answer(after)).toBe('ok');
  });

  it('revoke leaves the failures and the quotas as they are', async () => {
    const { ask, answer, tokens, state } = tokenHarness();
    const granted = await ask();
    await answer(granted, wrongCode(granted.code));
    await tokens.revoke(login);
    expect(await state()).toMatchObject({ failures: { at: [START] }, sentAt: [START], token: null });
  });

  it('unlock forgets failures and quotas, and leaves the token', async () => {
    const { ask, answer, tokens, events } = tokenHarness({ limits: { maxFailures: 1 } });
    const granted = await ask();
    await answer(granted, wrongCode(granted.code));
    expect(await answer(granted)).toBe('locked');
    await tokens.unlock(login);
    await tokens.unlock(login);
    expect(await answer(granted)).toBe('ok');
    expect(events.filter(({ type }) => type === 'unlocked')).toHaveLength(1);
  });

  it('erase leaves nothing but the instant before which challenges are void', async () => {
    const { ask, answer, tokens, state, record, clock } = tokenHarness();
    const granted = await ask();
    await answer(granted, wrongCode(granted.code));
    await tokens.erase(login);
    expect(await state()).toEqual({
      ...{ token: null, sending: null, long: null, longSentAt: null, past: [], sentAt: [] },
      ...{ failures: { at: [], inARow: 0 }, voidBefore: START + 1 },
    });
    expect((await record())?.value).not.toContain(address);
    const fresh = await ask();
    expect(await answer(granted, fresh.code)).toBe('unknown');
    expect(await answer(fresh)).toBe('ok');
    await tokens.erase(login);
    clock.advance(15 * MINUTE + 2);
    expect(await record()).toBeUndefined();
  });

  it.each([
    ['no envelope', 'anything'],
    ['no JSON', formatEnvelope({ value: '{', expiresAt: null, lineage: [] })],
    ['a state of another version', formatEnvelope({ value: '{"v":2}', expiresAt: null, lineage: [] })],
    [
      'a state of the first edition',
      formatEnvelope({ value: '[1,null,[],[],"x"]', expiresAt: null, lineage: [] }),
    ],
  ])('erase removes a damaged record, which stops every other call: %s', async (_, value) => {
    const { ask, answer, tokens, store } = tokenHarness();
    const granted = await ask();
    const name = recordKey('email-token', login.purpose, login.subject);
    const { etag = '' } = (await store.read(name)) ?? {};
    await store.write(name, { value, etag: 'damaged', expiresAt: null }, etag);
    const code = value === 'anything' ? 'ERR_STORE_FAILED' : 'ERR_RECORD_UNREADABLE';
    for (const call of [
      () => ask(),
      () => answer(granted),
      () => tokens.revoke(login),
      () => tokens.unlock(login),
    ])
      expect(await rejection(call())).toMatchObject({ name: 'CountersignError', code });
    await tokens.erase(login);
    expect(await answer(granted)).toBe('unknown');
    expect(await answer(await ask())).toBe('ok');
  });
});

describe('tickets', () => {
  it('of a key that was retired are refused, and so are its tokens', async () => {
    const before = tokenHarness({ keys: [key] });
    const granted = await before.ask();
    const { store, clock } = before;
    const after = tokenHarness({ keys: [otherKey, retired(key)], store, clock });
    expect(await after.answer(granted)).toBe('unknown');
    const fresh = await after.ask({ to: 'other@example.com' }).catch(() => null);
    expect(fresh).toBeNull();
    clock.advance(MINUTE);
    const next = await after.ask();
    expect(await after.answer(next, granted.code)).not.toBe('ok');
    expect(await after.answer(next)).toBe('ok');
  });

  it('and tokens pass between processes in a rolling change of keys, whichever writes first', async () => {
    const one = tokenHarness({ keys: [otherKey, key] });
    const { store, clock } = one;
    const two = tokenHarness({ keys: [key, otherKey], store, clock });
    const first = await one.ask();
    clock.advance(MINUTE);
    const second = await two.ask();
    expect([second.sent, second.code]).toEqual([true, first.code]);
    expect(await one.answer(second)).toBe('ok');
    const third = await two.ask();
    expect(await one.answer(third)).toBe('ok');
  });

  it('from the two-factor flow are none here, and none from here are any there', async () => {
    const { ask, answer, tokens } = tokenHarness();
    const codes: string[] = [];
    const flow = createTwoFactor({
      store: memoryStore(),
      keys: [key],
      issuer: 'Acme',
      send: ({ code }) => Promise.resolve(codes.push(code)),
      now: () => START,
    });
    const { subject: userId, purpose } = login;
    const begun = await flow.begin({ userId, email: address, purpose });
    const challenge = begun.ok && 'challenge' in begun ? begun.challenge : null;
    const granted = await ask();
    expect(await tokens.redeem({ ...login, challenge, code: granted.code })).toEqual({
      ok: false,
      reason: 'unknown',
    });
    expect(
      await flow.complete({ userId, purpose, challenge: granted.challenge, code: codes[0] }),
    ).toMatchObject({
      ...{ ok: false, reason: 'unknown' },
    });
    expect(await flow.complete({ userId, purpose, challenge, code: codes[0] })).toMatchObject({ ok: true });
    expect(await answer(granted)).toBe('ok');
  });
});

describe('events', () => {
  it('tell an observer all that happens', async () => {
    const {
      ask,
      answer,
      tokens,
      clock,
      events,
      login: target,
    } = tokenHarness({ limits: { freeFailures: 0, maxFailures: 2 } });
    const context = { ip: '192.0.2.1' };
    const first = await ask({ context });
    await ask();
    await answer(first, wrongCode(first.code));
    await answer(first, 'no code');
    await answer(first);
    clock.advance(MINUTE);
    await answer(first);
    await tokens.issue({ ...target, to: 'a@example.com' });
    await tokens.issue({ ...target, to: 'b@example.com' });
    clock.advance(12 * MINUTE);
    const second = await ask({ to: 'a@example.com' });
    await answer(second, wrongCode(second.code));
    await ask();
    await ask();
    await tokens.revoke(login);
    await tokens.unlock(login);
    await tokens.erase(login);
    const told = events.map(({ subject, purpose, at, ...rest }) => {
      expect({ subject, purpose }).toEqual(target);
      expect(at.getTime()).toBeGreaterThanOrEqual(START);
      return rest;
    });
    const expiresAt = new Date(START + 15 * MINUTE);
    expect(told).toEqual([
      { type: 'issued', expiresAt, context },
      { type: 'sent', context },
      { type: 'joined', expiresAt },
      { type: 'rejected', action: 'redeem', reason: 'mismatch', failures: 1 },
      { type: 'rejected', action: 'redeem', reason: 'malformed' },
      { type: 'rejected', action: 'redeem', reason: 'delayed' },
      { type: 'redeemed' },
      { type: 'issued', expiresAt: new Date(START + 16 * MINUTE) },
      { type: 'sent' },
      { type: 'rejected', action: 'issue', reason: 'cooldown' },
      { type: 'issued', expiresAt: new Date(START + 28 * MINUTE) },
      { type: 'sent' },
      { type: 'rejected', action: 'redeem', reason: 'mismatch', failures: 2 },
      { type: 'locked', until: new Date(START + 30 * DAY) },
      { type: 'issued', expiresAt: new Date(clock.now() + DAY), long: true },
      { type: 'sent' },
      { type: 'joined', expiresAt: new Date(clock.now() + DAY), long: true },
      { type: 'revoked' },
      { type: 'unlocked' },
      { type: 'erased' },
    ]);
  });
});

describe('options and requests that are wrong', () => {
  it.each<[string, object, RegExp]>([
    ['no store', { store: undefined }, /^store must be a store with read and write, such as memoryStore\(\)/],
    [
      'a store without write',
      { store: { read: () => undefined } },
      /^store must be a store with read and write/,
    ],
    ['no keys', { keys: undefined }, /^keys must be a key; is its environment variable set\?/],
    [
      'empty keys',
      { keys: '' },
      /^keys must be a key; is its environment variable set\?.*(?<!it is String)$/,
    ],
    ['no send', { send: undefined }, /^send must be a function; it is Undefined$/],
    ['no template', { render: 'Hello' }, /^render must be a function; it is String$/],
    ['an observer that is none', { onEvent: console }, /^onEvent must be a function/],
    ['four digits', { digits: 4 }, /^digits must be an integer from 6 to 8$/],
    ['a name that is a number', { appName: 5 }, /^appName must be a string; it is Number$/],
    [
      'a misspelt option',
      { maxAttemps: 3 },
      /^options has an unknown option 'maxAttemps'; known are .*maxAttempts/,
    ],
    ['a life of a second', { ttlSeconds: 1 }, /^ttlSeconds must be an integer from 60 to 86400$/],
    [
      'a looser limit without its name',
      { limits: { maxFailures: 51 } },
      /^limits.maxFailures is looser than/,
    ],
    ['a clock that is a number', { now: 5 }, /^now must be a function that returns milliseconds since 1970/],
    [
      'a language that is half there',
      { languages: { fr: { tag: 'fr' } } },
      /^languages\.fr\.noun must be a string/,
    ],
  ])('are refused at construction: %s', (_, options, message) => {
    const good: EmailTokensOptions = { store: memoryStore(), keys: [key], send: () => Promise.resolve() };
    expect(() => createEmailTokens(good)).not.toThrow();
    expect(() => createEmailTokens({ ...good, ...options })).toThrow(message);
  });

  it.each<[string, object, RegExp]>([
    ['no address at all', { to: undefined }, /^to must be one e-mail address such as .*; it is Undefined$/],
    ['two addresses', { to: 'a@example.com,b@example.com' }, /^to must be one e-mail address/],
    ['no subject', { subject: '' }, /^subject must have from 1 to 512 characters$/],
    ['a subject that is a number', { subject: 12345 }, /^subject must be a string; it is Number$/],
    ['no purpose', { purpose: undefined }, /^purpose must be a string; it is Undefined$/],
    ['a locale that is no text', { locale: 5 }, /^locale must be a string; it is Number$/],
    [
      'a misspelt field',
      { lang: 'de' },
      /^request has an unknown option 'lang'; known are subject, purpose, to, locale/,
    ],
  ])('are refused before anything happens: %s', async (_, part, message) => {
    const { tokens, mails, store } = tokenHarness();
    const request = { ...login, to: 'a@example.com', ...part };
    const error = await rejection(tokens.issue(request));
    expect(error).toMatchObject({
      name: 'CountersignError',
      message: expect.stringMatching(message) as string,
    });
    expect([mails, store.calls]).toEqual([[], []]);
  });

  it.each(['redeem', 'revoke', 'unlock', 'erase'] as const)('are refused by %s', async (method) => {
    const { tokens, store } = tokenHarness();
    const call = (request: unknown): Promise<unknown> =>
      tokens[method](request as TokenTarget & { challenge: 0; code: 0 });
    for (const request of [
      undefined,
      null,
      'customer',
      [login],
      {},
      { ...login, subject: 5 },
      { ...login, userId: 'x' },
    ])
      expect(await rejection(call(request))).toMatchObject({ name: 'CountersignError' });
    expect(store.calls).toEqual([]);
  });
});

describe('the events of a request', () => {
  const watched = (): { events: EmailTokenEvent[]; harness: ReturnType<typeof tokenHarness> } => {
    const events: EmailTokenEvent[] = [];
    return { events, harness: tokenHarness({ onEvent: (event) => events.push(event) }) };
  };

  it('say decoy for a null address and for what came of it, and for nothing else', async () => {
    const { events, harness } = watched();
    const decoy = await harness.tokens.issue({ ...login, to: null });
    const challenge = decoy.ok ? decoy.challenge : null;
    await harness.tokens.redeem({ ...login, challenge, code: '123456' });
    expect(events.map(({ type, decoy: isDecoy }) => [type, isDecoy])).toEqual([
      ['issued', true],
      ['rejected', true],
    ]);
    events.length = 0;
    await harness.answer(await harness.ask());
    await harness.tokens.redeem({ ...login, challenge: 'none', code: '123456' });
    expect(events.map(({ type }) => type)).toEqual(['issued', 'sent', 'redeemed', 'rejected']);
    for (const event of events) expect(event).not.toHaveProperty('decoy');
  });
});

describe('a mail that takes the place of another', () => {
  it('keeps its own place in the quotas once it was accepted', async () => {
    const { ask, tokens, clock } = tokenHarness();
    await ask();
    clock.advance(12 * MINUTE);
    await ask();
    expect(await tokens.issue({ ...login, to: 'other@example.com' })).toMatchObject({
      ok: false,
      reason: 'cooldown',
    });
  });
});

describe('two requests at once that each mail', () => {
  it('mail one code, that of the token that was written', async () => {
    const { ask, answer } = tokenHarness({ resendAfterSeconds: 0, limits: loose });
    const [one, other] = await Promise.all([ask(), ask()]);
    expect(one.code).toBe(other.code);
    expect(await answer(one)).toBe('ok');
  });
});

describe('a store without one of its two verbs', () => {
  it.each(['read', 'write'])('is refused: without %s', (verb) => {
    const inner = memoryStore();
    const verbs = { read: inner.read.bind(inner), write: inner.write.bind(inner) };
    const store = { ...verbs, [verb]: undefined };
    const options = { store, keys: [key], send: () => Promise.resolve() };
    expect(() => createEmailTokens(options)).toThrow('store must be a store with read and write');
  });
});
