import { describe, expect, it } from 'vitest';
import {
  address,
  DAY,
  login,
  MINUTE,
  rejection,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';

const both = ['read', 'write'];

describe('a call costs the store', () => {
  it('a read and a write for a fresh token', async () => {
    for (const to of [address, null]) {
      const { ask, store } = tokenHarness();
      await ask({ to });
      expect(store.verbs()).toEqual(both);
    }
  });

  it('a read for a join', async () => {
    const { ask, store } = tokenHarness();
    await ask();
    store.verbs();
    expect((await ask()).sent).toBe(false);
    expect(store.verbs()).toEqual(['read']);
  });

  it('a read and a write for a resend', async () => {
    const { ask, store, clock } = tokenHarness();
    await ask();
    clock.advance(MINUTE);
    store.verbs();
    expect((await ask()).sent).toBe(true);
    expect(store.verbs()).toEqual(both);
  });

  it('a read for a refused request', async () => {
    const { ask, tokens, store } = tokenHarness();
    await ask();
    store.verbs();
    expect(await tokens.issue({ ...login, to: 'other@example.com' })).toMatchObject({ reason: 'cooldown' });
    expect(store.verbs()).toEqual(['read']);
  });

  it('a read and a write for a right code, and for a wrong one', async () => {
    const { ask, redeem, store } = tokenHarness();
    const granted = await ask();
    store.verbs();
    await redeem(granted, wrongCode(granted.code));
    expect(store.verbs()).toEqual(both);
    await redeem(granted);
    expect(store.verbs()).toEqual(both);
  });

  it.each(['replayed', 'superseded', 'delayed', 'exhausted', 'expired', 'unknown'])(
    'a read for a code that is %s, and so not evaluated',
    async (reason) => {
      const limits = { freeFailures: reason === 'delayed' ? 0 : 4 };
      const { ask, answer, store, clock, tokens } = tokenHarness({ limits, maxAttempts: 1 });
      const first = await ask();
      if (reason === 'replayed') await answer(first);
      clock.advance(reason === 'superseded' ? 12 * MINUTE : 0);
      const second = await ask();
      if (reason === 'delayed' || reason === 'exhausted') await answer(second, wrongCode(second.code));
      clock.advance(reason === 'expired' ? 15 * MINUTE : 0);
      if (reason === 'unknown') await tokens.revoke(login);
      store.verbs();
      const typed = reason === 'replayed' || reason === 'superseded' ? first.code : second.code;
      expect(await answer(second, typed)).toBe(reason);
      expect(store.verbs()).toEqual(['read']);
    },
  );

  it('nothing for what cannot be a code, or a ticket', async () => {
    const { tokens, store } = tokenHarness();
    await tokens.redeem({ ...login, challenge: 'any', code: 'no code' });
    await tokens.redeem({ ...login, challenge: 5, code: '123456' });
    expect(store.verbs()).toEqual([]);
  });

  it('two reads and two writes for a token that takes a live one’s place: one each after the mail was accepted', async () => {
    for (const to of [address, null]) {
      const { ask, store, clock } = tokenHarness();
      await ask({ to });
      clock.advance(12 * MINUTE);
      store.verbs();
      await ask({ to });
      expect(store.verbs()).toEqual([...both, ...both]);
    }
  });

  it('a read and a write more for a mail that fails', async () => {
    const { ask, mailService, store } = tokenHarness();
    mailService.isDown = true;
    await rejection(ask());
    expect(store.verbs()).toEqual([...both, ...both]);
  });

  it('a read and a write for revoke and erase, and a read for an unlock with nothing to forget', async () => {
    const { ask, answer, tokens, store } = tokenHarness();
    await tokens.unlock(login);
    expect(store.verbs()).toEqual(['read']);
    const granted = await ask();
    await answer(granted, wrongCode(granted.code));
    for (const method of ['unlock', 'revoke', 'erase'] as const) {
      store.verbs();
      await tokens[method](login);
      expect(store.verbs()).toEqual(both);
    }
  });
});

describe('a record', () => {
  it('keeps its key, which names neither subject nor purpose', async () => {
    const { ask, redeem, store } = tokenHarness();
    const granted = await ask();
    await redeem(granted, wrongCode(granted.code));
    const keys = new Set(store.calls.map(({ key }) => key));
    expect([...keys]).toEqual([expect.stringMatching(/^email-token:[0-9a-f]{64}$/)]);
  });

  it('stays small, however long it is attacked', async () => {
    const { ask, redeem, clock, store } = tokenHarness();
    for (let day = 0; day < 60; day++) {
      clock.advance(DAY);
      const granted = await ask().catch(() => null);
      for (let guess = 0; guess < 4 && granted; guess++)
        await redeem(granted, wrongCode(granted.code, guess + 1));
    }
    const sizes = store.calls.map(({ next }) => next?.value.length ?? 0);
    expect(Math.max(...sizes)).toBeLessThan(2500);
  });
});
