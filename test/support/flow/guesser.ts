/**
 * A stranger who knows the password and guesses for a year, through the public calls alone. They send wrong codes only:
 * what is counted is how many were evaluated. None of this knows how the policy reckons.
 */
import type { TwoFactorOptions } from '../../../src/two-factor/options.js';
import { bareMail, cookieOf, type Flow, repeat, setUp, userId } from './flow.js';
import { DAY, HOUR, SECOND, STEP } from './time.js';

/** When the stranger sends the next code: from now, when the last answer said to come back, and how many they have sent. */
export type Rhythm = (now: number, retryAt: number, sent: number) => number;

/** What is guessed at, with whose help, and how. */
export interface Plan {
  readonly factor: 'email' | 'app';
  /** Whether every known browser was stolen, and the customer logs in whenever that helps. */
  readonly hasHelp: boolean;
  readonly rhythm: Rhythm;
  /** How long after a login the customer's next one is, in ms; by default they log in after every guess. */
  readonly loginEvery?: number;
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

/** So many guesses as soon as allowed, then silence: as long as the rolling window, it makes the throttle forget all. */
export function inRows(length: number, silence: number): Rhythm {
  return (now, retryAt, sent) => (sent % length === 0 ? now + silence : asSoonAsAllowed(now, retryAt, sent));
}

const YEAR = 365 * DAY;
/** How long a browser is known by default. */
const KNOWN_SECONDS = 180 * 86_400;

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
  readonly #knownMs: number;
  #lastLogin = -Infinity;
  #wasLocked = false;
  #hadNoMail = false;

  constructor(flow: Flow, plan: Plan) {
    this.#flow = flow;
    this.#plan = plan;
    this.#start = flow.clock.now();
    this.#knownMs = (flow.options.browsers?.knownSeconds ?? KNOWN_SECONDS) * SECOND;
  }

  async run(): Promise<void> {
    const { clock } = this.#flow;
    const { hasHelp, rhythm } = this.#plan;
    if (hasHelp) await this.#spendBrowsers();
    while (clock.now() < this.#start + YEAR) {
      await this.#guess(undefined);
      if (hasHelp) await this.#waitForHelp();
      await this.#passTime(rhythm(clock.now(), this.#retryAt, this.#sent));
      // Nobody unknown gets in while the account is locked, so the row would grow with each guess that a lock lets through.
      if (this.#wasLocked && this.#own === undefined) await this.#help();
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

  /** So many failures of a browser, as far as mails allow before it is forgotten. */
  async #spend(cookie: string, failures: number): Promise<void> {
    const end = this.evaluatedAt.length + failures;
    const forgottenAt = this.#flow.clock.now() + this.#knownMs;
    while (this.evaluatedAt.length < end && this.#flow.clock.now() < forgottenAt) {
      const before = this.evaluatedAt.length;
      await this.#guess(cookie);
      const { clock } = this.#flow;
      if (this.evaluatedAt.length === before) clock.set(Math.max(clock.now() + 60 * SECOND, this.#retryAt));
    }
  }

  /** One wrong code, with a fresh challenge. */
  async #guess(browser: string | undefined): Promise<void> {
    const flow = this.#flow;
    let begun = await flow.begin({ browser });
    if (!begun.ok && begun.reason !== 'locked' && this.#own !== undefined) {
      // A mail that the customer asks for at their own browser's expense serves a stranger too.
      await flow.begin({ browser: this.#own });
      begun = await flow.begin({ browser });
    }
    this.#hadNoMail = !begun.ok;
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
    const isDue = this.#flow.clock.now() >= this.#lastLogin + (this.#plan.loginEvery ?? 0);
    this.#wasLocked = lockedUntil !== null;
    if (lockedUntil !== null) this.#retryAt = lockedUntil.getTime();
    else if (isDue) {
      await this.#help();
      // Asking in every second for a mail that is hours away would take the real time of the proof, and get nothing.
      this.#retryAt = this.#hadNoMail ? Math.min(this.#retryAt, this.#lastLogin + HOUR) : 0;
    }
  }

  /** A login from the customer's own browser, which may get a new cookie. */
  async #help(): Promise<void> {
    const cookie = await this.#logIn(this.#own);
    if (this.#own !== undefined) this.#own = cookie;
    this.#lastLogin = this.#flow.clock.now();
  }

  /** Meanwhile the customer logs in so often that their own browser stays known, also while the account is locked. */
  async #passTime(until: number): Promise<void> {
    const { clock } = this.#flow;
    while (this.#own !== undefined && until - clock.now() > this.#knownMs / 2) {
      clock.advance(this.#knownMs / 2);
      await this.#help();
    }
    clock.set(Math.max(until, clock.now()));
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
