import { describe, expect, it } from 'vitest';
import { looserThanRecommended } from '../../src/email-token/policy.js';
import { describeTokensOnEngines, type SetUp } from '../support/tokens/on-engines.js';
import {
  address,
  DAY,
  type Granted,
  HOUR,
  key,
  MINUTE,
  otherKey,
  parallel,
  rejection,
  SECOND,
  tally,
  type TokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';
import { quickOrFull } from '../support/harness/length.js';
import { atCall, type Fate } from '../support/tokens/stores.js';

await describeTokensOnEngines('email tokens', (setUp) => {
  describe('promise 1: a code is accepted at most once', () => {
    acceptsOnce(setUp);
  });
  describe('promise 2: at most maxAttempts guesses are evaluated', () => {
    limitsGuesses(setUp);
  });
  describe('promise 3: an older token is dead, and a right code is never refused for another’s sake', () => {
    keepsOrder(setUp);
  });
  describe('promise 4: a success', () => {
    keepsTotal(setUp);
  });
  describe('promises 5, 10, 11 and 12: what leaves the library', () => {
    tellsNothing(setUp);
  });
  describe('promise 8: a mail that could not be sent', () => {
    undoesMails(setUp);
  });
  describe('promise 9: a store that fails', () => {
    failsSafely(setUp);
  });
  describe('promise 13: nobody without the customer’s factors', () => {
    letsOwnersIn(setUp);
  });
  describe('promise 14: no code counts before the password was right', () => {
    needsTickets(setUp);
  });
});

function acceptsOnce(setUp: SetUp): void {
  it('when 64 submit it at once, in each of several rounds', async () => {
    for (let round = 0; round < quickOrFull(1, 20); round++) {
      const { ask, redeem } = setUp();
      const granted = await ask();
      expect(tally(await parallel(64, () => redeem(granted)))).toEqual({ ok: 1, replayed: 63 });
    }
  });

  it('when 64 submit it at once through five challenges of one token', async () => {
    const { ask, redeem } = setUp();
    const logins = await fiveLogins({ ask });
    const answers = await parallel(64, (index) => redeem(pick(logins, index)));
    expect(tally(answers)).toEqual({ ok: 1, replayed: 63 });
  });

  it('nor a second time when it is submitted again', async () => {
    const { ask, redeem, login } = setUp();
    const granted = await ask();
    expect(await redeem(granted)).toEqual({ ok: true, ...login, to: address });
    expect(await redeem(granted)).toEqual({ ok: false, reason: 'replayed' });
  });

  it('and not at all from the instant of its expiry on, with an old ticket or a younger one', async () => {
    const { ask, answer, clock } = setUp();
    const granted = await ask();
    clock.advance(9 * MINUTE);
    const joined = await ask();
    clock.advance(6 * MINUTE);
    expect([await answer(granted), await answer(joined)]).toEqual(['expired', 'expired']);
  });
}

function limitsGuesses(setUp: SetUp): void {
  const limits = looserThanRecommended({ freeFailures: 10 });

  it('of 64 wrong ones at once through five challenges of one token', async () => {
    const { ask, redeem, events, answer } = setUp({ limits });
    const logins = await fiveLogins({ ask });
    const answers = await parallel(64, (index) =>
      redeem(pick(logins, index), wrongCode(logins[0]?.code ?? '', index + 1)),
    );
    expect(tally(answers)).toEqual({ mismatch: 5, exhausted: 59 });
    const left = answers.flatMap((each) => (each.ok ? [] : (each.attemptsLeft ?? [])));
    expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
    expect(events.filter((event) => event.type === 'rejected' && event.reason === 'mismatch')).toHaveLength(
      5,
    );
    expect(await answer(pick(logins, 0))).toBe('exhausted');
  });

  it('of 64 wrong and right ones at once through five challenges: one yes at most', async () => {
    for (let round = 0; round < quickOrFull(1, 20); round++) {
      const { ask, redeem } = setUp({ limits });
      const logins = await fiveLogins({ ask });
      const answers = await parallel(64, (index) => {
        const login = pick(logins, index);
        return redeem(login, index % 16 === round % 16 ? login.code : wrongCode(login.code, index + 1));
      });
      const { ok = 0, mismatch = 0, ...others } = tally(answers);
      expect(ok).toBeLessThanOrEqual(1);
      expect(ok + mismatch).toBeLessThanOrEqual(6 - Number(ok === 0));
      expect(
        Object.keys(others).every((reason) => ['exhausted', 'replayed', 'unknown'].includes(reason)),
      ).toBe(true);
    }
  });

  it('and the failures survive a resend, a new challenge, a restart and a success', async () => {
    const { ask, answer, clock, store, login } = setUp();
    const first = await ask();
    await answer(first, wrongCode(first.code));
    clock.advance(MINUTE);
    const restarted = setUp({ store, subject: login.subject });
    const second = await restarted.ask();
    await restarted.answer(second, wrongCode(second.code));
    expect(restarted.events.at(-1)).toMatchObject({ reason: 'mismatch', failures: 2 });
    expect(await restarted.answer(second)).toBe('ok');
    const third = await restarted.ask();
    await restarted.answer(third, wrongCode(third.code));
    expect(restarted.events.at(-1)).toMatchObject({ reason: 'mismatch', failures: 3 });
  });
}

function keepsOrder(setUp: SetUp): void {
  it('50 requests at once: one mail, and every one of them gets in with it', async () => {
    const { ask, answer, mails } = setUp();
    const granted = await parallel(50, () => ask());
    expect(mails).toHaveLength(1);
    expect(granted.filter(({ sent }) => sent)).toHaveLength(1);
    const last = { ...pick(granted, 49), code: mails[0]?.code ?? '' };
    expect(await answer(last)).toBe('ok');
  });

  it('a replaced token never works again, also for 32 who race for it with the newer one', async () => {
    const { ask, redeem, clock } = setUp();
    const older = await ask();
    clock.advance(12 * MINUTE);
    const newer = await ask();
    const answers = await parallel(64, (index) => redeem(newer, index % 2 === 0 ? older.code : newer.code));
    expect(tally(answers.filter((_, index) => index % 2 === 0))).toEqual({ superseded: 32 });
    expect(tally(answers.filter((_, index) => index % 2 === 1))).toEqual({ ok: 1, replayed: 31 });
  });

  it('a right code is not refused because of four wrong ones at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const { ask, redeem } = setUp();
      const granted = await ask();
      const answers = await parallel(5, (index) =>
        redeem(granted, index === round ? granted.code : wrongCode(granted.code, index + 1)),
      );
      expect(answers[round]).toMatchObject({ ok: true });
    }
  });

  it('a right code is not refused because the person asks again at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { ask, answer, tokens, login } = setUp();
      const granted = await ask();
      const request = { ...login, to: address };
      const [answered] = await Promise.all([answer(granted), tokens.issue(request), tokens.issue(request)]);
      expect(answered).toBe('ok');
    }
  });
}

function keepsTotal(setUp: SetUp): void {
  it('clears the delay, and not the total that locks', async () => {
    const { ask, answer, clock, tokens, login } = setUp({ limits: { freeFailures: 0, maxFailures: 3 } });
    for (let round = 0; round < 3; round++) {
      const granted = await ask();
      expect(await answer(granted, wrongCode(granted.code))).toBe('mismatch');
      expect(await answer(granted)).toBe(round < 2 ? 'delayed' : 'locked');
      clock.advance(MINUTE);
      expect(await answer(granted)).toBe(round < 2 ? 'ok' : 'locked');
    }
    await tokens.unlock(login);
    const granted = await ask();
    expect(await answer(granted)).toBe('ok');
  });
}

function tellsNothing(setUp: SetUp): void {
  it('holds no code, in what the store was given or in an event', async () => {
    const { ask, redeem, events, store } = setUp({ digits: 8 });
    const granted = await ask();
    await redeem(granted, wrongCode(granted.code));
    await redeem(granted);
    expect(store.calls).toHaveLength(6);
    for (const secret of [granted.code, wrongCode(granted.code)])
      expect(JSON.stringify([store.calls, events])).not.toMatch(new RegExp(`(?<!\\d)${secret}(?!\\d)`));
  });

  it('is good under the keys of either process in a rolling change, and under no others', async () => {
    const { ask, store, login } = setUp({ keys: [otherKey, key] });
    const granted = await ask();
    const answerWith = (keys: readonly Uint8Array[]): Promise<string> =>
      setUp({ store, keys: [...keys], subject: login.subject }).answer(granted);
    expect(await answerWith([key])).toBe('unknown');
    expect(await answerWith([key, otherKey])).toBe('ok');
  });

  it('keeps customers with strange names apart', async () => {
    const names = [
      '\ud800',
      '\udfff',
      "'; DROP TABLE x; --",
      '\u0000',
      'é',
      'É',
      'e\u0301',
      '%',
      '😀'.repeat(256),
    ];
    const customers = names.map((subject) => setUp({ subject }));
    const granted = await Promise.all(customers.map(({ ask }) => ask()));
    for (const [index, { answer }] of customers.entries())
      expect(await answer(pick(granted, index))).toBe('ok');
  });

  it('answers values that are no code or challenge', async () => {
    const { tokens, login } = setUp();
    for (const odd of [null, NaN, {}, [], '', '\u0000', '\ud800', 'x'.repeat(100_000)]) {
      expect(await tokens.redeem({ ...login, challenge: 'c', code: odd })).toEqual({
        ok: false,
        reason: 'malformed',
      });
      const answer = await tokens.redeem({ ...login, challenge: odd, code: '123456' });
      expect(answer).toEqual({ ok: false, reason: 'unknown' });
    }
  });

  it('answers an unknown customer like a known one, and changes nothing for the known one', async () => {
    const { ask, redeem, record, mails, tokens, login } = setUp();
    const known = await ask();
    const before = await record();
    const unknown = await ask({ to: null });
    expect({ ...unknown, challenge: '', code: '' }).toEqual({ ...known, challenge: '', code: '' });
    expect(unknown.challenge).toHaveLength(known.challenge.length);
    const wrong = wrongCode(known.code, 7);
    const answer = await redeem(unknown, wrong);
    for (let guess = 0; guess < 10; guess++) await redeem(unknown, known.code);
    await tokens.issue({ ...login, to: null });
    expect(await record()).toEqual(before);
    expect(await redeem(known, wrong)).toEqual(answer);
    expect(mails).toHaveLength(1);
  });
}

function undoesMails(setUp: SetUp): void {
  it('costs no cooldown and leaves no token that was not there before', async () => {
    const { ask, answer, mailService, clock } = setUp();
    mailService.isDown = true;
    for (let attempt = 0; attempt < 11; attempt++)
      expect(await rejection(ask())).toMatchObject({ code: 'ERR_SEND_FAILED' });
    mailService.isDown = false;
    const granted = await ask();
    clock.advance(12 * MINUTE);
    mailService.isDown = true;
    expect(await rejection(ask())).toMatchObject({ code: 'ERR_SEND_FAILED' });
    expect(await answer(granted)).toBe('ok');
  });
}

function failsSafely(setUp: SetUp): void {
  const fates: readonly Fate[] = ['request lost', 'answer lost', 'sent twice'];

  it.each([1, 2, 3])('at call %i of a redemption is never a second yes', async (call) => {
    for (const fate of fates) {
      const { ask, answer, store } = setUp();
      const granted = await ask();
      store.plan(atCall(call, fate));
      const first = await answer(granted).catch(codeOf);
      store.plan(() => 'works');
      const later = [await answer(granted), await answer(granted)];
      expect([first, ...later].filter((each) => each === 'ok')).toHaveLength(1);
      expect(['ok', 'ERR_STORE_FAILED']).toContain(first);
    }
  });

  it.each([1, 2, 3])('at call %i of a request gives an error, or a token that works', async (call) => {
    for (const fate of fates) {
      const { ask, answer, store, mails } = setUp();
      store.plan(atCall(call, fate));
      const outcome = await ask().catch(codeOf);
      store.plan(() => 'works');
      // A lost read cannot be told from a lost record; a lost write is made again.
      const isLost = call === 1 && fate !== 'sent twice';
      expect(typeof outcome === 'string' ? outcome : 'token').toBe(isLost ? 'ERR_STORE_FAILED' : 'token');
      expect(mails).toHaveLength(isLost ? 0 : 1);
      expect(await answer(typeof outcome === 'string' ? await ask() : outcome)).toBe('ok');
    }
  });

  it('forgets everything when nothing matters any more', async () => {
    const { ask, answer, clock, state } = setUp();
    const granted = await ask();
    clock.advance(25 * HOUR);
    const fresh = await ask();
    expect(await state()).toMatchObject({ past: [], sentAt: [clock.now()], token: { mails: 1 } });
    expect([await answer(granted), await answer(fresh)]).toEqual(['expired', 'ok']);
  });
}

function letsOwnersIn(setUp: SetUp): void {
  it.each(['locked', 'out of mails', 'delayed'] as const)(
    'can keep a customer out who has mail only: the long code lets them in once in 24 hours when the account is %s',
    async (trouble) => {
      const limits = {
        locked: { maxFailures: 1 },
        'out of mails': { sendsPerHour: 1 },
        delayed: { freeFailures: 0, firstDelaySeconds: 7200 },
      }[trouble];
      const { ask, answer, clock } = setUp({ limits });
      const first = await ask();
      if (trouble === 'out of mails') clock.advance(15 * MINUTE);
      else await answer(first, wrongCode(first.code));
      const long = await ask();
      expect(long).toMatchObject({ long: true, sent: true });
      expect(long.code).toMatch(/^(\w{5}-){4}\w{5}$/);
      for (let guess = 0; guess < 20; guess++)
        expect(await answer(long, '33333-33333-33333-33333-33333')).toBe('mismatch');
      const later = await ask();
      expect(later).toMatchObject({ long: true, sent: false });
      expect([await answer(later), await answer(long)]).toEqual(['ok', 'replayed']);
    },
  );

  it('nor can a clock that was a year ahead for one call, for longer than a cooldown', async () => {
    const { ask, answer, clock, tokens, login } = setUp();
    const now = clock.now();
    clock.set(now + 365 * DAY);
    await tokens.issue({ ...login, to: 'other@example.com' });
    clock.set(now);
    expect(await tokens.issue({ ...login, to: address })).toMatchObject({ retryAt: new Date(now + MINUTE) });
    clock.advance(MINUTE);
    expect(await answer(await ask())).toBe('ok');
  });
}

function needsTickets(setUp: SetUp): void {
  it('without a ticket of this customer and this purpose', async () => {
    const { ask, answer, tokens, login, events } = setUp();
    const other = await setUp().ask();
    const elsewhere = await tokens.issue({ ...login, purpose: 'delete-account', to: address });
    const granted = await ask();
    const challenges = [undefined, '', 'made up', other.challenge, elsewhere.ok ? elsewhere.challenge : null];
    for (const challenge of challenges)
      expect(await tokens.redeem({ ...login, challenge, code: granted.code })).toEqual({
        ok: false,
        reason: 'unknown',
      });
    expect(events.some(({ type }) => type === 'redeemed')).toBe(false);
    expect(await answer(granted)).toBe('ok');
  });

  it.each(['revoke', 'erase'] as const)('nor with one from before %s', async (method) => {
    const { ask, answer, tokens, login, clock } = setUp();
    const before = await ask();
    clock.advance(SECOND);
    await tokens[method](login);
    clock.advance(MINUTE);
    const after = await ask();
    expect(await answer(before, after.code)).toBe('unknown');
    expect(await answer(after)).toBe('ok');
  });
}

function fiveLogins({ ask }: Pick<TokenHarness, 'ask'>): Promise<Granted[]> {
  return [1, 2, 3, 4, 5].reduce<Promise<Granted[]>>(
    async (logins) => [...(await logins), await ask()],
    Promise.resolve([]),
  );
}

function pick(granted: readonly Granted[], index: number): Granted {
  const one = granted[index % granted.length];
  if (one === undefined) throw new Error('there is none');
  return one;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
