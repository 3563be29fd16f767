import { createEmailTokens } from '../../src/email-token/email-tokens.js';
import { looserThanRecommended } from '../../src/email-token/policy.js';
import { parseState } from '../../src/email-token/state-text.js';
import { isCountersignError } from '../../src/internal/errors.js';
import { parseEnvelope } from '../../src/store/envelope.js';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { testClock } from '../../src/testing/test-clock.js';
import type { MakeStore } from './broken-stores.js';
import { scheduledStore } from './scheduled-store.js';
import { Scheduler } from './scheduler.js';
import { type Seeded, seeded } from './seeded.js';
import { bareMessage, key, login, wrongCode } from './token-harness.js';

export type Act = 'issue' | 'right' | 'wrong' | 'old' | 'revoke' | 'unlock';

/** A token that an `issue` has answered. */
export interface KnownToken {
  readonly challenge: string;
  readonly code: string;
  /** The act that issued it. */
  readonly by: Performed;
}

/** One act of a run, seen from the caller. Instants are places in one order of all starts and answers. */
export interface Performed {
  readonly act: Act;
  readonly started: number;
  answered: number;
  /** `ok`, a reason, or the code of an error. */
  answer: string;
  /** Which token a guess was aimed at. */
  token?: KnownToken;
}

/** All that is known of a run. */
export interface Run {
  readonly seed: number;
  readonly maxAttempts: number;
  readonly freeFailures: number;
  readonly hasFaults: boolean;
  readonly acts: readonly Performed[];
  /** Failures in the record after each write, in the order of the writes. */
  readonly failures: readonly number[];
}

/** How a run differs from the healthy one. */
export interface RunOptions {
  readonly makeStore?: MakeStore;
  /** How likely a call of the store fails; by default the seed decides. */
  readonly faultRate?: number;
}

/**
 * Runs three to eight acts at once against one subject and purpose, in an order that the seed chooses, after a calm
 * beginning; then tries every code that was ever mailed, one after the other.
 */
export async function runInterleaving(seed: number, options: RunOptions = {}): Promise<Run> {
  const play = new Play(seed, options);
  const giveBack = play.scheduler.takeTimers();
  try {
    return await play.run();
  } finally {
    giveBack();
  }
}

const openLimits = { sendsPerHour: 60, sendsPerDay: 200, maxFailures: 100 };
const mixes: readonly [readonly [Act, ...Act[]], ...(readonly [Act, ...Act[]])[]] = [
  ['right', 'right', 'wrong', 'wrong', 'old', 'issue', 'revoke'],
  ['right', 'right', 'right', 'wrong'],
  ['right', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong'],
  ['issue', 'issue', 'old', 'right'],
  ['issue', 'right', 'old', 'wrong', 'revoke'],
  ['right', 'wrong', 'unlock', 'issue', 'old'],
];

class Play {
  readonly scheduler: Scheduler;
  readonly #seed: number;
  readonly #random: Seeded;
  readonly #clock = testClock();
  readonly #network: { faultRate: number };
  readonly #plannedFaultRate: number;
  readonly #tokens: ReturnType<typeof createEmailTokens>;
  readonly #maxAttempts: number;
  readonly #freeFailures: number;
  readonly #acts: Performed[] = [];
  readonly #known: KnownToken[] = [];
  readonly #failures: number[] = [];
  readonly #codes = new Map<string, string>();
  #order = 0;

  constructor(seed: number, { makeStore = ({ now }) => memoryStore({ now }), faultRate }: RunOptions) {
    const random = seeded(seed);
    this.#seed = seed;
    this.#random = random;
    this.scheduler = new Scheduler(random);
    this.#plannedFaultRate = faultRate ?? random.pick([0, 0, 0.05, 0.2]);
    this.#maxAttempts = random.pick([5, 5, 3, 2]);
    this.#freeFailures = random.pick([10, 10, 4]);
    this.#network = { faultRate: 0 };
    const inner = makeStore({ now: this.#clock.now, scheduler: this.scheduler, random });
    this.#tokens = this.#create(this.#watch(inner));
  }

  async run(): Promise<Run> {
    await this.#settle([this.#perform('issue', 0)]);
    if (this.#random.chance(0.4)) await this.#settle([this.#perform('issue', 0)]);
    for (let wrong = this.#random.below(3); wrong > 0; wrong--)
      await this.#settle([this.#perform('wrong', 0)]);
    this.#network.faultRate = this.#plannedFaultRate;
    const mix = this.#random.pick(mixes);
    const count = 3 + this.#random.below(6);
    const acts = Array.from({ length: count }, () => this.#random.pick(mix));
    await this.#settle(acts.map((act) => this.#perform(act, this.#random.below(20))));
    this.#network.faultRate = 0;
    for (const token of [...this.#known]) await this.#settle([this.#perform('right', 0, token)]);
    return {
      seed: this.#seed,
      maxAttempts: this.#maxAttempts,
      freeFailures: this.#freeFailures,
      hasFaults: this.#plannedFaultRate > 0,
      acts: this.#acts,
      failures: this.#failures,
    };
  }

  #create(inner: Store): ReturnType<typeof createEmailTokens> {
    const { scheduler } = this;
    const network = this.#network;
    const store = scheduledStore(inner, {
      scheduler,
      random: this.#random,
      get faultRate() {
        return network.faultRate;
      },
    });
    return createEmailTokens({
      store,
      keys: key,
      send: ({ to, code }) => this.#send(to, code),
      render: bareMessage,
      now: this.#clock.now,
      maxAttempts: this.#maxAttempts,
      resendAfterSeconds: 0,
      limits: looserThanRecommended({ ...openLimits, freeFailures: this.#freeFailures }),
    });
  }

  /** Notes what the record says of failures after each write that the store reports as done. */
  #watch(inner: Store): Store {
    return {
      read: (name) => inner.read(name),
      write: async (name, next, expected) => {
        const written = await inner.write(name, next, expected);
        const value = next && parseEnvelope(next.value).value;
        if (written) this.#failures.push(value ? parseState(value).failures.at.length : 0);
        return written;
      },
    };
  }

  async #send(to: string, code: string): Promise<void> {
    const isDown = this.#random.chance(this.#network.faultRate);
    await this.scheduler.turn();
    if (isDown) throw new Error('the mail service is down');
    this.#codes.set(to, code);
  }

  async #settle(acts: readonly Promise<void>[]): Promise<void> {
    await this.scheduler.run(() => {
      this.#clock.advance(this.#random.chance(0.02) ? 100 : 1);
    });
    await Promise.all(acts);
  }

  async #perform(act: Act, turns: number, token?: KnownToken): Promise<void> {
    for (let waited = 0; waited < turns; waited++) await this.scheduler.turn();
    const performed: Performed = { act, started: this.#order++, answered: Infinity, answer: 'none' };
    this.#acts.push(performed);
    try {
      performed.answer = await this.#act(performed, token);
    } catch (error) {
      if (!isCountersignError(error)) throw error;
      performed.answer = error.code;
    }
    performed.answered = this.#order++;
  }

  async #act(performed: Performed, token: KnownToken | undefined): Promise<string> {
    switch (performed.act) {
      case 'issue':
        return this.#issue(performed);
      case 'revoke':
        await this.#tokens.revoke(login);
        return 'ok';
      case 'unlock':
        await this.#tokens.unlock(login);
        return 'ok';
      case 'right':
      case 'wrong':
      case 'old':
        return this.#redeem(performed, token ?? this.#aim(performed.act));
    }
  }

  async #issue(performed: Performed): Promise<string> {
    // An address of its own tells which mail belongs to which act.
    const to = `customer+${this.#acts.length}@example.com`;
    const result = await this.#tokens.issue({ ...login, to });
    if (!result.ok) return result.reason;
    const code = this.#codes.get(to) ?? 'never mailed';
    this.#known.push({ challenge: result.challenge, code, by: performed });
    return 'ok';
  }

  async #redeem(performed: Performed, token: KnownToken | undefined): Promise<string> {
    if (token === undefined) throw new Error('no token to aim at');
    performed.token = token;
    const { challenge, code } = token;
    const typed = performed.act === 'wrong' ? wrongCode(code) : code;
    const result = await this.#tokens.redeem({ ...login, challenge, code: typed });
    return result.ok ? 'ok' : result.reason;
  }

  #aim(act: Act): KnownToken | undefined {
    const older = this.#known.slice(0, -1);
    const isOld = act === 'old' && older.length > 0;
    return isOld ? older[this.#random.below(older.length)] : this.#known.at(-1);
  }
}
