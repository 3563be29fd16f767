import { DAY, HOUR, MINUTE, SECOND } from './token-harness.js';

/** What a call is to answer: instants as ms, and what is absent left out. */
export type Expected = Readonly<Record<string, unknown>>;

/**
 * The tokens of one subject and purpose as the documentation tells of them, with the defaults, and without stores,
 * codes or digests: written apart from the real ones, to be compared with them.
 */
export class TokenModel {
  now: number;
  issued = 0;
  live: { name: number; sentAt: number; guesses: number } | null = null;
  private mails: number[] = [];
  private wrong: number[] = [];
  private row = 0;

  constructor(now: number) {
    this.now = now;
  }

  issue(isSendFailing: boolean): Expected {
    if (this.lockEnd() > this.now) return { ok: false, reason: 'locked', retryAt: this.lockEnd() };
    const reason = this.quotaEnd() > this.now ? 'limit' : 'cooldown';
    if (this.mailAt() > this.now) return { ok: false, reason, retryAt: this.mailAt() };
    this.issued++;
    this.live = null;
    if (isSendFailing) return { error: 'ERR_SEND_FAILED' };
    this.mails.push(this.now);
    this.live = { name: this.issued, sentAt: this.now, guesses: 0 };
    return { ok: true, expiresAt: this.now + 15 * MINUTE, resendAt: this.mailAt() };
  }

  redeem(name: number, isRight: boolean): Expected {
    const { live } = this;
    if (this.lockEnd() > this.now) return { ok: false, reason: 'locked', retryAt: this.lockEnd() };
    if (live?.name !== name) return { ok: false, reason: 'unknown' };
    if (this.now >= live.sentAt + 15 * MINUTE) return { ok: false, reason: 'expired' };
    if (live.guesses === 5) return { ok: false, reason: 'exhausted' };
    if (this.delayEnd() > this.now) return { ok: false, reason: 'delayed', retryAt: this.delayEnd() };
    if (!isRight) return { ok: false, reason: 'mismatch', ...this.fail(live) };
    this.mails.splice(this.mails.lastIndexOf(live.sentAt), 1);
    this.live = null;
    this.row = 0;
    return { ok: true };
  }

  unlock(): void {
    this.wrong = [];
    this.row = 0;
    this.advance(0);
  }

  /** A subject of whom nothing is left to remember starts afresh. */
  advance(ms: number): void {
    this.now += ms;
    if (last(this.wrong, 1) + 30 * DAY <= this.now) this.row = 0;
    const forgotten = Math.max(last(this.mails, 1) + DAY, last(this.wrong, 1) + 30 * DAY);
    if (forgotten > this.now) return;
    this.row = 0;
    this.live = null;
  }

  private fail(live: { guesses: number }): Expected {
    this.wrong.push(this.now);
    this.row++;
    const retryAt = this.lockEnd() > this.now ? this.lockEnd() : this.delayEnd();
    return { attemptsLeft: 5 - ++live.guesses, ...(retryAt > this.now ? { retryAt } : {}) };
  }

  private lockEnd = (): number => last(this.wrong, 50) + 30 * DAY;
  private quotaEnd = (): number => Math.max(last(this.mails, 5) + HOUR, last(this.mails, 10) + DAY);
  private mailAt = (): number => Math.max(last(this.mails, 1) + MINUTE, this.quotaEnd());
  private delayEnd = (): number =>
    this.row > 4 ? last(this.wrong, 1) + Math.min(30 * SECOND * 2 ** (this.row - 5), DAY) : -Infinity;
}

const last = (instants: readonly number[], count: number): number => instants.at(-count) ?? -Infinity;
