import { setTimeout as pause } from 'node:timers/promises';
import { type BeginResult, generateTotp, Secret, type TwoFactor } from '../../../src/index.js';
import type { Seeded } from '../../support/faults/seeded.js';
import type { Ledger, TryEnd, TypedCode } from './ledger.js';

/** A clock that runs ten times as fast as the real one: an app shows a new code every three seconds. */
export class FastClock {
  private readonly begun = Date.now();

  now = (): number => this.begun + (Date.now() - this.begun) * SPEED;

  /** Waits until an instant of this clock. */
  async until(instant: number): Promise<void> {
    await pause(Math.max(0, (instant - this.now()) / SPEED));
  }
}

/** What the customers of an application have in common. */
export interface Town {
  readonly clock: FastClock;
  readonly ledger: Ledger;
  readonly random: Seeded;
  /** The application's servers: each call may reach any of them. */
  readonly servers: readonly TwoFactor[];
  /** Whether a server's clock is wrong, or was: then right codes may be refused. */
  isClockWrong: boolean;
}

/** A mail that has arrived. */
export interface ArrivedMail {
  readonly code: string;
  readonly expiresAt: number;
}

/** A customer: they begin, type a code, click twice, mistype, and try again after an error as people do. */
export class Customer {
  readonly mailbox: ArrivedMail[] = [];
  private secret: Secret | null = null;
  private newestStep = -1;

  constructor(
    readonly userId: string,
    private readonly town: Town,
  ) {}

  /** Brings an app along. */
  async adoptApp(): Promise<void> {
    this.secret = Secret.generate();
    await this.server().adopt({ userId: this.userId, secret: this.secret });
  }

  /** Waits until the app shows a code that they have not typed yet. */
  async waitForCode(): Promise<void> {
    const { clock } = this.town;
    if (this.newestStep >= stepOf(clock.now())) await clock.until((this.newestStep + 1) * STEP_MS);
  }

  /** Tries until they are in; resolves to how many times they had to begin. */
  async logIn(): Promise<number> {
    for (let tries = 1; tries <= MAX_TRIES; tries++) if (await this.tryOnce()) return tries;
    this.town.ledger.violations.push(`${this.userId} was still outside after ${MAX_TRIES} tries`);
    return MAX_TRIES;
  }

  private async tryOnce(): Promise<boolean> {
    const { ledger, random } = this.town;
    const begun = await this.begin();
    if (begun === null) return false;
    if (!('challenge' in begun)) return this.waitAsTold(begun);
    if (this.secret !== null && begun.method !== 'authenticator') {
      ledger.violations.push(`${this.userId} has an app and was offered ${begun.method}`);
    }
    const code = begun.method === 'authenticator' ? await this.appCode() : await this.mailedCode(begun);
    if (code === null) return false;
    if (random.chance(0.02)) await this.mistype(begun.challenge, code);
    return this.type(begun.challenge, code);
  }

  private async begin(): Promise<BeginResult | null> {
    const { ledger, random } = this.town;
    try {
      return await this.server().begin({ userId: this.userId, email: `${this.userId}@example.com` });
    } catch (error) {
      ledger.fail('begin', error);
      await pause(50 + random.below(200));
      return null;
    }
  }

  /** A person who got an error sends the same code again, three times at most. */
  private async type(challenge: string, code: TypedCode): Promise<boolean> {
    const { ledger, random } = this.town;
    for (let sends = 0; sends < 3; sends++) {
      const clicks = random.chance(0.1) ? 2 : 1;
      const sent = Array.from({ length: clicks }, () => this.complete(challenge, code.text));
      const ends = await Promise.all(sent);
      ledger.enter(code, ends, this.excuse(code));
      if (ends.includes('yes')) return true;
      if (!ends.includes('lost')) return false;
      await pause(100 + random.below(300));
    }
    return false;
  }

  private excuse({ goodUntil }: TypedCode): string | null {
    if (this.town.isClockWrong) return 'while a clock was wrong';
    return goodUntil <= this.town.clock.now() ? 'since the code had run out while the engine was away' : null;
  }

  private async complete(challenge: string, code: string): Promise<TryEnd> {
    try {
      const result = await this.server().complete({ userId: this.userId, challenge, code });
      return result.ok ? 'yes' : result.reason;
    } catch (error) {
      this.town.ledger.fail('complete', error);
      return 'lost';
    }
  }

  private async mistype(challenge: string, { text }: TypedCode): Promise<void> {
    const wrong = Array.from(text, (digit) => String((Number(digit) + 1) % 10)).join('');
    const end = await this.complete(challenge, wrong);
    if (end === 'yes') this.town.ledger.violations.push(`${this.userId} was let in by a wrong code`);
    else this.town.ledger.see('a mistyped code');
  }

  /** Nobody types a code that they have sent already: they wait for the next. */
  private async appCode(): Promise<TypedCode> {
    await this.waitForCode();
    const now = this.town.clock.now();
    const mark = stepOf(now);
    this.newestStep = mark;
    const text = generateTotp(this.secret ?? Secret.generate(), { at: now });
    const goodUntil = (mark + 2) * STEP_MS;
    return { userId: this.userId, method: 'authenticator', mark, text, goodUntil };
  }

  /** The code of the newest mail. */
  private async mailedCode(begun: Extract<BeginResult, { method: 'email' }>): Promise<TypedCode | null> {
    const mail = this.mailbox.at(-1);
    const { userId } = this;
    if (mail !== undefined && mail.expiresAt > this.town.clock.now()) {
      const { code: text, expiresAt } = mail;
      const code: TypedCode = { userId, method: 'email', mark: expiresAt, text, goodUntil: expiresAt };
      if (!this.town.ledger.wasAccepted(code)) return code;
    }
    this.town.ledger.see('waited for a mail that never left');
    await this.waitUntil(begun.resendAt);
    return null;
  }

  private async waitAsTold(begun: Exclude<BeginResult, { challenge: string }>): Promise<false> {
    const { ledger } = this.town;
    if (begun.ok) ledger.violations.push(`${this.userId} was offered ${begun.method}`);
    else {
      ledger.see(`begin: ${begun.reason}`);
      await this.waitUntil(begun.retryAt);
    }
    return false;
  }

  /** Waits as long as a page says, but no longer than a minute: the page may come from a server whose clock is wrong. */
  private async waitUntil(instant: Date | undefined): Promise<void> {
    const { clock } = this.town;
    await clock.until(Math.min(instant?.getTime() ?? 0, clock.now() + 60_000));
    await pause(20);
  }

  private server(): TwoFactor {
    return this.town.random.pick(this.town.servers);
  }
}

const SPEED = 10;
const STEP_MS = 30_000;
const MAX_TRIES = 100;

function stepOf(now: number): number {
  return Math.floor(now / STEP_MS);
}
