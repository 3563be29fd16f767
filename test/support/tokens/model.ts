import { DAY, HOUR, MINUTE, SECOND } from './harness.js';

/** What a call is to answer: instants as ms, and what is absent left out. */
export type Expected = Readonly<Record<string, unknown>>;

/** A token as people talk of it: it has a name, and no id, code or digest. */
interface ModelToken {
  readonly name: string;
  readonly to: string | null;
  /** The key that was first in the list when it was issued. */
  readonly key: string;
  readonly since: number;
  readonly until: number;
  readonly mails: number[];
  guesses: number;
}

interface EndedToken extends ModelToken {
  readonly as: 'superseded' | 'replayed';
}

/** A request, and what becomes of its mail. */
export interface ModelRequest {
  readonly to: string | null;
  readonly isRefused: boolean;
  /** The name that a fresh token gets. */
  readonly name: string;
}

/** A code that is typed: of a token by its name, or of none. */
export interface ModelGuess {
  readonly name: string | null;
  readonly isLong: boolean;
  readonly ticketAt: number;
}

const LIFE = 15 * MINUTE;
const never = -Infinity;

/**
 * One record of email tokens as the documentation tells of it, with the defaults, and without stores, codes, digests or
 * etags: written apart from the real one, to be compared with it.
 */
export class TokenModel {
  now: number;
  /** Keys in their order, by name. */
  keys: readonly string[];
  /** Tokens that were issued and mailed so far. */
  issued = 0;
  readonly #isBeside: boolean;
  #live: ModelToken | null = null;
  #long: ModelToken | null = null;
  #longAt: number | null = null;
  #ended: EndedToken[] = [];
  #mails: number[] = [];
  #wrong: number[] = [];
  #row = 0;
  #voidUntil = never;
  #changedAt = never;

  constructor(now: number, keys: readonly string[], isBeside: boolean) {
    this.now = now;
    this.keys = keys;
    this.#isBeside = isBeside;
  }

  /** The instant that a ticket carries. */
  ticketAt(): number {
    return Math.max(this.now, this.#voidUntil);
  }

  issue(request: ModelRequest): Expected {
    const { to } = request;
    if (this.#lockEnd() > this.now) return this.#sendLong(request) ?? this.#refuse('locked', this.#lockEnd());
    const long = this.#delayEnd() > this.now + HOUR ? this.#sendLong(request) : null;
    if (long !== null) return long;
    const live = this.#live;
    const joined = live !== null && live.to === to && this.#isUsable(live) ? live : null;
    const hasRoom = this.#mailAt() <= this.now;
    const isYoung = joined !== null && this.now - joined.since < (LIFE * 2) / 3;
    if (joined !== null && (isYoung || !hasRoom)) return this.#join(joined, hasRoom, request);
    if (hasRoom) return this.#sendFresh(request);
    if (this.#quotaEnd() <= this.now) return { ok: false, reason: 'cooldown', retryAt: this.#mailAt() };
    return this.#sendLong(request) ?? this.#refuse('limit', this.#mailAt());
  }

  redeem({ name, isLong, ticketAt }: ModelGuess): Expected {
    const refuse = (reason: string, more: Expected = {}): Expected => ({ ok: false, reason, ...more });
    if (ticketAt < this.#voidUntil) return refuse('unknown');
    if (ticketAt + LIFE <= this.now) return refuse('expired');
    const ended = this.#ended.find(
      (token) => token.name === name && token.until > this.now && this.#hasKey(token),
    );
    if (ended !== undefined) return refuse(ended.as);
    if (isLong) return this.#redeemLong(name);
    if (this.#lockEnd() > this.now) return refuse('locked', { retryAt: this.#lockEnd() });
    if (this.#delayEnd() > this.now) return refuse('delayed', { retryAt: this.#delayEnd() });
    const live = this.#live;
    if (live === null) return refuse('unknown');
    if (live.until <= this.now || !this.#hasKey(live)) return refuse('expired');
    if (live.guesses === 5) return refuse('exhausted');
    this.#touch();
    if (live.name !== name || live.to === null) return refuse('mismatch', this.#fail(live));
    this.#end(live, 'replayed');
    this.#live = null;
    this.#mails = this.#mails.filter((at) => !live.mails.includes(at));
    this.#row = 0;
    return { ok: true, to: live.to };
  }

  revoke(): void {
    for (const token of [this.#live, this.#long]) if (token !== null) this.#end(token, 'superseded');
    this.#live = null;
    this.#long = null;
    this.#voidUntil = this.ticketAt() + 1;
    this.#touch();
  }

  unlock(): void {
    if (this.#wrong.length > 0 || this.#mails.length > 0 || this.#longAt !== null) this.#touch();
    this.#wrong = [];
    this.#row = 0;
    this.#mails = [];
    this.#longAt = null;
    this.advance(0);
  }

  erase(): void {
    this.#forget();
    this.#voidUntil = this.now + 1;
    this.#touch();
  }

  /** A record in which nothing matters any more is forgotten, and one beside a customer's after a day at most. */
  advance(ms: number): void {
    this.now += ms;
    if (last(this.#wrong, 1) + 30 * DAY <= this.now) this.#row = 0;
    const matters = Math.max(
      ...[this.#live, this.#long].map((token) => (token?.until ?? never) + DAY),
      ...this.#ended.map(({ until }) => until),
      (this.#longAt ?? never) + DAY,
      last(this.#mails, 1) + DAY,
      last(this.#wrong, 1) + 30 * DAY,
      this.#voidUntil + LIFE,
    );
    const end = this.#isBeside ? Math.min(matters, this.#changedAt + DAY) : matters;
    if (end <= this.now) this.#forget();
  }

  #join(token: ModelToken, hasRoom: boolean, { isRefused }: ModelRequest): Expected {
    if (!hasRoom) return { ok: true, sent: false, expiresAt: token.until, resendAt: this.#mailAt() };
    this.#touch();
    if (isRefused) return { error: 'ERR_SEND_FAILED' };
    token.mails.push(this.now);
    this.#mails.push(this.now);
    return { ok: true, sent: true, expiresAt: token.until, resendAt: this.#mailAt() };
  }

  #sendFresh({ to, name, isRefused }: ModelRequest): Expected {
    this.#touch();
    const old = this.#live;
    const isReplaced = old !== null && !(isRefused && this.#isUsable(old));
    if (isReplaced) {
      this.#end(old, 'superseded');
      this.#live = null;
    }
    if (isRefused) return { error: 'ERR_SEND_FAILED' };
    this.#mails.push(this.now);
    this.#live = this.#newToken(name, to, LIFE);
    return { ok: true, sent: true, expiresAt: this.#live.until, resendAt: this.#mailAt() };
  }

  #sendLong({ to, name, isRefused }: ModelRequest): Expected | null {
    const long = this.#long;
    if (long !== null && long.to === to && long.until > this.now && this.#hasKey(long)) {
      return {
        ok: true,
        sent: false,
        long: true,
        expiresAt: long.until,
        resendAt: (this.#longAt ?? this.now) + DAY,
      };
    }
    if (this.#longAt !== null && this.#longAt + DAY > this.now) return null;
    this.#touch();
    this.#long = isRefused ? null : this.#newToken(name, to, DAY);
    this.#longAt = isRefused ? null : this.now;
    if (isRefused) return { error: 'ERR_SEND_FAILED' };
    return { ok: true, sent: true, long: true, expiresAt: this.now + DAY, resendAt: this.now + DAY };
  }

  #redeemLong(name: string | null): Expected {
    const long = this.#long;
    if (long === null) return { ok: false, reason: 'unknown' };
    if (long.until <= this.now || !this.#hasKey(long)) return { ok: false, reason: 'expired' };
    if (long.name !== name || long.to === null) return { ok: false, reason: 'mismatch' };
    this.#end(long, 'replayed');
    this.#long = null;
    this.#row = 0;
    this.#touch();
    return { ok: true, to: long.to };
  }

  /** Until the obstacle is gone, or the next long code can be had. */
  #refuse(reason: string, end: number): Expected {
    return { ok: false, reason, retryAt: Math.min(end, (this.#longAt ?? Infinity) + DAY) };
  }

  #fail(live: ModelToken): Expected {
    this.#wrong.push(this.now);
    this.#row++;
    live.guesses++;
    const retryAt = this.#lockEnd() > this.now ? this.#lockEnd() : this.#delayEnd();
    return { attemptsLeft: 5 - live.guesses, ...(retryAt > this.now ? { retryAt } : {}) };
  }

  #newToken(name: string, to: string | null, life: number): ModelToken {
    const key = this.keys[0] ?? '';
    this.issued++;
    return { name, to, key, since: this.now, until: this.now + life, mails: [this.now], guesses: 0 };
  }

  #end(token: ModelToken, as: EndedToken['as']): void {
    if (token.until <= this.now || !this.#hasKey(token)) return;
    const remembered = this.#ended.filter(({ until }) => until > this.now);
    this.#ended = [...remembered, { ...token, as }].slice(-5);
  }

  /** What is written is written without what no longer matters. */
  #touch(): void {
    this.#changedAt = this.now;
    if (this.#voidUntil + LIFE <= this.now) this.#voidUntil = never;
  }

  #isUsable(token: ModelToken): boolean {
    return token.until > this.now && this.#hasKey(token) && token.guesses < 5;
  }

  #hasKey(token: ModelToken): boolean {
    return this.keys.includes(token.key);
  }

  #forget(): void {
    this.#live = null;
    this.#long = null;
    this.#longAt = null;
    this.#ended = [];
    this.#mails = [];
    this.#wrong = [];
    this.#row = 0;
    this.#voidUntil = never;
  }

  #lockEnd(): number {
    return last(this.#wrong, 50) + 30 * DAY;
  }

  #quotaEnd(): number {
    return Math.max(last(this.#mails, 5) + HOUR, last(this.#mails, 10) + DAY);
  }

  #mailAt(): number {
    return Math.max(last(this.#mails, 1) + MINUTE, this.#quotaEnd());
  }

  #delayEnd(): number {
    const delay = Math.min(30 * SECOND * 2 ** (this.#row - 5), DAY);
    return this.#row > 4 ? last(this.#wrong, 1) + delay : never;
  }
}

const last = (instants: readonly number[], count: number): number => instants.at(-count) ?? never;
