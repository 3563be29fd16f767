import { createEmailTokens } from '../../../src/email-token/email-tokens.js';
import { looserThanRecommended } from '../../../src/email-token/policy.js';
import type { Send } from '../../../src/email-token/settings.js';
import type { TokenState } from '../../../src/email-token/token-state.js';
import { isCountersignError } from '../../../src/internal/errors.js';
import { memoryStore } from '../../../src/store/memory-store.js';
import { parseEnvelope, recordKey } from '../../../src/store/record.js';
import type { Store } from '../../../src/store/store.js';
import { type TestClock, testClock } from '../../../src/testing/test-clock.js';
import { scheduledStore } from '../faults/scheduled-store.js';
import { Scheduler } from '../faults/scheduler.js';
import { type Seeded, seeded } from '../faults/seeded.js';
import type { MakeStore } from './broken-stores.js';
import { address, bareMessage, DAY, key, login, MINUTE, START, stateIn, wrongCode } from './harness.js';

export type Act =
  | 'ask' // a mail to the customer's address
  | 'ask elsewhere' // a mail to another address
  | 'ask nowhere' // a null address
  | 'right' // the newest mailed code
  | 'old' // an older mailed code
  | 'wrong'
  | 'stranger' // the newest mailed code, under a challenge of a null address
  | 'revoke'
  | 'unlock'
  | 'erase';

/** One act of a run, seen from the caller. Instants are places in one order of all starts and answers. */
export interface Performed {
  readonly act: Act;
  readonly started: number;
  answered: number;
  /** `ok`, a reason, or the code of an error. */
  answer: string;
  /** The code that was typed, or that this request mailed. */
  code?: string;
  /** Of a granted request: its challenge. */
  challenge?: string;
  /** The request whose challenge a guess came with. */
  by?: Performed;
}

/** All that is known of a run. */
export interface Run {
  readonly seed: number;
  readonly maxAttempts: number;
  readonly freeFailures: number;
  readonly hasFaults: boolean;
  readonly acts: readonly Performed[];
  /** Codes in the order of their first mail. */
  readonly codes: readonly string[];
  /** The customer's state after each write that the store reported as done. */
  readonly states: readonly (TokenState | null)[];
}

/** How a run differs from the healthy one. */
export interface RunOptions {
  readonly makeStore?: MakeStore;
  /** How likely a call of the store or of the mail service fails; by default the seed decides. */
  readonly faultRate?: number;
}

/**
 * Runs three to ten acts at once against one account, in an order that the seed chooses, after a calm beginning; then
 * tries every code that was ever mailed, one after the other, and at last logs in as the customer does a day later.
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

const limits = { sendsPerHour: 60, sendsPerDay: 200, maxFailures: 100 };
const mixes: readonly [readonly [Act, ...Act[]], ...(readonly [Act, ...Act[]])[]] = [
  ['right', 'right', 'wrong', 'wrong', 'old', 'ask', 'revoke'],
  ['right', 'right', 'right', 'wrong', 'ask'],
  ['right', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong'],
  ['ask', 'ask', 'old', 'right'],
  ['ask', 'ask elsewhere', 'right', 'old', 'wrong'],
  ['ask nowhere', 'stranger', 'stranger', 'right', 'wrong'],
  ['right', 'wrong', 'unlock', 'ask', 'old', 'erase'],
];

class Play {
  readonly scheduler: Scheduler;
  readonly #seed: number;
  readonly #random: Seeded;
  readonly #clock: TestClock = testClock(START);
  readonly #network = { faultRate: 0 };
  readonly #plannedFaultRate: number;
  readonly #maxAttempts: number;
  readonly #freeFailures: number;
  readonly #tokens: ReturnType<typeof createEmailTokens>;
  readonly #acts: Performed[] = [];
  readonly #codes: string[] = [];
  readonly #states: (TokenState | null)[] = [];
  #order = 0;

  constructor(seed: number, { makeStore = ({ now }) => memoryStore({ now }), faultRate }: RunOptions) {
    const random = seeded(seed);
    this.#seed = seed;
    this.#random = random;
    this.scheduler = new Scheduler(random);
    this.#plannedFaultRate = faultRate ?? random.pick([0, 0, 0.05, 0.2]);
    this.#maxAttempts = random.pick([5, 5, 3, 2]);
    this.#freeFailures = random.pick([10, 10, 4]);
    this.#tokens = this.#create(makeStore({ now: this.#clock.now, scheduler: this.scheduler, random }));
  }

  async run(): Promise<Run> {
    await this.#settle([this.#perform('ask')]);
    this.#clock.advance(this.#random.pick([0, 2 * MINUTE, 11 * MINUTE]));
    if (this.#random.chance(0.4)) await this.#settle([this.#perform('ask')]);
    for (let wrong = this.#random.below(3); wrong > 0; wrong--) await this.#settle([this.#perform('wrong')]);
    this.#network.faultRate = this.#plannedFaultRate;
    const mix = this.#random.pick(mixes);
    const acts = Array.from({ length: 3 + this.#random.below(8) }, () => this.#random.pick(mix));
    await this.#settle(acts.map((act) => this.#performLater(act, this.#random.below(20))));
    this.#network.faultRate = 0;
    await this.#settle([this.#perform('ask')]);
    for (const code of [...this.#codes]) await this.#settle([this.#perform('right', code)]);
    this.#clock.advance(DAY);
    await this.#settle([this.#perform('ask')]);
    await this.#settle([this.#perform('right', this.#codes.at(-1))]);
    return {
      ...{ seed: this.#seed, maxAttempts: this.#maxAttempts, freeFailures: this.#freeFailures },
      ...{
        hasFaults: this.#plannedFaultRate > 0,
        acts: this.#acts,
        codes: this.#codes,
        states: this.#states,
      },
    };
  }

  #create(inner: Store): ReturnType<typeof createEmailTokens> {
    const network = this.#network;
    const store = scheduledStore(this.#watch(inner), {
      scheduler: this.scheduler,
      random: this.#random,
      get faultRate() {
        return network.faultRate;
      },
    });
    return createEmailTokens({
      ...{ store, keys: key, render: bareMessage, now: this.#clock.now, send: (mail) => this.#send(mail) },
      // With eight digits two tokens of a run share no code by chance.
      ...{ maxAttempts: this.#maxAttempts, resendAfterSeconds: 0, digits: 8 },
      limits: looserThanRecommended({ ...limits, freeFailures: this.#freeFailures }),
    });
  }

  /** Notes the customer's state after each write that the store reports as done. */
  #watch(inner: Store): Store {
    const name = recordKey('email-token', login.purpose, login.subject);
    return {
      read: (recordName) => inner.read(recordName),
      write: async (recordName, next, expected) => {
        const written = await inner.write(recordName, next, expected);
        const isGone = next === null || parseEnvelope(next.value).value === undefined;
        if (written && recordName === name) this.#states.push(isGone ? null : stateIn(next));
        return written;
      },
    };
  }

  async #send({ code, context }: Parameters<Send>[0]): Promise<void> {
    const isDown = this.#random.chance(this.#network.faultRate);
    await this.scheduler.turn();
    if (isDown) throw new Error('the mail service is down');
    if (!this.#codes.includes(code)) this.#codes.push(code);
    (context as Performed).code = code;
    await this.scheduler.turn();
  }

  async #settle(acts: readonly Promise<void>[]): Promise<void> {
    await this.scheduler.run(() => {
      this.#clock.advance(this.#random.chance(0.02) ? 100 : 1);
    });
    await Promise.all(acts);
  }

  async #performLater(act: Act, turns: number): Promise<void> {
    for (let waited = 0; waited < turns; waited++) await this.scheduler.turn();
    await this.#perform(act);
  }

  async #perform(act: Act, code?: string): Promise<void> {
    const performed: Performed = { act, started: this.#order++, answered: Infinity, answer: 'none' };
    this.#acts.push(performed);
    try {
      performed.answer = await this.#act(performed, code);
    } catch (error) {
      if (!isCountersignError(error)) throw error;
      performed.answer = error.code;
    }
    performed.answered = this.#order++;
  }

  async #act(performed: Performed, code: string | undefined): Promise<string> {
    switch (performed.act) {
      case 'ask':
        return this.#ask(performed, address);
      case 'ask elsewhere':
        return this.#ask(performed, 'other@example.com');
      case 'ask nowhere':
        return this.#ask(performed, null);
      case 'right':
      case 'old':
      case 'wrong':
      case 'stranger':
        return this.#guess(performed, code);
      case 'revoke':
      case 'unlock':
      case 'erase':
        await this.#tokens[performed.act](login);
        return 'ok';
    }
  }

  async #ask(performed: Performed, to: string | null): Promise<string> {
    const result = await this.#tokens.issue({ ...login, to, context: performed });
    if (!result.ok) return result.reason;
    performed.challenge = result.challenge;
    return 'ok';
  }

  /** With a code that was chosen, it comes with the newest challenge; otherwise the seed chooses both. */
  async #guess(performed: Performed, chosen: string | undefined): Promise<string> {
    const granted = this.#acts.filter(({ challenge }) => challenge !== undefined);
    const isNull = performed.act === 'stranger';
    const fitting = granted.filter(({ act }) => (act === 'ask nowhere') === isNull);
    const isNewest = chosen !== undefined || this.#random.chance(0.7);
    const by = isNewest ? fitting.at(-1) : fitting[this.#random.below(fitting.length)];
    const code = chosen ?? this.#aim(performed.act);
    performed.code = code;
    if (by !== undefined) performed.by = by;
    const result = await this.#tokens.redeem({ ...login, challenge: by?.challenge, code });
    return result.ok ? 'ok' : result.reason;
  }

  #aim(act: Act): string {
    const newest = this.#codes.at(-1) ?? '00000000';
    if (act === 'wrong') return wrongCode(newest, 1 + this.#random.below(1000));
    return act === 'old'
      ? this.#random.pick([this.#codes[0] ?? newest, this.#codes.at(-2) ?? newest])
      : newest;
  }
}
