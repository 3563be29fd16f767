import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RedeemResult } from '../../src/email-token/contract.js';
import type { Store } from '../../src/store/store.js';
import { testClock } from '../../src/testing/test-clock.js';
import { describeOnEngines, type NewStore } from '../support/engines/describe-on-engines.js';
import { faultyStore, type FaultyStore } from '../support/faulty-store.js';
import { type RecordedCall, recordingStore } from '../support/recording-store.js';
import {
  address,
  HOUR,
  type HarnessOptions,
  type IssuedToken,
  key,
  MINUTE,
  parallel,
  type TokenHarness,
  tokenHarness,
  wrongCode,
} from '../support/token-harness.js';

await describeOnEngines('email tokens', (newStore) => {
  const setUp = setUpOn(newStore);
  describe('promise 1: a code is accepted at most once', () => {
    acceptsOnce(setUp);
  });
  describe('promise 2: guesses are limited', () => {
    limitsGuesses(setUp);
  });
  describe('promises 3 and 4: what a newer token and a success change', () => {
    keepsOrder(setUp);
  });
  describe('promises 5, 10, 11 and 12: what is stored and told', () => {
    tellsNothing(setUp);
  });
  describe('promises 8 and 9: a mail service or store that fails', () => {
    failsSafely(setUp);
  });
});

/** Makes email tokens for a customer of its own. */
type SetUp = (options?: HarnessOptions) => TokenHarness;

/** The tests share a clock, and differ in the customer. */
function setUpOn(newStore: NewStore): SetUp {
  const clock = testClock();
  return (options) => tokenHarness({ store: newStore(clock.now), clock, subject: randomUUID(), ...options });
}

function acceptsOnce(setUp: SetUp): void {
  it('when 64 submit it at once, in each of 50 rounds', async () => {
    for (let round = 0; round < 50; round++) {
      const { tokens, login, issue } = setUp();
      const guess = { ...login, ...pick(await issue()) };
      const answers = await parallel(64, () => tokens.redeem(guess));
      expect(tally(answers)).toEqual({ ok: 1, unknown: 63 });
    }
  });

  it('nor a second time when it is submitted again', async () => {
    const { tokens, login, issue } = setUp();
    const guess = { ...login, ...pick(await issue()) };
    expect(await tokens.redeem(guess)).toEqual({ ok: true, ...login, to: address });
    expect(await tokens.redeem(guess)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('and not at all from the instant of its expiry on', async () => {
    const { tokens, login, issue, clock } = setUp();
    const guess = { ...login, ...pick(await issue()) };
    clock.advance(15 * MINUTE);
    expect(await tokens.redeem(guess)).toEqual({ ok: false, reason: 'expired' });
  });
}

function limitsGuesses(setUp: SetUp): void {
  it('to five of 500 wrong ones at once', async () => {
    const { tokens, login, issue, events } = setUp();
    const { challenge, code } = await issue();
    const guess = { ...login, challenge, code: wrongCode(code) };
    const answers = await parallel(500, () => tokens.redeem(guess));
    expect(tally(answers)).toEqual({ mismatch: 5, exhausted: 495 });
    const left = answers.flatMap((answer) => (answer.ok ? [] : (answer.attemptsLeft ?? [])));
    expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
    const counted = events.filter((event) => event.type === 'rejected' && event.reason === 'mismatch');
    expect(counted).toHaveLength(5);
    expect(await tokens.redeem({ ...guess, code })).toMatchObject({ ok: false, reason: 'exhausted' });
  });

  it('and the failures survive a resend, another process and a success', async () => {
    const { tokens, login, issue, clock, store } = setUp();
    const first = await issue();
    await tokens.redeem({ ...login, challenge: first.challenge, code: wrongCode(first.code) });
    clock.advance(MINUTE);
    const restarted = setUp({ store, subject: login.subject });
    const second = await restarted.issue();
    const guess = { ...login, ...pick(second) };
    await restarted.tokens.redeem({ ...guess, code: wrongCode(second.code) });
    expect(restarted.events.at(-1)).toMatchObject({ reason: 'mismatch', failures: 2 });
    expect(await restarted.tokens.redeem(guess)).toMatchObject({ ok: true });
    const third = await restarted.issue();
    await restarted.tokens.redeem({ ...login, challenge: third.challenge, code: wrongCode(third.code) });
    expect(restarted.events.at(-1)).toMatchObject({ reason: 'mismatch', failures: 3 });
  });
}

function keepsOrder(setUp: SetUp): void {
  it('of 50 wishes at once one is granted and mailed; 49 hear the same instant to come back at', async () => {
    const { tokens, login, mails, clock } = setUp();
    const answers = await parallel(50, () => tokens.issue({ ...login, to: address }));
    const granted = answers.flatMap((answer) => (answer.ok ? answer : []));
    const refused = answers.filter(({ ok }) => !ok);
    const cooldown = { ok: false, reason: 'cooldown', retryAt: new Date(clock.now() + MINUTE) };
    expect(refused).toEqual(Array.from({ length: 49 }, () => cooldown));
    expect(mails).toHaveLength(1);
    const guess = { ...login, challenge: granted[0]?.challenge, code: mails[0]?.code };
    expect(await tokens.redeem(guess)).toMatchObject({ ok: true });
  });

  it('a token is dead once there is a newer one, also for 32 who race for it with the newer one', async () => {
    const { tokens, login, issue, clock } = setUp();
    const older = pick(await issue());
    clock.advance(MINUTE);
    const newer = pick(await issue());
    const answers = await parallel(64, (index) =>
      tokens.redeem({ ...login, ...(index % 2 === 0 ? older : newer) }),
    );
    expect(tally(answers.filter((_, index) => index % 2 === 0))).toEqual({ unknown: 32 });
    expect(tally(answers.filter((_, index) => index % 2 === 1))).toEqual({ ok: 1, unknown: 31 });
  });

  it('a right code is not refused because of four wrong ones at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      const { tokens, login, issue } = setUp();
      const { challenge, code } = await issue();
      const answers = await parallel(5, (index) =>
        tokens.redeem({ ...login, challenge, code: index === round % 5 ? code : wrongCode(code) }),
      );
      expect(answers[round % 5]).toMatchObject({ ok: true });
    }
  });

  it('a success clears the delay, and not the total that locks', async () => {
    const { tokens, login, issue, clock } = setUp({ limits: { freeFailures: 0, maxFailures: 3 } });
    for (let round = 0; round < 3; round++) {
      const { challenge, code } = await issue();
      const guess = { ...login, challenge, code };
      const wrong = await tokens.redeem({ ...guess, code: wrongCode(code) });
      expect(wrong).toMatchObject({ reason: 'mismatch', retryAt: expect.any(Date) as unknown });
      expect(await tokens.redeem(guess)).toMatchObject({ reason: round < 2 ? 'delayed' : 'locked' });
      clock.advance(MINUTE);
      await tokens.redeem(guess);
    }
    await tokens.unlock(login);
    expect(await tokens.issue({ ...login, to: address })).toMatchObject({ ok: true });
  });
}

function tellsNothing(setUp: SetUp): void {
  it('no code in what the store was given, nor in an event', async () => {
    const calls: RecordedCall[] = [];
    const { tokens, login, issue, events } = setUp({
      digits: 8,
      wrapStore: (inner) => recordingStore(inner, calls),
    });
    const { challenge, code } = await issue();
    await tokens.redeem({ ...login, challenge, code: wrongCode(code) });
    await tokens.redeem({ ...login, challenge, code });
    expect(calls).toHaveLength(6);
    for (const secret of [code, wrongCode(code)])
      expect(JSON.stringify([calls, events])).not.toMatch(new RegExp(`(?<!\\d)${secret}(?!\\d)`));
  });

  it('a token made with the old key is good while both keys are there, and no longer', async () => {
    const { login, issue, store } = setUp();
    const guess = { ...login, ...pick(await issue()) };
    const fresh = new Uint8Array(32).fill(8);
    const redeemWith = (keys: NonNullable<HarnessOptions['keys']>): Promise<RedeemResult> =>
      setUp({ store, keys }).tokens.redeem(guess);
    expect(await redeemWith([fresh])).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(await redeemWith([fresh, key])).toMatchObject({ ok: true });
  });

  it('customers with strange names have a record each', async () => {
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
    const issued = await Promise.all(customers.map(({ issue }) => issue()));
    for (const [index, { tokens, login }] of customers.entries()) {
      const { challenge, code } = issued[index] ?? {};
      expect(await tokens.redeem({ ...login, challenge, code })).toMatchObject({ ok: true, ...login });
    }
  });

  it('values that are no code or challenge are answered', async () => {
    const { tokens, login } = setUp();
    for (const odd of [null, NaN, {}, [], '', '\u0000', '\ud800', 'x'.repeat(100_000)]) {
      expect(await tokens.redeem({ ...login, challenge: 'c', code: odd })).toMatchObject({ ok: false });
      const answer = await tokens.redeem({ ...login, challenge: odd, code: '123456' });
      expect(answer).toEqual({ ok: false, reason: 'unknown' });
    }
  });

  it('an unknown customer is answered like a known one', async () => {
    const known = setUp();
    const unknown = setUp();
    const [a, b] = [await known.issue(), await unknown.issue(null)];
    expect(b).toMatchObject({ expiresAt: a.expiresAt, resendAt: a.resendAt });
    expect(b.challenge).toHaveLength(a.challenge.length);
    const wish = await known.tokens.issue({ ...known.login, to: address });
    expect(await unknown.tokens.issue({ ...unknown.login, to: null })).toEqual(wish);
    const guess = { challenge: a.challenge, code: wrongCode(a.code) };
    const answer = await known.tokens.redeem({ ...known.login, ...guess });
    const same = { challenge: b.challenge, code: guess.code };
    expect(await unknown.tokens.redeem({ ...unknown.login, ...same })).toEqual(answer);
    expect(unknown.mails).toEqual([]);
  });
}

function failsSafely(setUp: SetUp): void {
  it('a mail that is refused costs no cooldown', async () => {
    const { mailService, issue, tokens, login } = setUp();
    mailService.isDown = true;
    for (let attempt = 0; attempt < 11; attempt++)
      await expect(issue()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    mailService.isDown = false;
    const guess = { ...login, ...pick(await issue()) };
    expect(await tokens.redeem(guess)).toMatchObject({ ok: true });
  });

  it.each([1, 2, 3])('a lost request or answer at call %i is never a second yes', async (call) => {
    for (const when of ['before', 'after'] as const) {
      let network: FaultyStore | undefined;
      const wrapStore = (inner: Store): FaultyStore => (network = faultyStore(inner));
      const { tokens, login, issue } = setUp({ wrapStore });
      const guess = { ...login, ...pick(await issue()) };
      network?.plan({ call, when });
      const first = await tokens.redeem(guess).then(({ ok }) => ok, isStoreError);
      network?.plan(null);
      const later = [await tokens.redeem(guess), await tokens.redeem(guess)];
      const yeses = [first === true, ...later.map(({ ok }) => ok)].filter(Boolean);
      expect(yeses).toHaveLength(1);
    }
  });

  it('all is forgotten when nothing matters any more', async () => {
    const { tokens, login, issue, clock } = setUp();
    const guess = { ...login, ...pick(await issue()) };
    clock.advance(25 * HOUR);
    expect(await tokens.redeem(guess)).toEqual({ ok: false, reason: 'unknown' });
    expect(await tokens.issue({ ...login, to: address })).toMatchObject({ ok: true });
  });
}

function isStoreError(error: unknown): string {
  expect(error).toMatchObject({ code: 'ERR_STORE_FAILED' });
  return 'error';
}

function pick({ challenge, code }: IssuedToken): { challenge: string; code: string } {
  return { challenge, code };
}

/** How often each answer was given. */
function tally(answers: readonly RedeemResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const name = answer.ok ? 'ok' : answer.reason;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
