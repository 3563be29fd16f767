import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/two-factor/explain-policy.js';
import { type Seeded, seeded } from '../support/faults/seeded.js';
import {
  address,
  DAY,
  HOUR,
  login,
  MINUTE,
  SECOND,
  START,
  type TokenHarness,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';
import { isLong, quickOrFull } from '../support/harness/length.js';

const days = quickOrFull(45, 365);
const stated = explainPolicy().email;

describe(`promises 4 and 13: a stranger with the password guesses for ${days} days`, () => {
  it.each<[string, Attack]>([
    ['as fast as they may, beside the daily login', { hasCustomer: true, freeGuesses: Infinity }],
    ['as fast as they may, alone', { hasCustomer: false, freeGuesses: Infinity }],
    ['four times a day, so that the daily login clears the delay', { hasCustomer: true, freeGuesses: 4 }],
    [
      'eleven times in the hour before the login, so that it is delayed',
      { hasCustomer: true, freeGuesses: 11, beginsBefore: HOUR },
    ],
  ])('%s: 50 guesses in any 30 days, and the customer gets in every day', async (name, attack) => {
    const { evaluated, logins, longestWait } = await attackFor(days, attack);
    const waited = `longest wait ${Math.round(longestWait / MINUTE)} min`;
    process.stderr.write(
      `${days} days, ${name}: ${evaluated.length} evaluated, ${logins} logins, ${waited}\n`,
    );
    expect(evaluated.length).toBeGreaterThan(days / 4);
    for (const [index, instant] of evaluated.entries())
      expect((evaluated[index + 50] ?? Infinity) - instant).toBeGreaterThanOrEqual(30 * DAY);
    expect(logins).toBe(attack.hasCustomer ? days : 0);
    expect(longestWait).toBeLessThanOrEqual(HOUR);
    // What `explainPolicy` states for mail, in the worst case or, beside no customer, for a guesser alone.
    const bound = attack.hasCustomer ? stated : stated.alone;
    expect(evaluated.length).toBeLessThanOrEqual(bound.guessesPerYear);
    expect(evaluated.length / 1e6).toBeLessThanOrEqual(bound.chancePerYear);
  });

  it.runIf(isLong)('and the figure that is stated for a guesser alone is reached', async () => {
    const { evaluated } = await attackFor(days, { hasCustomer: false, freeGuesses: Infinity });
    expect(evaluated.length).toBeGreaterThan(0.9 * stated.alone.guessesPerYear);
  });
});

describe('a person who mistypes one login in twenty', () => {
  it.each(quickOrFull([1], [1, 2, 3]))(
    `and logs in ten times a day for ${days} days is never refused: seed %i`,
    async (seed) => {
      const random = seeded(seed);
      const harness = tokenHarness();
      let mistyped = 0;
      for (let day = 0; day < days; day++) {
        for (let visit = 0; visit < 10; visit++) {
          harness.clock.set(START + day * DAY + 8 * HOUR + visit * HOUR + random.below(50 * MINUTE));
          mistyped += await logIn(harness, random);
        }
      }
      expect(mistyped).toBeGreaterThan(days / 4);
    },
  );
});

/** One login of a person who reads the mail and may mistype once; anything but a success fails the test. */
async function logIn({ ask, answer, clock }: TokenHarness, random: Seeded): Promise<number> {
  const granted = await ask();
  const isMistyped = random.chance(1 / 20);
  clock.advance(20 * SECOND);
  if (isMistyped) expect(await answer(granted, wrongCode(granted.code))).toBe('mismatch');
  clock.advance(10 * SECOND);
  expect(await answer(granted)).toBe('ok');
  return Number(isMistyped);
}

interface Attack {
  /** Whether the customer logs in daily, which clears the delay. */
  readonly hasCustomer: boolean;
  /** After so many guesses in a row the attacker waits for the customer to clear the delay. */
  readonly freeGuesses: number;
  /** How long before the daily login the attacker begins; a whole day by default. */
  readonly beginsBefore?: number;
}

interface AttackedDays {
  /** When a guess was evaluated. */
  readonly evaluated: readonly number[];
  logins: number;
  longestWait: number;
}

async function attackFor(dayCount: number, attack: Attack): Promise<AttackedDays> {
  const { hasCustomer, freeGuesses, beginsBefore = DAY } = attack;
  const harness = tokenHarness();
  const attacker = new Attacker(harness, freeGuesses);
  const attacked: AttackedDays = { evaluated: attacker.evaluated, logins: 0, longestWait: 0 };
  for (let day = 0; day < dayCount; day++) {
    const morning = START + day * DAY + 8 * HOUR;
    harness.clock.set(Math.max(morning - beginsBefore, harness.clock.now()));
    await attacker.attackUntil(morning);
    if (!hasCustomer) continue;
    harness.clock.set(Math.max(morning, harness.clock.now()));
    const wait = await waitUntilIn(harness);
    if (wait === null) continue;
    attacked.logins++;
    attacked.longestWait = Math.max(attacked.longestWait, wait);
    attacker.noticeLogin();
  }
  await attacker.attackUntil(START + dayCount * DAY);
  return attacked;
}

/** Guesses whenever a guess may be evaluated, and takes a new mail whenever they need and get one. */
class Attacker {
  readonly evaluated: number[] = [];
  readonly #harness: TokenHarness;
  readonly #freeGuesses: number;
  #challenge: string | null = null;
  #inARow = 0;

  constructor(harness: TokenHarness, freeGuesses: number) {
    this.#harness = harness;
    this.#freeGuesses = freeGuesses;
  }

  async attackUntil(end: number): Promise<void> {
    const { clock } = this.#harness;
    while (clock.now() < end && this.#inARow < this.#freeGuesses) {
      const next = this.#challenge === null ? await this.#ask() : await this.#guess(this.#challenge);
      clock.set(Math.min(next, end));
    }
  }

  noticeLogin(): void {
    this.#inARow = 0;
    this.#challenge = null;
  }

  /** Returns when to go on. A long code is nothing to guess at. */
  async #ask(): Promise<number> {
    const { tokens, clock } = this.#harness;
    const issued = await tokens.issue({ ...login, to: address });
    if (!issued.ok) return issued.retryAt.getTime();
    this.#challenge = issued.challenge;
    return clock.now() + SECOND;
  }

  async #guess(challenge: string): Promise<number> {
    const { tokens, clock, mails } = this.#harness;
    // A guess that is known to be wrong: the simulation counts guesses, not luck.
    const digits = mails.filter(({ long = false }) => !long).at(-1)?.code ?? '000000';
    const answer = await tokens.redeem({ ...login, challenge, code: wrongCode(digits) });
    if (answer.ok) throw new Error('a wrong code was accepted');
    if (answer.reason === 'mismatch') {
      this.evaluated.push(clock.now());
      this.#inARow++;
    }
    if (!['unknown', 'expired', 'exhausted'].includes(answer.reason)) {
      return answer.retryAt?.getTime() ?? clock.now() + SECOND;
    }
    this.#challenge = null;
    return clock.now() + 5 * MINUTE;
  }
}

/** How long a customer has to wait who takes the mail that the page speaks of; null after an hour in vain. */
async function waitUntilIn({ tokens, clock, mails }: TokenHarness): Promise<number | null> {
  const begun = clock.now();
  while (clock.now() <= begun + HOUR) {
    const issued = await tokens.issue({ ...login, to: address });
    if (!issued.ok) {
      clock.set(issued.retryAt);
      continue;
    }
    const code = mails.filter(({ long = false }) => long === (issued.long ?? false)).at(-1)?.code;
    const answer = await tokens.redeem({ ...login, challenge: issued.challenge, code });
    if (answer.ok) return clock.now() - begun;
    clock.set(Math.max(answer.retryAt?.getTime() ?? 0, clock.now() + 30 * SECOND));
  }
  return null;
}
