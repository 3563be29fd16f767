import { describe, expect, it } from 'vitest';
import { type RecordedCall, recordingStore } from '../support/recording-store.js';
import { DAY, login, type TokenHarness, tokenHarness, wrongCode } from '../support/token-harness.js';

describe('a call costs the store', () => {
  const both = ['read', 'write'];

  it('a read and a write for a new token', async () => {
    const { issue, verbs } = setUp();
    await issue();
    expect(verbs()).toEqual(both);
  });

  it('a read for a refused wish', async () => {
    const { tokens, issue, verbs } = setUp();
    await issue();
    verbs();
    expect(await tokens.issue({ ...login, to: 'a@example.com' })).toMatchObject({ reason: 'cooldown' });
    expect(verbs()).toEqual(['read']);
  });

  it('a read and a write for a right code, and for a wrong one', async () => {
    const { tokens, issue, verbs } = setUp();
    const { challenge, code } = await issue();
    verbs();
    await tokens.redeem({ ...login, challenge, code: wrongCode(code) });
    expect(verbs()).toEqual(both);
    await tokens.redeem({ ...login, challenge, code });
    expect(verbs()).toEqual(both);
  });

  it('a read for a guess that is not evaluated', async () => {
    const { tokens, issue, verbs } = setUp();
    const { challenge, code } = await issue();
    await tokens.redeem({ ...login, challenge, code });
    verbs();
    await tokens.redeem({ ...login, challenge, code });
    expect(verbs()).toEqual(['read']);
  });

  it('nothing for what cannot be a code, or a challenge', async () => {
    const { tokens, verbs } = setUp();
    await tokens.redeem({ ...login, challenge: 'any', code: 'no code' });
    await tokens.redeem({ ...login, challenge: 5, code: '123456' });
    expect(verbs()).toEqual([]);
  });

  it('a read where there is nothing to revoke or unlock, and else a write too', async () => {
    const { tokens, issue, verbs } = setUp();
    await tokens.revoke(login);
    await tokens.unlock(login);
    expect(verbs()).toEqual(['read', 'read']);
    const { challenge, code } = await issue();
    await tokens.redeem({ ...login, challenge, code: wrongCode(code) });
    verbs();
    await tokens.revoke(login);
    await tokens.unlock(login);
    expect(verbs()).toEqual([...both, ...both]);
  });

  it('a read and a write more for a mail that fails', async () => {
    const { issue, mailService, verbs } = setUp();
    mailService.isDown = true;
    await expect(issue()).rejects.toThrow();
    expect(verbs()).toEqual([...both, ...both]);
  });
});

describe('a record', () => {
  it('keeps its key, which names neither subject nor purpose', async () => {
    const { tokens, issue, calls } = setUp();
    const { challenge, code } = await issue();
    await tokens.redeem({ ...login, challenge, code: wrongCode(code) });
    const keys = new Set(calls.map(({ key }) => key));
    expect([...keys]).toEqual([expect.stringMatching(/^email-token:[0-9a-f]{64}$/)]);
  });

  it('stays small, however long it is attacked', async () => {
    const { tokens, issue, clock, calls } = setUp();
    for (let day = 0; day < 60; day++) {
      clock.advance(DAY);
      const issued = await issue().catch(() => null);
      for (let guess = 0; guess < 4 && issued; guess++)
        await tokens.redeem({ ...login, challenge: issued.challenge, code: wrongCode(issued.code) });
    }
    const sizes = calls.map(({ next }) => next?.value.length ?? 0);
    expect(Math.max(...sizes)).toBeLessThan(1500);
  });
});

function setUp(): TokenHarness & { calls: RecordedCall[]; verbs: () => string[] } {
  const calls: RecordedCall[] = [];
  const harness = tokenHarness({ wrapStore: (inner) => recordingStore(inner, calls) });
  let seen = 0;
  const verbs = (): string[] => {
    const fresh = calls.slice(seen).map(({ verb }) => verb);
    seen = calls.length;
    return fresh;
  };
  return { ...harness, calls, verbs };
}
