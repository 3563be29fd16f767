import { describe, expect, it } from 'vitest';
import { seeded } from '../support/seeded.js';
import {
  address,
  DAY,
  HOUR,
  login,
  MINUTE,
  SECOND,
  type TokenHarness,
  tokenHarness,
  wrongCode,
} from '../support/token-harness.js';

const YEAR = 365 * DAY;
const DAYS = Array.from({ length: 365 }, (_, day) => day);

/** The most that 50 failures in any 30 days leave room for: thirteen such windows begin in a year. */
const mostInAYear = 50 * Math.ceil(365 / 30);

describe('promise 4: whoever knows the password and guesses for a year', () => {
  it.each<[string, Attack]>([
    ['as fast as he may, beside the daily logins', { hasCustomer: true, freeGuesses: Infinity }],
    ['as fast as he may, alone', { hasCustomer: false, freeGuesses: Infinity }],
    ['four times a day, so that the daily login clears his delay', { hasCustomer: true, freeGuesses: 4 }],
  ])('%s, has 50 guesses evaluated in any 30 days and no more', async (name, attack) => {
    const { evaluated, logins } = await attackForAYear(attack);
    process.stderr.write(`a year of guesses ${name}: ${evaluated.length} evaluated, ${logins} logins\n`);
    expect(evaluated.length).toBeGreaterThan(100);
    expect(evaluated.length).toBeLessThanOrEqual(mostInAYear);
    for (const [index, instant] of evaluated.entries())
      expect((evaluated[index + 50] ?? Infinity) - instant).toBeGreaterThanOrEqual(30 * DAY);
  });
});

describe('a person who mistypes one login in twenty', () => {
  it.each([1, 2, 3])('and logs in ten times a day for a year is never refused: seed %i', async (seed) => {
    const random = seeded(seed);
    const harness = tokenHarness();
    let mistyped = 0;
    for (const day of DAYS) {
      for (let visit = 0; visit < 10; visit++) {
        harness.clock.set(START + day * DAY + 8 * HOUR + visit * HOUR + random.below(50 * MINUTE));
        mistyped += await logIn(harness, random.chance(1 / 20));
      }
    }
    expect(mistyped).toBeGreaterThan(100);
  });
});

const START = Date.UTC(2030, 0);

/** One login of a person who reads the mail, and corrects himself; anything but a success fails the test. */
async function logIn({ tokens, issue, clock }: TokenHarness, isMistyped: boolean): Promise<number> {
  const { challenge, code } = await issue();
  const guess = { ...login, challenge };
  clock.advance(20 * SECOND);
  if (isMistyped)
    expect(await tokens.redeem({ ...guess, code: wrongCode(code) })).toMatchObject({ reason: 'mismatch' });
  clock.advance(10 * SECOND);
  expect(await tokens.redeem({ ...guess, code })).toMatchObject({ ok: true });
  return Number(isMistyped);
}

interface Attack {
  /** Whether the customer logs in daily, which clears the delay. */
  readonly hasCustomer: boolean;
  /** After so many guesses in a row the attacker waits for the customer to clear the delay. */
  readonly freeGuesses: number;
}

interface AttackedYear {
  /** When a guess was evaluated. */
  readonly evaluated: number[];
  logins: number;
}

async function attackForAYear({ hasCustomer, freeGuesses }: Attack): Promise<AttackedYear> {
  const harness = tokenHarness();
  const attacker = new Attacker(harness, freeGuesses);
  let logins = 0;
  for (const day of DAYS) {
    const morning = START + day * DAY + 8 * HOUR;
    await attacker.attackUntil(morning);
    if (hasCustomer && (await logInIfPossible(harness, morning))) {
      logins++;
      attacker.noticeLogin();
    }
  }
  await attacker.attackUntil(START + YEAR);
  return { evaluated: attacker.evaluated, logins };
}

/** Guesses whenever a guess may be evaluated, and takes a new mail whenever he needs and gets one. */
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
      const next = this.#challenge === null ? await this.#issue() : await this.#guess(this.#challenge);
      clock.set(Math.min(next, end));
    }
  }

  noticeLogin(): void {
    this.#inARow = 0;
    this.#challenge = null;
  }

  /** @returns when to go on */
  async #issue(): Promise<number> {
    const { tokens, clock } = this.#harness;
    const issued = await tokens.issue({ ...login, to: address });
    if (!issued.ok) return issued.retryAt.getTime();
    this.#challenge = issued.challenge;
    return clock.now() + SECOND;
  }

  async #guess(challenge: string): Promise<number> {
    const { tokens, clock, mails } = this.#harness;
    // A guess that is known to be wrong: the simulation counts guesses, not luck.
    const code = wrongCode(mails.at(-1)?.code ?? '000000');
    const answer = await tokens.redeem({ ...login, challenge, code });
    if (answer.ok) throw new Error('a wrong code was accepted');
    if (answer.reason === 'mismatch') {
      this.evaluated.push(clock.now());
      this.#inARow++;
    }
    if (['unknown', 'expired', 'exhausted'].includes(answer.reason)) this.#challenge = null;
    return answer.retryAt?.getTime() ?? clock.now() + SECOND;
  }
}

/** A customer who waits out a cooldown, but gives up for the day where a wait is longer than ten minutes. */
async function logInIfPossible({ tokens, clock, mails }: TokenHarness, time: number): Promise<boolean> {
  clock.set(time);
  const patience = time + 10 * MINUTE;
  for (;;) {
    const issued = await tokens.issue({ ...login, to: address });
    if (!issued.ok && issued.retryAt.getTime() > patience) return false;
    clock.set(issued.ok ? clock.now() + 30 * SECOND : issued.retryAt);
    if (!issued.ok) continue;
    const code = mails.at(-1)?.code;
    const answer = await tokens.redeem({ ...login, challenge: issued.challenge, code });
    if (answer.ok) return true;
    if (answer.retryAt === undefined || answer.retryAt.getTime() > patience) return false;
    clock.set(answer.retryAt);
  }
}
