/**
 * A stranger who knows the password and guesses for a year, through the public calls alone. They send wrong codes only:
 * what is counted is how many were evaluated. None of this knows how the policy reckons.
 */
import type { TwoFactorOptions } from '../../../src/two-factor/options.js';
import { bareMail, cookieOf, type Flow, repeat, setUp, userId } from './flow.js';
import { DAY, SECOND, STEP } from './time.js';

/** When the stranger sends the next code: from now, when the last answer said to come back, and how many they have sent. */
export type Rhythm = (now: number, retryAt: number, sent: number) => number;

/** What is guessed at, with whose help, and how. */
export interface Plan {
  readonly factor: 'email' | 'app';
  /** Whether every known browser was stolen, and the customer logs in whenever that helps. */
  readonly hasHelp: boolean;
  readonly rhythm: Rhythm;
}

/** What came of it. */
export interface Guesses {
  /** When a guess was evaluated. */
  readonly evaluatedAt: readonly number[];
  /** The most failures without a success in between, over all browsers. */
  readonly longestRow: number;
}

/** As soon as the last answer allows. */
export const asSoonAsAllowed: Rhythm = (now, retryAt) => Math.max(now + SECOND, retryAt);

/** Other ways to spend a year. */
export const rhythms: Readonly<Record<string, Rhythm>> = {
  'as soon as allowed': asSoonAsAllowed,
  'once a day': (now, retryAt) => Math.max(now + DAY, retryAt),
  'every hour': (now, retryAt) => Math.max(now + DAY / 24, retryAt),
  'in bursts of four': (now, retryAt, sent) => Math.max(now + (sent % 4 === 0 ? DAY : SECOND), retryAt),
  'in bursts of fifty': (now, retryAt, sent) =>
    Math.max(now + (sent % 50 === 0 ? 30 * DAY : SECOND), retryAt),
  'all at once, then a month of silence': (now, retryAt, sent) =>
    sent % 17 === 0 ? now + 31 * DAY : Math.max(now + SECOND, retryAt),
};

const YEAR = 365 * DAY;

/** Guesses for a year. */
export async function guessForAYear(options: Partial<TwoFactorOptions>, plan: Plan): Promise<Guesses> {
  const flow = setUp({ ...options, render: bareMail });
  if (plan.factor === 'app') await activateAll(flow, options.maxApps ?? 1);
  const guesser = new Guesser(flow, plan);
  await guesser.run();
  return { evaluatedAt: guesser.evaluatedAt, longestRow: guesser.longestRow };
}

async function activateAll(flow: Flow, apps: number): Promise<void> {
  const recovery = await flow.activate();
  for (let app = 1; app < apps; app++) await flow.activateWith(recovery[app]);
}

class Guesser {
  readonly evaluatedAt: number[] = [];
  longestRow = 0;
  #row = 0;
  #sent = 0;
  #retryAt = 0;
  /** The customer's own browser, which has a failure left and so stays known. */
  #own: string | undefined;
  readonly #flow: Flow;
  readonly #plan: Plan;
  readonly #start: number;

  constructor(flow: Flow, plan: Plan) {
    this.#flow = flow;
    this.#plan = plan;
    this.#start = flow.clock.now();
  }

  async run(): Promise<void> {
    const { clock } = this.#flow;
    const { hasHelp, rhythm } = this.#plan;
    if (hasHelp) await this.#spendBrowsers();
    while (clock.now() < this.#start + YEAR) {
      await this.#guess(undefined);
      if (hasHelp) await this.#waitForHelp();
      clock.set(rhythm(clock.now(), this.#retryAt, this.#sent));
    }
    if (this.#own !== undefined) await this.#spend(this.#own, 1);
  }

  /** The customer makes as many browsers known as there can be; the stranger has all their cookies. */
  async #spendBrowsers(): Promise<void> {
    const max = this.#flow.options.browsers?.max ?? 8;
    const cookies = await repeat(max, () => this.#logIn(undefined));
    this.#own = cookies.at(-1);
    for (const cookie of cookies) await this.#spend(cookie, cookie === this.#own ? 5 : 6);
  }

  /** So many failures of a browser. */
  async #spend(cookie: string, failures: number): Promise<void> {
    const end = this.evaluatedAt.length + failures;
    while (this.evaluatedAt.length < end) {
      const before = this.evaluatedAt.length;
      await this.#guess(cookie);
      if (this.evaluatedAt.length === before) this.#flow.clock.advance(60 * SECOND);
    }
  }

  /** One wrong code, with a fresh challenge. */
  async #guess(browser: string | undefined): Promise<void> {
    const flow = this.#flow;
    const begun = await flow.begin({ browser });
    const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
    const answer = await flow.complete(this.#wrongCode(), { challenge, browser });
    if (answer.ok) throw new Error('a wrong code was accepted');
    this.#sent++;
    const isEvaluated = answer.reason === 'mismatch';
    const retryAt = (begun.ok ? answer.retryAt : begun.retryAt)?.getTime();
    // There is no token to guess at, and none to be had for a while.
    this.#retryAt = retryAt ?? (isEvaluated ? 0 : flow.clock.now() + 60 * SECOND);
    if (!isEvaluated) return;
    this.evaluatedAt.push(flow.clock.now());
    this.#row++;
    this.longestRow = Math.max(this.longestRow, this.#row);
  }

  /** A delay is what the customer's next login ends; a lock is not. So is a token that takes no more guesses. */
  async #waitForHelp(): Promise<void> {
    const { lockedUntil } = await this.#flow.twoFactor.status(userId);
    if (lockedUntil === null) await this.#logIn(this.#own);
    this.#retryAt = lockedUntil?.getTime() ?? 0;
  }

  /** The customer logs in, however long that takes. */
  async #logIn(browser: string | undefined): Promise<string> {
    const flow = this.#flow;
    for (let attempt = 0; attempt < 100; attempt++) {
      const begun = await flow.begin({ browser });
      const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
      const mail = flow.mails.at(-1)?.code;
      const code = this.#plan.factor === 'app' ? flow.appCode() : mail;
      const answer = await flow.complete(code, { challenge, browser });
      flow.clock.advance(STEP);
      if (!answer.ok) {
        const retryAt = (begun.ok ? answer.retryAt : begun.retryAt)?.getTime() ?? 0;
        flow.clock.set(Math.max(retryAt, flow.clock.now()));
        continue;
      }
      this.#row = 0;
      return answer.browser === undefined ? '' : cookieOf(answer);
    }
    throw new Error('the customer does not get in');
  }

  /** Six digits that are shown nowhere now; looking at every app each time would take longer than all the rest. */
  #wrongCode(): string {
    const mail = this.#flow.mails.at(-1)?.code;
    const { scanned, options } = this.#flow;
    const { past = 1, future = 1 } = options.window ?? {};
    const accepted = Array.from({ length: past + 1 + future }, (_, index) => index - past);
    const shown = accepted.flatMap((steps) => scanned.map((secret) => this.#flow.appCode(steps, secret)));
    return (
      ['000000', '000001', '000002', '000003'].find((code) => code !== mail && !shown.includes(code)) ?? ''
    );
  }
}
