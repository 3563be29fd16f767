import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isCountersignError } from '../../src/internal/errors.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { type TestClock, testClock } from '../../src/testing/test-clock.js';
import {
  address,
  DAY,
  HOUR,
  key,
  login,
  MINUTE,
  otherKey,
  SECOND,
  START,
  type TokenHarness,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';
import { quickOrFull } from '../support/harness/length.js';
import { type Expected, TokenModel } from '../support/tokens/model.js';

/** Key rings by the names of their keys, the first of which writes. */
const rings = {
  both: { names: ['old', 'new'], keys: [key, otherKey] },
  reversed: { names: ['new', 'old'], keys: [otherKey, key] },
  fresh: { names: ['new'], keys: [otherKey] },
} as const;
type Ring = keyof typeof rings;

/** The customer’s record, the one beside it, and all the challenges that are out. */
interface Model {
  readonly real: TokenModel;
  readonly beside: TokenModel;
  readonly tickets: { readonly at: number; readonly isNull: boolean; readonly key: string }[];
  /** Names of the tokens whose codes were mailed. */
  readonly mailed: { readonly name: string; readonly isLong: boolean }[];
  requests: number;
}

interface Real {
  readonly processes: Readonly<Record<Ring, TokenHarness>>;
  ring: Ring;
  readonly clock: TestClock;
  readonly challenges: string[];
  readonly codes: string[];
}

type Command = fc.AsyncCommand<Model, Real>;

const seen = new Map<unknown, number>();

describe('every answer is the one that the model of the documentation gives', () => {
  afterAll(() => {
    process.stderr.write(`model, answers seen: ${JSON.stringify(Object.fromEntries(seen))}\n`);
  });

  it('to requests, guesses, revocations, null addresses and changes of keys, as time passes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 80, size: 'max' }), async (run) => {
        await fc.asyncModelRun(setUp, run);
      }),
      { numRuns: quickOrFull(90, 2500) },
    );
  }, 600_000);

  it('and the runs are deep enough to see every answer', () => {
    const reasons = ['mismatch', 'unknown', 'expired', 'exhausted', 'delayed', 'superseded', 'replayed'];
    const issues = ['sent', 'joined', 'long sent', 'cooldown', 'ERR_SEND_FAILED'];
    const rare = quickOrFull([], ['long joined', 'locked', 'limit']);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['ok', ...issues, ...reasons, ...rare]));
  });
});

function setUp(): { model: Model; real: Real } {
  const clock = testClock(START);
  const store = memoryStore({ now: clock.now });
  const processOf = (ring: Ring): TokenHarness =>
    tokenHarness({ store, clock, digits: 8, keys: [...rings[ring].keys] });
  const processes = { both: processOf('both'), reversed: processOf('reversed'), fresh: processOf('fresh') };
  const { names } = rings.both;
  const models = { real: new TokenModel(START, names, false), beside: new TokenModel(START, names, true) };
  return {
    model: { ...models, tickets: [], mailed: [], requests: 0 },
    real: { processes, ring: 'both', clock, challenges: [], codes: [] },
  };
}

const always = (): boolean => true;

const issue = (to: string | null, isRefused: boolean): Command => ({
  check: always,
  run: async (model, real) => {
    const { tokens, mailService, written } = real.processes[real.ring];
    const record = to === null ? model.beside : model.real;
    const name = `request ${model.requests++}`;
    const issuedBefore = record.issued;
    const expected = record.issue({ to, isRefused: isRefused && to !== null, name });
    mailService.isDown = isRefused;
    const result = await tokens.issue({ ...login, to }).catch(errorOf);
    compare(result, expected);
    if (!('challenge' in result)) return;
    real.challenges.push(result.challenge);
    model.tickets.push({ at: record.ticketAt(), isNull: to === null, key: rings[real.ring].names[0] });
    const { code = '' } = written.at(-1) ?? {};
    if (record.issued === issuedBefore) return;
    // Once in a hundred million two tokens share a code; the model knows tokens by their names.
    fc.pre(!real.codes.includes(code));
    real.codes.push(code);
    model.mailed.push({ name, isLong: result.long ?? false });
  },
  toString: () => `issue to ${to ?? 'nobody'}${isRefused ? ', refused' : ''}`,
});

/** A guess with the challenge before so many newer ones, of the code before so many newer ones; null is no code at all. */
const redeem = (newerChallenges: number, newerCodes: number | null, isLong = false): Command => ({
  check: ({ tickets, mailed }) => tickets.length > newerChallenges && mailed.length > (newerCodes ?? 0),
  run: async (model, real) => {
    const ticket = model.tickets[model.tickets.length - 1 - newerChallenges];
    const challenge = real.challenges[real.challenges.length - 1 - newerChallenges];
    const place = real.codes.length - 1 - (newerCodes ?? 0);
    const mailed = model.mailed[place];
    const code = real.codes[place];
    if (ticket === undefined || mailed === undefined || code === undefined)
      throw new Error('nothing to guess at');
    const isNone = newerCodes === null;
    const typed = isNone ? noCode(real.codes, isLong) : code;
    const record = ticket.isNull ? model.beside : model.real;
    const isKnown = record.keys.includes(ticket.key);
    const guess = {
      name: isNone ? null : mailed.name,
      isLong: isNone ? isLong : mailed.isLong,
      ticketAt: ticket.at,
    };
    const expected = isKnown ? record.redeem(guess) : { ok: false, reason: 'unknown' };
    compare(await real.processes[real.ring].tokens.redeem({ ...login, challenge, code: typed }), expected);
  },
  toString: () =>
    `redeem the code before ${newerCodes ?? 'none'} with the challenge before ${newerChallenges}`,
});

/** A code that was never mailed. */
function noCode(codes: readonly string[], isLong: boolean): string {
  if (isLong) return '33333-33333-33333-33333-33333';
  let code = '00000000';
  while (codes.includes(code)) code = wrongCode(code);
  return code;
}

const operate = (method: 'revoke' | 'unlock' | 'erase'): Command => ({
  check: always,
  run: async (model, real) => {
    // Two revocations in one millisecond are two that nobody can tell apart.
    advanceBoth(model, real, 1);
    model.real[method]();
    await real.processes[real.ring].tokens[method](login);
  },
  toString: () => method,
});

const advance = (ms: number): Command => ({
  check: always,
  run: (model, real) => {
    advanceBoth(model, real, ms);
    return Promise.resolve();
  },
  toString: () => `advance ${ms}`,
});

const changeKeys = (ring: Ring): Command => ({
  check: always,
  run: (model, real) => {
    real.ring = ring;
    model.real.keys = rings[ring].names;
    model.beside.keys = rings[ring].names;
    return Promise.resolve();
  },
  toString: () => `keys ${ring}`,
});

/** Guesses as an attacker does who leaves the last one to the customer: a right one clears the delay. */
const besiege = (rounds: number, guesses: number): Command => ({
  check: always,
  run: async (model, real) => {
    for (let round = 0; round < rounds; round++) {
      await issue(address, false).run(model, real);
      if (model.mailed.length === 0) return;
      for (let guess = 0; guess < guesses; guess++) await redeem(0, null).run(model, real);
      await redeem(0, 0).run(model, real);
      await advance(HOUR).run(model, real);
    }
  },
  toString: () => `besiege in ${rounds} rounds of ${guesses} guesses`,
});

/** Uses a token's attempts up, and waits until the delay is over. */
const exhaust: Command = {
  check: ({ mailed }) => mailed.length > 0,
  run: async (model, real) => {
    for (let guess = 0; guess < 5; guess++) await redeem(0, null).run(model, real);
    await advance(MINUTE).run(model, real);
    for (const code of [null, 0]) await redeem(0, code).run(model, real);
  },
  toString: () => 'exhaust',
};

function advanceBoth(model: Model, real: Real, ms: number): void {
  model.real.advance(ms);
  model.beside.advance(ms);
  real.clock.advance(ms);
}

const short = fc.constantFrom(SECOND, 20 * SECOND, MINUTE - 1, MINUTE, 2 * MINUTE, 4 * MINUTE, 10 * MINUTE);
const long = fc.constantFrom(15 * MINUTE - 1, 15 * MINUTE, HOUR, 2 * HOUR, DAY - 1, DAY, 30 * DAY);
const distances = fc.oneof(
  { weight: 12, arbitrary: short },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: HOUR }) },
  { weight: 1, arbitrary: long },
);
const places = fc.nat({ max: 3 });
const asks = [
  issue(address, false),
  issue(address, false),
  issue(address, false),
  issue(address, true),
] as const;
const others = [
  issue('other@example.com', false),
  issue('other@example.com', true),
  issue(null, false),
] as const;
const sieges = fc.tuple(fc.integer({ min: 1, max: 14 }), fc.constantFrom(1, 4, 4, 6));

const commands: fc.Arbitrary<Command>[] = [
  fc.constantFrom(...asks),
  fc.constantFrom(...asks, ...others),
  places.map((code) => redeem(0, code)),
  fc.tuple(places, places).map(([challenge, code]) => redeem(challenge, code)),
  fc.constantFrom(redeem(0, null), redeem(0, null), redeem(1, null), redeem(0, null, true), exhaust),
  fc.constantFrom(operate('revoke'), operate('unlock'), operate('erase'), ...asks, ...asks),
  fc.constantFrom<Ring>('both', 'both', 'both', 'reversed', 'reversed', 'fresh').map(changeKeys),
  distances.map(advance),
  distances.map(advance),
  fc.oneof(
    { weight: 5, arbitrary: distances.map(advance) },
    { weight: 1, arbitrary: sieges.map((siege) => besiege(...siege)) },
  ),
];

function errorOf(error: unknown): { error: string } {
  if (!isCountersignError(error)) throw error;
  return { error: error.code };
}

/** Compares everything in an answer but what is random, or only repeats the question. */
function compare(answer: object, expected: Expected): void {
  const repeated = ['challenge', 'subject', 'purpose'];
  const told = Object.entries(answer).filter(([name]) => !repeated.includes(name));
  const comparable = told.map(([name, value]): [string, unknown] => [name, inMs(value)]);
  expect(Object.fromEntries(comparable)).toEqual(expected);
  const { reason, error, sent, long } = expected;
  const kind =
    reason ?? error ?? (sent === undefined ? 'ok' : `${long ? 'long ' : ''}${sent ? 'sent' : 'joined'}`);
  seen.set(kind, (seen.get(kind) ?? 0) + 1);
}

function inMs(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}
