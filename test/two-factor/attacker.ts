import { email, type Flow, userId } from './flow.js';

const SECOND = 1000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

/** Which calls wrong codes are sent to, in turn. */
export type Target = 'app' | 'recovery' | 'mail' | 'all with an app' | 'all without an app';

/** When the next code is sent: after so many before it, at an instant of the last answer, which said when to come back. */
export type Rhythm = (sent: number, now: number, retryAt: number, missesInARow: number) => number;

/** Somebody who knows the password and sends wrong codes only: the simulation counts guesses, not luck. */
export class Attacker {
  /** When a code was looked at. */
  readonly evaluated: number[] = [];
  sent = 0;
  readonly #flow: Flow;
  readonly #target: Target;
  #challenge = 'none';
  #retryAt = 0;
  #missesInARow = 0;

  constructor(flow: Flow, target: Target) {
    this.#flow = flow;
    this.#target = target;
  }

  /** When he sends the next code. */
  next(rhythm: Rhythm): number {
    const now = this.#flow.around.clock.now();
    return rhythm(this.sent, now, this.#retryAt, this.#missesInARow);
  }

  /** The delay is gone when the customer has logged in. */
  noticeLogin(): void {
    this.#retryAt = this.#missesInARow = 0;
  }

  async send(): Promise<void> {
    const calls = callsOf[this.#target];
    const answer = await this[calls[this.sent++ % calls.length] ?? 'app']();
    if (answer.ok) throw new Error('a wrong code was accepted');
    if (answer.reason === 'mismatch') {
      this.evaluated.push(this.#flow.around.clock.now());
      this.#missesInARow++;
    }
    this.#retryAt = Math.max(this.#retryAt, answer.retryAt?.getTime() ?? 0);
  }

  app(): Promise<Answer> {
    return this.#flow.complete(this.#wrongCode());
  }

  recovery(): Promise<Answer> {
    return this.#flow.complete('AAAAA-AAAAA-AAAAA');
  }

  deactivate(): Promise<Answer> {
    return this.#flow.twoFactor.deactivate({ userId, code: this.#wrongCode() });
  }

  renew(): Promise<Answer> {
    return this.#flow.twoFactor.renewRecoveryCodes({ userId, code: this.#wrongCode() });
  }

  async confirm(): Promise<Answer> {
    const begun = await this.#flow.twoFactor.beginActivation({ userId, account: userId });
    if (begun.ok) this.#flow.secret = begun.secret;
    return this.#flow.twoFactor.confirmActivation({ userId, code: this.#wrongCode() });
  }

  /** Takes a new mail whenever he needs and gets one. */
  async mail(): Promise<Answer> {
    const answer = await this.#guessMail();
    if (answer.ok || !['unknown', 'expired', 'exhausted'].includes(answer.reason)) return answer;
    const begun = await this.#flow.twoFactor.begin({ userId, email });
    if (!begun.ok) return begun;
    if (begun.method === 'email') this.#challenge = begun.challenge;
    return this.#guessMail();
  }

  #guessMail(): Promise<Answer> {
    const right = this.#flow.around.mailbox.mails.at(-1)?.code;
    return this.#flow.complete(right === '000000' ? '000001' : '000000', this.#challenge);
  }

  #wrongCode(): string {
    const shown = [-2, -1, 0, 1, 2].map((steps) => this.#flow.appCode(steps));
    return (
      ['000000', '000001', '000002', '000003', '000004', '000005'].find((it) => !shown.includes(it)) ?? ''
    );
  }
}

type Answer =
  { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly retryAt?: Date };

const callsOf = {
  app: ['app'],
  recovery: ['recovery'],
  mail: ['mail'],
  'all with an app': ['app', 'recovery', 'deactivate', 'renew'],
  'all without an app': ['mail', 'confirm'],
} as const;

/** As soon as the last answer allows. */
export const asFastAsAllowed: Rhythm = (_, now, retryAt) => Math.max(now + SECOND, retryAt);

/** Four and no more, so that there is no delay; then he waits for the customer's next login. */
export const fourThenWait: Rhythm = (_, now, retryAt, missesInARow) =>
  missesInARow < 4 ? Math.max(now + SECOND, retryAt) : Infinity;

/** Bursts of so many codes, evenly spread over a span; one burst of all is a flood, bursts of one are a trickle. */
export function bursts(start: number, span: number, total: number, size: number, gap: number): Rhythm {
  const pause = span / Math.ceil(total / size);
  return (sent, now) => Math.max(now, start + Math.floor(sent / size) * pause + (sent % size) * gap);
}
