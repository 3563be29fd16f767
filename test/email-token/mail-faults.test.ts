import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Render, Send } from '../../src/email-token/settings.js';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { faultyStore } from '../support/faulty-store.js';
import { type RecordedCall, recordingStore, storedChallenges } from '../support/recording-store.js';
import {
  address,
  granted,
  type IssuedToken,
  login,
  MINUTE,
  tokenHarness,
  wrongCode,
} from '../support/token-harness.js';

const rightGuess = ({ challenge, code }: IssuedToken) => ({ ...login, challenge, code });
const wrongGuess = ({ challenge, code }: IssuedToken) => ({ ...login, challenge, code: wrongCode(code) });
const sendFailed = { name: 'CountersignError', code: 'ERR_SEND_FAILED' };

describe('promise 8: a mail service that fails', () => {
  it.each<[string, Send]>([
    ['by a throw', fail],
    ['by a rejection', () => Promise.reject(new Error('550 no such mailbox'))],
    ['by a rejection with nothing', rejectWithNothing],
  ])('%s leaves no live token and costs neither cooldown nor quota', async (_, send) => {
    const calls: RecordedCall[] = [];
    const wrapStore = (inner: Store): Store => recordingStore(inner, calls);
    const { issue, tokens } = tokenHarness({ wrapStore, send });
    for (let attempt = 0; attempt < 20; attempt++) await expect(issue()).rejects.toMatchObject(sendFailed);
    const challenges = storedChallenges(calls);
    expect(challenges).toHaveLength(20);
    expect(calls.at(-1)?.next?.value).toMatch(/^gone /);
    const guess = { ...login, challenge: challenges.at(-1), code: '123456' };
    expect(await tokens.redeem(guess)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('also kills the token before', async () => {
    const { tokens, mailService, issue, clock } = tokenHarness();
    const older = await issue();
    clock.advance(MINUTE);
    mailService.isDown = true;
    await expect(issue()).rejects.toMatchObject(sendFailed);
    expect(await tokens.redeem(rightGuess(older))).toEqual({ ok: false, reason: 'unknown' });
  });

  it('only when a newer token is there already, leaves that one alone', async () => {
    const codes: string[] = [];
    const refusals: ((error: Error) => void)[] = [];
    const send: Send = ({ code }) => {
      codes.push(code);
      return codes.length > 1 ? Promise.resolve() : new Promise((_, reject) => refusals.push(reject));
    };
    const { tokens } = tokenHarness({ send, resendAfterSeconds: 0 });
    const request = { ...login, to: address };
    const older = tokens.issue(request).catch((error: unknown) => error);
    await vi.waitUntil(() => codes.length === 1);
    const { challenge } = granted(await tokens.issue(request));
    refusals[0]?.(new Error('451 try later'));
    expect(await older).toMatchObject(sendFailed);
    expect(await tokens.redeem({ ...login, challenge, code: codes[1] })).toMatchObject({ ok: true });
  });

  it('gives no new guesses: the failures so far are kept', async () => {
    const { tokens, mailService, issue, clock, events } = tokenHarness();
    await tokens.redeem(wrongGuess(await issue()));
    clock.advance(MINUTE);
    mailService.isDown = true;
    await expect(issue()).rejects.toMatchObject(sendFailed);
    mailService.isDown = false;
    await tokens.redeem(wrongGuess(await issue()));
    expect(events.at(-1)).toMatchObject({ reason: 'mismatch', failures: 2 });
  });

  it('while the store fails too leaves an error that holds both, and a code that nobody was mailed', async () => {
    const network = faultyStore(memoryStore());
    const { issue, mailService, mails } = tokenHarness({ store: network, now: Date.now });
    mailService.isDown = true;
    network.plan({ call: 3, when: 'before', isLasting: true });
    const error: unknown = await issue().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ ...sendFailed, cause: { name: 'AggregateError' } });
    expect(mails).toEqual([]);
  });
});

describe('promise 8: a mail service that is slow', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts as failed after sendTimeoutSeconds, and not before', async () => {
    const { issue } = tokenHarness({ send: () => new Promise(() => undefined), sendTimeoutSeconds: 7 });
    const outcome = vi.fn();
    const issuing = issue().catch(outcome);
    await vi.advanceTimersByTimeAsync(6999);
    expect(outcome).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await issuing;
    expect(outcome).toHaveBeenCalledWith(expect.objectContaining(sendFailed));
  });

  it.each([
    [29, 'in time', { ok: true }],
    [31, 'too late', { ok: false, reason: 'unknown' }],
  ])(
    'and accepts after %i s, which is %s, has mailed a code that is answered so',
    async (wait, _, answer) => {
      const calls: RecordedCall[] = [];
      const wrapStore = (inner: Store): Store => recordingStore(inner, calls);
      let code = '';
      const send: Send = async (mail) => {
        code = mail.code;
        await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      };
      const { tokens } = tokenHarness({ wrapStore, send });
      const issuing = tokens.issue({ ...login, to: 'a@example.com' }).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await issuing).toMatchObject(answer.ok ? { ok: true } : sendFailed);
      const [challenge] = storedChallenges(calls);
      expect(await tokens.redeem({ ...login, challenge, code })).toMatchObject(answer);
    },
  );

  it('leaves no timer running once it has answered', async () => {
    const { issue } = tokenHarness();
    await issue();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a template that fails', () => {
  it.each<[string, Render]>([
    ['by a throw', fail],
    ['by a rejection', () => Promise.reject(new Error('no such locale'))],
  ])('%s has cost nothing: the store was not asked, and no mail was sent', async (_, render) => {
    const calls: RecordedCall[] = [];
    const wrapStore = (inner: Store): Store => recordingStore(inner, calls);
    const { issue, mails } = tokenHarness({ wrapStore, render });
    await expect(issue()).rejects.toThrow();
    await expect(issue(null)).rejects.toThrow();
    expect(calls).toEqual([]);
    expect(mails).toEqual([]);
  });
});

describe('an observer that fails', () => {
  it.each<[string, () => unknown]>([
    ['by a throw', fail],
    ['by a rejection', () => Promise.reject(new Error('the log is full'))],
    ['by a thenable that throws', () => ({ then: fail })],
  ])('%s changes no answer and is no unhandled rejection', async (_, onEvent) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { tokens, issue, mailService } = tokenHarness({ onEvent });
    const token = await issue();
    expect(await tokens.redeem(wrongGuess(token))).toMatchObject({ reason: 'mismatch' });
    expect(await tokens.redeem(rightGuess(token))).toMatchObject({ ok: true });
    mailService.isDown = true;
    await expect(issue()).rejects.toMatchObject(sendFailed);
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

function fail(): never {
  throw new Error('failed at once');
}

/** As a promise may do that was made of a callback by hand. */
function rejectWithNothing(): Promise<never> {
  return new Promise((_, reject) => setTimeout(reject));
}
