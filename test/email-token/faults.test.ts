import { describe, expect, it } from 'vitest';
import { isCountersignError } from '../../src/internal/errors.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { type Fault, type FaultyStore, faultyStore } from '../support/faulty-store.js';
import { ConnectionLost } from '../support/scheduled-store.js';
import {
  address,
  granted,
  type IssuedToken,
  login,
  type TokenHarness,
  tokenHarness,
  wrongCode,
} from '../support/token-harness.js';

/** A write, its repair read and its second try are calls 2 to 4; the ones behind belong to further repairs. */
const faults: readonly Fault[] = [1, 2, 3, 4, 5].flatMap((call) =>
  (['before', 'after'] as const).flatMap((when) => [
    { call, when },
    { call, when, isLasting: true },
  ]),
);
const nameOf = ({ call, when, isLasting = false }: Fault): string =>
  `${when} call ${call}${isLasting ? ' and every later one' : ''}`;
const named = faults.map((fault): [string, Fault] => [nameOf(fault), fault]);

function setUp(): TokenHarness & { network: FaultyStore } {
  const network = faultyStore(memoryStore());
  return { ...tokenHarness({ store: network, now: Date.now }), network };
}

const rightGuess = ({ challenge, code }: IssuedToken) => ({ ...login, challenge, code });

async function outcomeOf(answer: Promise<{ ok: boolean; reason?: string }>): Promise<string> {
  try {
    const { ok, reason = 'refused' } = await answer;
    return ok ? 'ok' : reason;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return error.code;
  }
}

describe('promise 9: a store that fails', () => {
  it.each(named)('%s gives a right code an error or one yes, and never a second', async (_, fault) => {
    const { tokens, network, issue } = setUp();
    const token = await issue();
    network.plan(fault);
    const first = await outcomeOf(tokens.redeem(rightGuess(token)));
    network.plan(null);
    const later = [await outcomeOf(tokens.redeem(rightGuess(token)))];
    later.push(await outcomeOf(tokens.redeem(rightGuess(token))));
    expect(['ok', 'ERR_STORE_FAILED']).toContain(first);
    const yeses = [first, ...later].filter((outcome) => outcome === 'ok');
    expect(yeses.length).toBeLessThanOrEqual(1);
    if (first === 'ok') expect(later).toEqual(['unknown', 'unknown']);
  });

  it.each(named)('%s never makes a wrong code right, nor forgets one that it answered', async (_, fault) => {
    const { tokens, network, issue, events } = setUp();
    const token = await issue();
    const guess = { ...rightGuess(token), code: wrongCode(token.code) };
    network.plan(fault);
    const first = await outcomeOf(tokens.redeem(guess));
    network.plan(null);
    expect(['mismatch', 'ERR_STORE_FAILED']).toContain(first);
    const answer = await tokens.redeem(guess);
    const counted = events.at(-1);
    const left = answer.ok ? NaN : answer.attemptsLeft;
    expect(left).toBeGreaterThanOrEqual(3);
    if (first === 'mismatch') expect(counted).toMatchObject({ reason: 'mismatch', failures: 2 });
  });

  it.each(named)('%s while a token is issued gives an error or a token that works', async (_, fault) => {
    const { tokens, network, mails } = setUp();
    network.plan(fault);
    const outcome = await tokens.issue({ ...login, to: address }).catch((error: unknown) => error);
    network.plan(null);
    if (isCountersignError(outcome)) {
      expect(outcome.code).toBe('ERR_STORE_FAILED');
      expect(mails).toEqual([]);
      return;
    }
    const { challenge } = granted(outcome as Awaited<ReturnType<typeof tokens.issue>>);
    const code = mails.at(-1)?.code;
    expect(await tokens.redeem({ ...login, challenge, code })).toMatchObject({ ok: true });
  });

  it.each(named)('%s never lets a revocation pass for done that was not', async (_, fault) => {
    const { tokens, network, issue } = setUp();
    const token = await issue();
    network.plan(fault);
    const outcome = await tokens.revoke(login).catch((error: unknown) => error);
    network.plan(null);
    if (outcome !== undefined) expect(outcome).toMatchObject({ code: 'ERR_STORE_FAILED' });
    else expect(await outcomeOf(tokens.redeem(rightGuess(token)))).toBe('unknown');
  });

  it('keeps what it said as the cause of the error', async () => {
    const { tokens, network, issue } = setUp();
    const token = await issue();
    network.plan({ call: 1, when: 'before', isLasting: true });
    await expect(tokens.redeem(rightGuess(token))).rejects.toMatchObject({
      code: 'ERR_STORE_FAILED',
      cause: { name: 'ConnectionLost' },
    });
  });

  it('at the read-back of a write whose answer was lost, is asked again until it tells', async () => {
    const { tokens, network, issue } = setUp();
    const token = await issue();
    network.plan({ call: 2, when: 'after' });
    expect(await tokens.redeem(rightGuess(token))).toMatchObject({ ok: true });
    expect(network.calls).toEqual(['read', 'write', 'read']);
  });

  it('to tell of a write that somebody else has written over since, gives an error and no guess', async () => {
    const inner = memoryStore();
    let rival: (() => Promise<unknown>) | null = null;
    const { tokens, issue } = tokenHarness({
      store: {
        read: (name) => inner.read(name),
        write: async (name, next, expected) => {
          const written = await inner.write(name, next, expected);
          const meanwhile = rival;
          rival = null;
          if (meanwhile === null) return written;
          await meanwhile();
          throw new ConnectionLost();
        },
      },
      now: Date.now,
    });
    const token = await issue();
    rival = issue;
    expect(await outcomeOf(tokens.redeem(rightGuess(token)))).toBe('ERR_STORE_FAILED');
    expect(await outcomeOf(tokens.redeem(rightGuess(token)))).toBe('unknown');
  });

  it('with a damaged record gives an error, and never a fresh start', async () => {
    const inner = memoryStore();
    const { tokens, issue } = tokenHarness({
      store: {
        read: async (name) => {
          const record = await inner.read(name);
          return record && { ...record, value: record.value.replace('[1,', '[2,') };
        },
        write: (name, next, expected) => inner.write(name, next, expected),
      },
      now: Date.now,
    });
    const token = await issue();
    await expect(tokens.redeem(rightGuess(token))).rejects.toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
    await expect(issue()).rejects.toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
  });
});
