import { describe, expect, it } from 'vitest';
import type { StoreCall } from '../support/tokens/stores.js';
import {
  address,
  DAY,
  HOUR,
  login,
  MINUTE,
  reasonOf,
  SECOND,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';

describe('promise 12: an unknown customer is answered like a known one', () => {
  it('in every answer of a session of requests, wrong codes and waits', async () => {
    const [known, unknown] = [await story(address), await story(null)];
    expect(known.answers.length).toBeGreaterThan(40);
    expect(unknown.answers).toEqual(known.answers);
  });

  it('and the session met every kind of answer that a guesser can get', async () => {
    const { answers } = await story(null);
    const told = JSON.stringify(answers);
    for (const part of [
      '"sent":true',
      '"sent":false',
      'mismatch',
      'exhausted',
      'delayed',
      'expired',
      'cooldown',
    ])
      expect(told).toContain(part);
    expect(told).toContain('"long":true');
  });

  it('with the same calls of the store, under keys and etags of the same length', async () => {
    const [known, unknown] = [await story(address), await story(null)];
    expect(known.calls.length).toBeGreaterThan(40);
    expect(unknown.calls).toEqual(known.calls);
  });

  it('with a mail that is written all the same, and sent to nobody', async () => {
    const [known, unknown] = [await story(address), await story(null)];
    expect(unknown.written).toBe(known.written);
    expect(known.mails).toBe(known.written);
    expect(unknown.mails).toBe(0);
  });

  it('and does not wait for the mail service: one that hangs does not hold up the answer', async () => {
    const { tokens } = tokenHarness({ send: () => new Promise(() => undefined) });
    expect(await tokens.issue({ ...login, to: null })).toMatchObject({ ok: true, sent: true });
  });

  it('even if the code becomes known: it logs nobody in', async () => {
    const { ask, redeem } = tokenHarness();
    expect(await redeem(await ask({ to: null }))).toEqual({ ok: false, reason: 'mismatch', attemptsLeft: 4 });
  });
});

describe('promise 12: a null address under a real customer’s name changes nothing for the customer', () => {
  it('byte for byte, whatever is asked and typed, and whatever the customer’s record says', async () => {
    const { ask, answer, record, clock } = tokenHarness();
    const live = await ask();
    await answer(live, wrongCode(live.code));
    const before = await record();
    for (let round = 0; round < 12; round++) {
      const beside = await ask({ to: null }).catch(() => null);
      for (let guess = 0; guess < 6 && beside !== null; guess++) {
        await answer(beside, wrongCode(beside.code, guess + 1));
        // The owner's own code, typed without the password.
        expect(await answer(beside, live.code)).not.toBe('ok');
        expect(await answer(beside, beside.code)).not.toBe('ok');
      }
      clock.advance(MINUTE);
    }
    expect(await record()).toEqual(before);
    expect(await answer(live)).toBe('ok');
  });

  it('13: kills no token, spends no quota, delays nobody', async () => {
    const { ask, answer, tokens, clock } = tokenHarness();
    for (let day = 0; day < 3; day++) {
      for (let hour = 0; hour < 24; hour++) {
        clock.advance(HOUR);
        const issued = await tokens.issue({ ...login, to: null });
        if (issued.ok) await tokens.redeem({ ...login, challenge: issued.challenge, code: '123456' });
      }
      const own = await ask();
      expect([own.sent, own.long]).toEqual([true, undefined]);
      expect(await answer(own)).toBe('ok');
    }
  });

  it('leaves no record that was not there', async () => {
    const { ask, answer, record } = tokenHarness();
    const beside = await ask({ to: null });
    await answer(beside, wrongCode(beside.code));
    expect(await record()).toBeUndefined();
    expect(await record('null')).toBeDefined();
  });

  it('and the customer’s own challenge never leads to the record beside, nor the other way round', async () => {
    const { ask, answer, record, store } = tokenHarness();
    const [real, beside] = [await ask(), await ask({ to: null })];
    const keys = async (act: () => Promise<unknown>): Promise<string[]> => {
      store.plan(() => 'works');
      await act();
      return [...new Set(store.calls.map(({ key }) => key))];
    };
    const realKeys = await keys(() => answer(real, wrongCode(real.code)));
    const besideKeys = await keys(() => answer(beside, wrongCode(beside.code)));
    expect([realKeys.length, besideKeys.length]).toEqual([1, 1]);
    expect(realKeys).not.toEqual(besideKeys);
    expect((await record('null'))?.value).not.toContain(address);
  });

  it('keeps the record beside for a day at most after its last change', async () => {
    const { ask, answer, record, clock } = tokenHarness();
    const beside = await ask({ to: null });
    for (let guess = 1; guess <= 5; guess++) await answer(beside, wrongCode(beside.code, guess));
    expect((await record('null'))?.value).toMatch(new RegExp(`^live ${clock.now() + DAY} `));
    clock.advance(DAY);
    expect(await record('null')).toBeUndefined();
  });

  it('joins, cools down and replaces like a real address', async () => {
    const shapes = async (to: string | null): Promise<unknown[]> => {
      const { tokens, clock } = tokenHarness();
      const results = [];
      for (const wait of [0, 150, MINUTE, 9 * MINUTE, MINUTE, 30_000, 20 * MINUTE]) {
        clock.advance(wait);
        const { challenge, ...rest } = { challenge: '', ...(await tokens.issue({ ...login, to })) };
        results.push({ ...rest, challenge: challenge.length });
      }
      return results;
    };
    expect(await shapes(null)).toEqual(await shapes(address));
  });
});

/** What one customer's session looks like from outside and from the store. */
interface Story {
  readonly answers: readonly unknown[];
  readonly calls: readonly unknown[];
  readonly written: number;
  readonly mails: number;
}

/** The same session with a real address or none: requests, wrong codes of both forms, and waits. */
async function story(to: string | null): Promise<Story> {
  const { tokens, clock, mails, written, store } = tokenHarness({
    maxAttempts: 3,
    limits: { sendsPerHour: 3 },
  });
  const answers: unknown[] = [];
  let challenge: unknown = 'none';
  const guess = async (code: string): Promise<string> => {
    const answer = await tokens.redeem({ ...login, challenge, code });
    answers.push(answer);
    return reasonOf(answer);
  };
  for (const wait of [
    0,
    200,
    MINUTE - SECOND,
    MINUTE,
    MINUTE,
    12 * MINUTE,
    MINUTE,
    5 * MINUTE,
    HOUR,
    6 * HOUR,
    30 * MINUTE,
  ]) {
    clock.advance(wait);
    const issued = await tokens.issue({ ...login, to });
    answers.push({ ...issued, ...(issued.ok ? { challenge: issued.challenge.length } : {}) });
    if (issued.ok) ({ challenge } = issued);
    const [newest = ''] = written.slice(-1).map(({ code }) => code);
    const wrong = newest.length === 6 ? wrongCode(newest) : '123456';
    for (let count = 0; count < 4; count++) await guess(wrong);
    await guess('33333-33333-33333-33333-33333');
  }
  clock.advance(20 * MINUTE);
  await guess('123456');
  return { answers, calls: store.calls.map(traceOf), written: written.length, mails: mails.length };
}

/** Values differ in the address, and so in their length. */
function traceOf({ verb, key, next, expected }: StoreCall): unknown {
  return {
    verb,
    key: key.length,
    etag: next?.etag.length,
    isWrite: next !== null,
    expected: expected?.length,
  };
}
