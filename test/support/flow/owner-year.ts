/** A year under siege, and a customer who wants in at random instants of it. */
import { testClock } from '../../../src/testing/test-clock.js';
import type { OutgoingMail } from '../../../src/email-token/settings.js';
import type { TwoFactorOptions } from '../../../src/two-factor/options.js';
import { bareMail, cookieOf, Flow, repeat, setUp } from './flow.js';
import { seeded } from '../faults/seeded.js';
import { logInUnderSiege } from './siege.js';
import { ForkableStore } from './stores.js';
import { DAY, HOUR, MINUTE, SECOND } from './time.js';

/** How long the siege lasts, and how often the customer tries. */
export interface Siege {
  readonly days: number;
  readonly instants: number;
  readonly seed: number;
}

/** What the customer found, in the worst of all instants. */
export interface Worst {
  /** At how many instants they tried, and got in. */
  readonly tried: number;
  readonly letIn: number;
  readonly longestWaitMs: number;
  /** How many logins were by the long code. */
  readonly byLongCode: number;
  /** How many of the stranger's guesses were evaluated. */
  readonly evaluated: number;
}

/** What the customer does. */
interface Customer {
  /** One try at a moment of the siege: the wait, or null if they did not get in. */
  readonly attempt: (
    moment: Flow,
  ) => Promise<{ readonly waitedMs: number; readonly isLong?: boolean } | null>;
  /** What keeps their browser a known one, every other month. */
  readonly visit?: (flow: Flow) => Promise<unknown>;
}

/** With a recovery code, from an unknown browser: one login, and no more. */
export function byRecoveryCode(siege: Siege): Promise<Worst> {
  return endure(siege, async (flow) => {
    const [code] = await flow.activate();
    return { attempt: async (moment) => ((await moment.logIn(code)).ok ? { waitedMs: 0 } : null) };
  });
}

/** From a known browser, with the app. */
export function fromKnownBrowserByApp(siege: Siege): Promise<Worst> {
  return endure(siege, async (flow) => {
    await flow.activate();
    const browser = await flow.cookie();
    const attempt = async (moment: Flow): Promise<{ waitedMs: number } | null> => {
      const since = moment.clock.now();
      for (let time = 0; time < 4; time++) {
        const { ok } = await moment.logIn(moment.appCode(), { browser });
        if (ok) return { waitedMs: moment.clock.now() - since };
        moment.clock.advance(30 * SECOND);
      }
      return null;
    };
    return { attempt, visit: (main) => main.logIn(main.appCode(), { browser }) };
  });
}

/** From a known browser, by mail; and at once again, since a success gives the stranger free guesses. */
export function fromKnownBrowserByMail(siege: Siege): Promise<Worst> {
  return endure(siege, async (flow) => {
    const browser = cookieOf(await flow.logInByMail());
    const attempt = async (moment: Flow): Promise<{ waitedMs: number } | null> => {
      const logins = await repeat(3, () => logInUnderSiege(moment, browser)).catch(() => null);
      return logins && { waitedMs: Math.max(...logins.map(({ waitedMs }) => waitedMs)) };
    };
    return { attempt, visit: (main) => logInUnderSiege(main, browser) };
  });
}

/** With mail only, from an unknown browser; a day later once more. */
export function byMailOnly(siege: Siege): Promise<Worst> {
  return endure(siege, () => {
    const attempt: Customer['attempt'] = async (moment) => {
      const first = await logInUnderSiege(moment).catch(() => null);
      moment.clock.advance(DAY);
      const second = first && (await logInUnderSiege(moment).catch(() => null));
      if (first === null || second === null) return null;
      return {
        waitedMs: Math.max(first.waitedMs, second.waitedMs),
        isLong: first.isLong || second.isLong,
      };
    };
    return Promise.resolve({ attempt });
  });
}

/** The options of the siege: the defaults. */
export const siegeOptions: Partial<TwoFactorOptions> = { render: bareMail };

async function endure(
  { days, instants, seed }: Siege,
  prepare: (flow: Flow) => Promise<Customer>,
): Promise<Worst> {
  const random = seeded(seed);
  const store = new ForkableStore();
  const flow = setUp({ ...siegeOptions, store });
  const { attempt, visit } = await prepare(flow);
  const start = flow.clock.now() + HOUR;
  const moments = Array.from({ length: instants }, () => start + Math.floor(random.next() * days * DAY));
  const stranger = new Stranger(flow);
  const waits: number[] = [];
  let byLongCode = 0;
  let visited = start;
  for (const moment of moments.sort((a, b) => a - b)) {
    await stranger.besiegeUntil(moment);
    if (moment > visited + 60 * DAY) {
      await visit?.(flow);
      visited = moment;
    }
    const found = await attempt(fork(flow, store));
    if (found !== null) waits.push(found.waitedMs);
    byLongCode += Number(found?.isLong ?? false);
  }
  const [longestWaitMs, letIn] = [Math.max(...waits), waits.length];
  return { tried: instants, letIn, longestWaitMs, byLongCode, evaluated: stranger.evaluated };
}

/** A stranger with the password: guesses as soon as a guess is evaluated, and asks for a mail as soon as one can be had. */
class Stranger {
  evaluated = 0;
  readonly #flow: Flow;
  #next = 0;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  async besiegeUntil(end: number): Promise<void> {
    const { clock } = this.#flow;
    while (this.#next < end) {
      clock.set(Math.max(this.#next, clock.now()));
      await this.#act();
    }
    clock.set(end);
  }

  async #act(): Promise<void> {
    const { clock } = this.#flow;
    const begun = await this.#flow.begin();
    const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
    const answer = await this.#flow.complete(this.#flow.wrongCode(), { challenge });
    if (answer.ok) throw new Error('a wrong code was accepted');
    this.evaluated += Number(answer.reason === 'mismatch');
    const mailAt = begun.ok ? ('resendAt' in begun ? begun.resendAt : undefined) : begun.retryAt;
    const times = [mailAt, answer.retryAt].flatMap((at) =>
      at && at.getTime() > clock.now() ? at.getTime() : [],
    );
    this.#next = times.length === 0 ? clock.now() + MINUTE : Math.min(...times);
  }
}

/** The same moment with a clock, a store and a mailbox of its own. */
function fork(flow: Flow, store: ForkableStore): Flow {
  const clock = testClock(flow.clock.now());
  const mails: OutgoingMail[] = [...flow.mails];
  const send = (mail: OutgoingMail): Promise<void> => {
    mails.push(mail);
    return Promise.resolve();
  };
  const mailbox = { mails, send, refuseNext: (): void => undefined };
  const options = { ...flow.options, store: store.fork(), send, now: clock.now };
  const moment = new Flow(options, { clock, mailbox, events: [] }, flow.userId);
  moment.secret = flow.secret;
  return moment;
}
