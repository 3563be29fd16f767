import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isCountersignError } from '../../src/internal/errors.js';
import {
  address,
  DAY,
  HOUR,
  type IssuedToken,
  login,
  MINUTE,
  SECOND,
  type TokenHarness,
  tokenHarness,
  wrongCode,
} from '../support/token-harness.js';
import { type Expected, TokenModel } from '../support/token-model.js';

interface Real extends TokenHarness {
  /** By the order of issues, as the model names them; a token whose mail failed has nothing to redeem. */
  readonly known: (Pick<IssuedToken, 'challenge' | 'code'> | null)[];
}

type Command = fc.AsyncCommand<TokenModel, Real>;

const seen = new Map<unknown, number>();

describe('every answer is the one that the model of the documentation gives', () => {
  afterAll(() => {
    process.stderr.write(`model, answers seen: ${JSON.stringify(Object.fromEntries(seen))}\n`);
  });

  it('to issues, guesses, revocations, unlocks and failing mails, as time passes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 100, size: 'max' }), async (run) => {
        await fc.asyncModelRun(setUp, run);
      }),
      { numRuns: 200 },
    );
  });

  it('and the runs are deep enough to see every reason', () => {
    const reasons = ['mismatch', 'unknown', 'expired', 'exhausted', 'delayed', 'locked', 'cooldown', 'limit'];
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['ok', 'ERR_SEND_FAILED', ...reasons]));
  });
});

function setUp(): { model: TokenModel; real: Real } {
  const harness = tokenHarness();
  return { model: new TokenModel(harness.clock.now()), real: { ...harness, known: [] } };
}

const always = (): boolean => true;

const issue = (isSendFailing: boolean): Command => ({
  check: always,
  run: async (model, real) => {
    real.mailService.isDown = isSendFailing;
    const expected = model.issue(isSendFailing);
    const result = await real.tokens.issue({ ...login, to: address }).catch(errorOf);
    if (model.issued > real.known.length) {
      const challenge = 'challenge' in result ? result.challenge : null;
      real.known.push(challenge === null ? null : { challenge, code: real.mails.at(-1)?.code ?? '' });
    }
    compare(result, expected);
  },
  toString: () => (isSendFailing ? 'issue, and the mail fails' : 'issue'),
});

/** A guess at the token before so many newer ones. */
const redeem = (newer: number, isRight: boolean): Command => ({
  check: ({ issued }) => issued > newer,
  run: async (model, real) => {
    const name = model.issued - newer;
    const { challenge, code } = real.known[name - 1] ?? { challenge: 'never told', code: '123456' };
    const typed = isRight ? code : wrongCode(code);
    const expected = model.redeem(name, isRight);
    compare(await real.tokens.redeem({ ...login, challenge, code: typed }), expected);
  },
  toString: () => `redeem the token before ${newer} newer ones, ${isRight ? 'right' : 'wrong'}`,
});

const revoke: Command = {
  check: always,
  run: async (model, { tokens }) => {
    model.live = null;
    await tokens.revoke(login);
  },
  toString: () => 'revoke',
};

const unlock: Command = {
  check: always,
  run: async (model, { tokens }) => {
    model.unlock();
    await tokens.unlock(login);
  },
  toString: () => 'unlock',
};

const advance = (ms: number): Command => ({
  check: always,
  run: (model, { clock }) => {
    model.advance(ms);
    clock.advance(ms);
    return Promise.resolve();
  },
  toString: () => `advance ${ms}`,
});

/** Guesses as an attacker does who leaves the last guess to the person herself: a right one clears the delay. */
const besiege = (rounds: number, guesses: number): Command => ({
  check: always,
  run: async (model, real) => {
    for (let round = 0; round < rounds; round++) {
      await issue(false).run(model, real);
      for (let guess = 0; guess < guesses; guess++) await redeem(0, false).run(model, real);
      await redeem(0, true).run(model, real);
      await advance(HOUR).run(model, real);
    }
  },
  toString: () => `besiege in ${rounds} rounds of ${guesses} guesses`,
});

const distances = fc.oneof(
  fc.constantFrom(SECOND, MINUTE - 1, MINUTE, 15 * MINUTE - 1, 15 * MINUTE, HOUR, DAY, 30 * DAY),
  fc.integer({ min: 1, max: HOUR }),
);

const commands: fc.Arbitrary<Command>[] = [
  fc.constantFrom(issue(false), issue(false), issue(false), issue(true)),
  fc.constantFrom(redeem(0, true), redeem(0, false), redeem(0, false), redeem(1, true), redeem(2, false)),
  fc.constantFrom(redeem(0, false), redeem(0, false), revoke, unlock),
  distances.map(advance),
  fc.tuple(fc.integer({ min: 1, max: 15 }), fc.constantFrom(1, 4, 4, 6)).map((siege) => besiege(...siege)),
];

function errorOf(error: unknown): { error: string } {
  if (!isCountersignError(error)) throw error;
  return { error: error.code };
}

/** Compares everything in an answer but what is random, or only repeats the question. */
function compare(answer: object, expected: Expected): void {
  const repeated = ['challenge', 'subject', 'purpose', 'to'];
  const told = Object.entries(answer).filter(([name]) => !repeated.includes(name));
  const comparable = told.map(([name, value]): [string, unknown] => [name, inMs(value)]);
  expect(Object.fromEntries(comparable)).toEqual(expected);
  const { reason, error = 'ok' } = expected;
  const kind = typeof reason === 'string' ? reason : error;
  seen.set(kind, (seen.get(kind) ?? 0) + 1);
}

function inMs(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}
