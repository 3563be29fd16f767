import { looserThanRecommended } from '../../src/email-token/policy.js';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { parseEnvelope } from '../../src/store/envelope.js';
import { parseAccount } from '../../src/two-factor/account-text.js';
import { scheduledStore } from '../support/scheduled-store.js';
import { Scheduler } from '../support/scheduler.js';
import { type Seeded, seeded } from '../support/seeded.js';
import { type Flow, setUp, userId } from './flow.js';

/** What happens beside a confirmation. */
export type Act = 'older mail' | 'new mail' | 'stale challenge' | 'begin' | 'begin activation';

/** A mail that was sent, and the challenge that its login was given. */
interface Mailed {
  readonly code: string;
  readonly challenge: string;
}

/** A login by mail, seen from the caller; instants are places in one order. */
export interface MailLogin {
  readonly act: Act;
  readonly started: number;
  readonly ok: boolean;
}

/** All that is known of a run. */
export interface Run {
  readonly flow: Flow;
  /** When the confirmation was answered with a yes; `Infinity` if it was not. */
  readonly confirmedAt: number;
  readonly logins: readonly MailLogin[];
  readonly mails: readonly Mailed[];
  /** Whether a record was ever written that held both an app and a live mailed token. */
  readonly hadTwoFactors: boolean;
}

/**
 * Confirms an activation, beside logins by mail at other processes, in an order of store calls that the seed chooses.
 * WebCrypto has threads of its own, so that a seed repeats itself nearly always, and not for certain.
 */
export async function runInterleaved(seed: number): Promise<Run> {
  const play = new Play(seeded(seed));
  const giveBack = play.scheduler.takeTimers();
  try {
    return await play.run();
  } finally {
    giveBack();
  }
}

const acts: readonly [Act, ...Act[]] = [
  'older mail',
  'new mail',
  'stale challenge',
  'begin',
  'begin activation',
];
const limits = looserThanRecommended({ sendsPerHour: 60, sendsPerDay: 200, freeFailures: 10 });

class Play {
  readonly scheduler: Scheduler;
  readonly #random: Seeded;
  readonly #calm: Flow;
  readonly #flow: Flow;
  readonly #mails: Mailed[] = [];
  readonly #logins: MailLogin[] = [];
  #hadTwoFactors = false;
  #confirmedAt = Infinity;
  #order = 0;

  constructor(random: Seeded) {
    this.#random = random;
    this.scheduler = new Scheduler(random);
    const store = this.#watch(memoryStore({ now: () => 0 }));
    this.#calm = setUp({ store, resendAfterSeconds: 0, limits });
    const { scheduler } = this;
    this.#flow = this.#calm.with({
      store: scheduledStore(store, { scheduler, random, faultRate: 0 }),
      send: async (mail) => {
        await scheduler.turn();
        await this.#calm.around.mailbox.send(mail);
      },
    });
  }

  async run(): Promise<Run> {
    this.#mails.push(await this.#calm.mail());
    const begun = await this.#calm.twoFactor.beginActivation({ userId, account: userId });
    if (begun.ok) this.#calm.secret = begun.secret;
    const others = Array.from({ length: 2 + this.#random.below(4) }, () => this.#random.pick(acts));
    await this.#settle([this.#confirm(), ...others.map((act) => this.#perform(act))]);
    return {
      flow: this.#calm,
      confirmedAt: this.#confirmedAt,
      logins: this.#logins,
      mails: this.#mails,
      hadTwoFactors: this.#hadTwoFactors,
    };
  }

  #watch(inner: Store): Store {
    return {
      read: (key) => inner.read(key),
      write: async (key, next, expected) => {
        const value = next && parseEnvelope(next.value).value;
        const state = value ? parseAccount(value) : null;
        const written = await inner.write(key, next, expected);
        if (written && state?.app && state.mail.token) this.#hadTwoFactors = true;
        return written;
      },
    };
  }

  /** Until all acts are over: while WebCrypto works, nobody waits for a turn. */
  async #settle(running: readonly Promise<void>[]): Promise<void> {
    const progress = { isOver: false };
    const all = Promise.all(running).finally(() => (progress.isOver = true));
    while (!progress.isOver) await this.scheduler.run();
    await all;
  }

  async #confirm(): Promise<void> {
    await this.#waitSome();
    const code = this.#calm.appCode();
    const { ok } = await this.#flow.twoFactor.confirmActivation({ userId, code });
    if (ok) this.#confirmedAt = this.#order++;
  }

  async #perform(act: Act): Promise<void> {
    const [older] = this.#mails;
    await this.#waitSome();
    if (act === 'begin activation') {
      await this.#flow.twoFactor.beginActivation({ userId, account: userId });
      return;
    }
    const newer = act === 'older mail' ? null : await this.#begin();
    if (act === 'begin') return;
    const { code, challenge } = newer ?? older ?? { code: '', challenge: '' };
    await this.#waitSome();
    const started = this.#order++;
    const named = act === 'stale challenge' ? older?.challenge : challenge;
    const { ok } = await this.#flow.complete(code, named);
    this.#logins.push({ act, started, ok });
  }

  /** An address of its own tells which mail belongs to which login. */
  async #begin(): Promise<Mailed | null> {
    const to = `customer+${this.#order++}@example.com`;
    const begun = await this.#flow.twoFactor.begin({ userId, email: to });
    if (!begun.ok || begun.method !== 'email') return null;
    const code = this.#calm.around.mailbox.mails.find((mail) => mail.to === to)?.code ?? '';
    const mailed = { code, challenge: begun.challenge };
    this.#mails.push(mailed);
    return mailed;
  }

  async #waitSome(): Promise<void> {
    for (let turns = this.#random.below(12); turns > 0; turns--) await this.scheduler.turn();
  }
}
