import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isCountersignError } from '../../src/internal/errors.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { testClock } from '../../src/testing/test-clock.js';
import { describeTokensOnEngines, type SetUp } from '../support/tokens/on-engines.js';
import { localEngines } from '../support/engines/engines.js';
import {
  address,
  DAY,
  type Granted,
  login,
  MINUTE,
  rejection,
  START,
  type TokenHarness,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';
import { atCall, type Fate, fromCall } from '../support/tokens/stores.js';

/** A process whose store calls meet their fates, and another one on the same store that works. */
interface TwoProcesses {
  readonly victim: TokenHarness;
  readonly survivor: TokenHarness;
}

function twoProcesses(setUp: SetUp): TwoProcesses {
  const options = { subject: randomUUID(), limits: { sendsPerHour: 3 } };
  return { victim: setUp(options), survivor: setUp(options) };
}

interface Plan {
  readonly name: string;
  readonly fateOf: (call: number) => Fate;
}

/** The process dies: before one of its calls arrives, or when the store has done it and the answer is on its way. */
const deaths: readonly Plan[] = [1, 2, 3, 4, 5].flatMap((call) => [
  { name: `dies before call ${call}`, fateOf: fromCall(call, 'request lost') },
  {
    name: `dies after call ${call}`,
    fateOf: (number) => (number < call ? 'works' : number === call ? 'answer lost' : 'request lost'),
  },
]);

/** One call meets its fate, and the process goes on. */
const faults: readonly Plan[] = [1, 2, 3, 4].flatMap((call) =>
  (['request lost', 'answer lost', 'sent twice'] as const).map((fate) => ({
    name: `loses at call ${call}: ${fate}`,
    fateOf: atCall(call, fate),
  })),
);

const plans = [...deaths, ...faults].map((plan): [string, Plan] => [plan.name, plan]);

/** The answer in a word: `ok`, a reason, or the code of an error. */
async function wordOf(answer: Promise<string>): Promise<string> {
  try {
    return await answer;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return error.code;
  }
}

/** The state before the act: what a customer has done so far. */
const histories: readonly [string, (survivor: TokenHarness) => Promise<Granted>][] = [
  ['a fresh token', ({ ask }) => ask()],
  [
    'a token that was mailed twice',
    async ({ ask, clock }) => {
      await ask();
      clock.advance(MINUTE);
      return ask();
    },
  ],
  [
    'a token that took another one’s place',
    async ({ ask, clock }) => {
      await ask();
      clock.advance(12 * MINUTE);
      return ask();
    },
  ],
  [
    'a long code',
    async ({ ask, clock }) => {
      for (let mail = 0; mail < 3; mail++) {
        await ask();
        clock.advance(MINUTE);
      }
      clock.advance(13 * MINUTE);
      return ask();
    },
  ],
];

await describeTokensOnEngines(
  'promise 9: a process',
  (setUp) => {
    describe.each(plans)('that %s', (_, plan) => {
      survives(setUp, plan);
    });
  },
  localEngines.slice(0, 1),
);

describe('promise 9: a store that fails', () => {
  it('is the cause of the error, by name, message and code', async () => {
    const { ask, redeem, store } = tokenHarness();
    const granted = await ask();
    store.plan(fromCall(1, 'request lost'));
    expect(await rejection(redeem(granted))).toMatchObject({
      ...{ code: 'ERR_STORE_FAILED', cause: { name: 'ConnectionLost', message: 'the request was lost' } },
    });
  });

  it('and tells of a lost write when it is asked again: three round trips, one yes', async () => {
    const { ask, answer, store } = tokenHarness();
    const granted = await ask();
    store.plan(atCall(2, 'answer lost'));
    expect(await answer(granted)).toBe('ok');
    expect(store.verbs()).toEqual(['read', 'write', 'read']);
  });

  it('19: and whose client sends a write again, which then meets its own etag, has written it', async () => {
    const { ask, answer, store, mails, state } = tokenHarness();
    store.plan(atCall(2, 'sent twice'));
    const granted = await ask();
    expect(mails).toHaveLength(1);
    store.plan(atCall(2, 'sent twice'));
    expect(await answer(granted, wrongCode(granted.code))).toBe('mismatch');
    expect((await state()).token?.attempts).toBe(1);
    store.plan(atCall(2, 'sent twice'));
    expect(await answer(granted)).toBe('ok');
  });

  it('and lost the answer to a write that another one came over still knows that it happened', async () => {
    const clock = testClock(START);
    const inner = memoryStore({ now: clock.now });
    const survivor = tokenHarness({ store: inner, clock });
    const granted = await survivor.ask();
    const victim = tokenHarness({
      clock,
      store: {
        read: (name) => inner.read(name),
        write: async (name, next, expected) => {
          await inner.write(name, next, expected);
          await survivor.tokens.issue({ ...login, to: address });
          throw new Error('the answer was lost');
        },
      },
    });
    expect(await wordOf(victim.answer(granted))).toBe('ok');
    expect(await survivor.answer(granted)).toBe('replayed');
  });
});

function survives(setUp: SetUp, { fateOf }: Plan): void {
  it.each(histories)(
    'while it redeems %s: the code is good once, over both processes',
    async (__, prepare) => {
      const { victim, survivor } = twoProcesses(setUp);
      const granted = await prepare(survivor);
      victim.store.plan(fateOf);
      const first = await wordOf(victim.answer(granted));
      const later = [await survivor.answer(granted), await survivor.answer(granted)];
      expect(['ok', 'ERR_STORE_FAILED']).toContain(first);
      const yeses = [first, ...later].filter((word) => word === 'ok');
      expect(yeses.length).toBeLessThanOrEqual(1);
      // An error may be a yes that nobody heard; the customer gets in with the next code.
      expect(yeses.length === 1 || (first === 'ERR_STORE_FAILED' && later[0] === 'replayed')).toBe(true);
      expect(later[1]).toBe('replayed');
      survivor.clock.advance(DAY);
      expect(await survivor.answer(await survivor.ask())).toBe('ok');
    },
  );

  it('while it judges a wrong code never says yes, and never forgets one that it answered', async () => {
    const { victim, survivor } = twoProcesses(setUp);
    const granted = await survivor.ask();
    victim.store.plan(fateOf);
    const first = await wordOf(victim.answer(granted, wrongCode(granted.code)));
    expect(['mismatch', 'ERR_STORE_FAILED']).toContain(first);
    const { token, failures } = await survivor.state();
    const counted = token?.attempts ?? 0;
    expect(failures.at).toHaveLength(counted);
    expect(counted).toBeLessThanOrEqual(1);
    if (first === 'mismatch') expect(counted).toBe(1);
    expect(await survivor.answer(granted)).toBe('ok');
  });

  it('while it issues a token: an error, or a token that works; and the next request is as good as any', async () => {
    const { victim, survivor } = twoProcesses(setUp);
    victim.store.plan(fateOf);
    const granted = await victim.ask().catch((error: unknown) => error);
    if (isCountersignError(granted)) {
      expect(granted.code).toBe('ERR_STORE_FAILED');
      survivor.clock.advance(MINUTE);
    } else {
      expect(await survivor.answer(granted as Granted)).toBe('ok');
    }
    const mailed = await survivor.ask();
    expect(mailed.sent).toBe(true);
    expect(await survivor.answer(mailed)).toBe('ok');
  });

  it('while it mails a token again leaves the token in force', async () => {
    const { victim, survivor } = twoProcesses(setUp);
    const granted = await survivor.ask();
    survivor.clock.advance(MINUTE);
    victim.store.plan(fateOf);
    const word = await wordOf(victim.ask().then(() => 'ok'));
    expect(['ok', 'ERR_STORE_FAILED']).toContain(word);
    expect(victim.mails.every(({ code }) => code === granted.code)).toBe(true);
    expect(await survivor.answer(granted)).toBe('ok');
  });

  it('while it replaces a token: of old and new code the newest that was mailed is good in the end, and one only', async () => {
    const { victim, survivor } = twoProcesses(setUp);
    const old = await survivor.ask();
    survivor.clock.advance(12 * MINUTE);
    victim.store.plan(fateOf);
    const word = await wordOf(victim.ask().then(() => 'ok'));
    expect(['ok', 'ERR_STORE_FAILED']).toContain(word);
    // The mail's time is over: a process that died will not say what became of it.
    survivor.clock.advance(MINUTE + 1000);
    const { challenge } = await survivor.ask();
    const newest = (survivor.mails[1] ?? victim.mails[0])?.code ?? old.code;
    expect(await survivor.answer({ ...old, challenge }, newest)).toBe('ok');
    expect(await survivor.answer({ ...old, challenge }, old.code)).not.toBe('ok');
    expect(await survivor.answer({ ...old, challenge }, newest)).toBe('replayed');
  });

  it('while it takes a refused mail back leaves no token that a mail was sent for, and the old one in force', async () => {
    const { victim, survivor } = twoProcesses(setUp);
    const old = await survivor.ask();
    survivor.clock.advance(12 * MINUTE);
    victim.mailService.isDown = true;
    victim.store.plan(fateOf);
    const error = await rejection(victim.ask());
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_(SEND|STORE)_FAILED$/) as string });
    expect(await survivor.answer(old)).toBe('ok');
    survivor.clock.advance(2 * MINUTE);
    expect(await survivor.answer(await survivor.ask({ to: 'other@example.com' }))).toBe('ok');
  });

  it.each(['revoke', 'erase'] as const)(
    'during %s never lets one pass for done that was not',
    async (method) => {
      const { victim, survivor } = twoProcesses(setUp);
      const granted = await survivor.ask();
      victim.store.plan(fateOf);
      const word = await wordOf(victim.tokens[method](victim.login).then(() => 'done'));
      expect(['done', 'ERR_STORE_FAILED']).toContain(word);
      const answer = await survivor.answer(granted);
      expect(word === 'done' ? ['unknown'] : ['unknown', 'ok']).toContain(answer);
    },
  );

  it('during unlock never lets one pass for done that was not', async () => {
    const { victim, survivor } = twoProcesses(setUp);
    const granted = await survivor.ask();
    await survivor.answer(granted, wrongCode(granted.code));
    victim.store.plan(fateOf);
    const word = await wordOf(victim.tokens.unlock(victim.login).then(() => 'done'));
    expect(['done', 'ERR_STORE_FAILED']).toContain(word);
    const { failures } = await survivor.state();
    expect(word === 'done' ? [0] : [0, 1]).toContain(failures.at.length);
  });
}
