/** What should become of a customer's account, told in the simplest words. Durations are in seconds. */

const HOUR = 3600;
const DAY = 24 * HOUR;
const STEP = 30;

/** The options that the real flow must be given too. */
export const model = {
  maxFailures: 12,
  maxApps: 2,
  maxBrowsers: 2,
  rememberSeconds: HOUR,
  ttl: 900,
  attempts: 5,
} as const;

/** A code as the customer means it; the model knows no digits. */
export type Meant =
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wrong letters' }
  | { readonly kind: 'mail'; readonly id: number }
  | { readonly kind: 'app'; readonly secret: number; readonly offset: number }
  | { readonly kind: 'recovery'; readonly set: number; readonly index: number };

/** A mail that carries a code. */
interface Token {
  readonly id: number;
  readonly purpose: string;
  readonly issuedAt: number;
  readonly until: number;
  attempts: number;
}

interface App {
  readonly secret: number;
  lastStep: number;
  drift: number;
}

interface Browser {
  readonly cookie: number;
  failures: number;
  rememberedAt: number;
}

/** A challenge that was given out. */
export interface Ticket {
  readonly at: number;
  readonly purpose: string;
  isVoid: boolean;
}

/** One customer. */
export class AccountModel {
  now = 0;
  apps: App[] = [];
  pending: { readonly secret: number; readonly until: number }[] = [];
  /** The number of the newest set of recovery codes, and which of its ten are left. */
  set = 0;
  left = new Set<number>();
  token: Token | null = null;
  long: Token | null = null;
  longSentAt = -Infinity;
  /** Mails that were replaced or used, newest last. */
  past: { readonly token: Token; readonly end: 'superseded' | 'replayed' }[] = [];
  failedAt: number[] = [];
  inARow = 0;
  browsers: Browser[] = [];
  tickets: Ticket[] = [];
  /** How many mails, cookies and secrets there have been. */
  mails = 0;
  cookies = 0;
  secrets = 0;

  /** The method, or why there is none; adds the ticket. */
  begin(purpose: string, cookie: number | null): string {
    const browser = this.exempt(cookie);
    if (purpose === 'login' && browser && browser.rememberedAt + model.rememberSeconds > this.now) {
      return 'remembered';
    }
    const method = this.apps.length > 0 ? 'authenticator' : this.#beginByMail(purpose, browser !== undefined);
    if (['authenticator', 'email'].includes(method)) {
      this.tickets.push({ at: this.now, purpose, isVoid: false });
    }
    return method;
  }

  complete(code: Meant, ticket: Ticket, cookie: number | null, remember: boolean): string {
    if (ticket.isVoid || ticket.at + model.ttl <= this.now) return 'gone';
    const browser = this.exempt(cookie);
    const isExempt = browser !== undefined;
    const verdict =
      this.apps.length > 0 ? this.#proveByAny(code, isExempt) : this.#redeem(code, ticket.purpose, isExempt);
    const isDigits = !['recovery', 'wrong letters'].includes(code.kind) && !this.#isLong(code);
    if (verdict === 'mismatch' && browser && isDigits) browser.failures++;
    if (verdict === 'ok') this.#enter(cookie, remember);
    return verdict;
  }

  beginActivation(): string {
    if (this.apps.length >= model.maxApps) return 'full';
    this.pending = [...this.pending, { secret: this.secrets++, until: this.now + 600 }].slice(-3);
    return 'ok';
  }

  confirm(code: Meant, proof: Meant | null): string {
    if (this.pending.length === 0) return 'gone';
    if (this.apps.length >= model.maxApps) return 'full';
    const live = this.pending.filter(({ until }) => until > this.now);
    if (live.length === 0) return 'gone';
    const found = live.find(
      ({ secret }) => code.kind === 'app' && code.secret === secret && Math.abs(code.offset) <= 10,
    );
    if (found === undefined || code.kind !== 'app') return 'mismatch';
    if (this.apps.length > 0) {
      const refusal = this.#refusalOfProof(proof);
      if (refusal !== null) return refusal;
    }
    const lastStep = Math.floor(this.now / STEP) + code.offset;
    this.apps.push({ secret: found.secret, lastStep, drift: code.offset });
    this.pending = [];
    if (this.left.size === 0) this.#renewCodes();
    this.#factorChanged();
    return 'ok';
  }

  /** Takes the first app away. */
  deactivate(code: Meant): string {
    if (this.apps.length === 0) return 'gone';
    const [gone] = this.apps;
    const verdict = this.#proveByAny(code, false);
    if (verdict !== 'ok') return verdict;
    this.apps = this.apps.filter((app) => app !== gone);
    if (this.apps.length === 0) {
      this.pending = [];
      this.left.clear();
    }
    this.#factorChanged();
    return 'ok';
  }

  renew(code: Meant): string {
    if (code.kind === 'recovery' || code.kind === 'wrong letters' || this.#isLong(code)) return 'unsuitable';
    if (this.apps.length === 0) return 'gone';
    const verdict = this.#proveByAny(code, false);
    if (verdict !== 'ok') return verdict;
    this.#renewCodes();
    this.#factorChanged();
    return 'ok';
  }

  unlock(): void {
    this.failedAt = [];
    this.inARow = 0;
    this.longSentAt = -Infinity;
  }

  revoke(): void {
    for (const token of [this.token, this.long]) this.#end(token, 'superseded');
    this.token = this.long = null;
    for (const ticket of this.tickets) ticket.isVoid = true;
  }

  erase(): void {
    const { now, tickets, mails, cookies, secrets, set } = this;
    for (const ticket of tickets) ticket.isVoid = true;
    Object.assign(this, new AccountModel(), { now, tickets, mails, cookies, secrets, set });
  }

  /** The browser whose guesses neither wait nor count for the account. */
  exempt(cookie: number | null): Browser | undefined {
    return this.browsers.find((browser) => browser.cookie === cookie && browser.failures < 6);
  }

  isLocked(): boolean {
    return this.failedAt.filter((at) => at > this.now - 30 * DAY).length >= model.maxFailures;
  }

  /** Until when no code is evaluated; null if one is. */
  blockedUntil(): number | null {
    const recent = this.failedAt.filter((at) => at > this.now - 30 * DAY);
    if (recent.length >= model.maxFailures) return (recent.at(-model.maxFailures) ?? 0) + 30 * DAY;
    const beyond = this.inARow - 4;
    if (beyond <= 0) return null;
    const until = (this.failedAt.at(-1) ?? 0) + Math.min(30 * 2 ** (beyond - 1), DAY);
    return until > this.now ? until : null;
  }

  #beginByMail(purpose: string, isExempt: boolean): string {
    const until = isExempt ? null : this.blockedUntil();
    const isFar = until !== null && until > this.now + HOUR;
    if (isFar || (until !== null && this.isLocked())) {
      if (this.#hasLong(purpose)) return 'email';
      if (this.isLocked()) return 'locked';
    }
    const { token } = this;
    const isAlive = token?.purpose === purpose && token.until > this.now && token.attempts < model.attempts;
    const isYoung = token !== null && this.now < token.issuedAt + (model.ttl * 2) / 3;
    if (isAlive && isYoung) return 'email';
    this.#end(token, 'superseded');
    this.token = this.#newToken(purpose, model.ttl);
    return 'email';
  }

  /** Whether there is a long code for this login, or one can be sent. */
  #hasLong(purpose: string): boolean {
    if (this.long?.purpose === purpose && this.long.until > this.now) return true;
    if (this.longSentAt + DAY > this.now) return false;
    this.long = this.#newToken(purpose, DAY);
    this.longSentAt = this.now;
    return true;
  }

  #newToken(purpose: string, life: number): Token {
    return { id: this.mails++, purpose, issuedAt: this.now, until: this.now + life, attempts: 0 };
  }

  #end(token: Token | null, end: 'superseded' | 'replayed'): void {
    if (token === null || token.until <= this.now) return;
    this.past = [...this.past.filter((each) => each.token.until > this.now), { token, end }].slice(-5);
  }

  #isLong(code: Meant): boolean {
    const ended = this.past.map(({ token }) => token);
    const isDay = ({ until, issuedAt }: Token): boolean => until - issuedAt === DAY;
    return code.kind === 'mail' && [this.long, ...ended].some((each) => each?.id === code.id && isDay(each));
  }

  #redeem(code: Meant, purpose: string, isExempt: boolean): string {
    if (code.kind === 'mail') {
      const ended = this.past.find(({ token }) => token.id === code.id && token.purpose === purpose);
      const isElsewhere =
        this.token !== null && this.token.purpose !== purpose && this.token.until > this.now;
      // "Superseded" would send people to the newest mail, which is no help for this purpose.
      if (ended && ended.token.until > this.now) {
        return ended.end === 'superseded' && isElsewhere ? 'gone' : ended.end;
      }
    }
    if (['recovery', 'wrong letters'].includes(code.kind) || this.#isLong(code)) {
      return this.#redeemLong(code, purpose);
    }
    const block = isExempt ? null : this.#block();
    if (block !== null) return block;
    const { token } = this;
    if (token?.purpose !== purpose || token.until <= this.now) return 'gone';
    if (token.attempts >= model.attempts) return 'exhausted';
    if (code.kind === 'mail' && code.id === token.id) {
      this.#end(token, 'replayed');
      this.token = null;
      return this.#right();
    }
    token.attempts++;
    return this.#wrong(isExempt);
  }

  #redeemLong(code: Meant, purpose: string): string {
    const { long } = this;
    if (long?.purpose !== purpose || long.until <= this.now) return 'gone';
    if (code.kind !== 'mail' || code.id !== long.id) return 'mismatch';
    this.#end(long, 'replayed');
    this.long = null;
    return this.#right();
  }

  #proveByAny(code: Meant, isExempt: boolean): string {
    if (code.kind === 'recovery') return this.#proveByRecovery(code);
    if (code.kind === 'wrong letters' || this.#isLong(code)) return 'mismatch';
    const block = isExempt ? null : this.#block();
    if (block !== null) return block;
    const app = this.apps.find(({ secret }) => code.kind === 'app' && code.secret === secret);
    if (app === undefined || code.kind !== 'app') return this.#wrong(isExempt);
    const isNear = [0, app.drift].some((centre) => Math.abs(code.offset - centre) <= 1);
    if (!isNear) return this.#wrong(isExempt);
    const step = Math.floor(this.now / STEP) + code.offset;
    if (step <= app.lastStep) return 'replayed';
    app.lastStep = step;
    app.drift = Math.max(-10, Math.min(code.offset, 10));
    return this.#right();
  }

  #proveByRecovery({ set, index }: { set: number; index: number }): string {
    if (set !== this.set || this.apps.length === 0) return 'mismatch';
    if (this.left.delete(index)) return this.#right();
    return 'replayed';
  }

  #refusalOfProof(proof: Meant | null): string | null {
    if (proof === null) return 'proof';
    const verdict = this.#proveByAny(proof, false);
    if (verdict === 'ok') return null;
    return verdict === 'mismatch' ? 'proof' : verdict;
  }

  #renewCodes(): void {
    this.set++;
    this.left = new Set(Array.from({ length: 10 }, (_, index) => index));
  }

  #factorChanged(): void {
    this.revoke();
    for (const browser of this.browsers) browser.rememberedAt = -Infinity;
  }

  #enter(cookie: number | null, remember: boolean): void {
    const known = this.exempt(cookie);
    const entered = known ?? { cookie: this.cookies++, failures: 0, rememberedAt: -Infinity };
    if (remember) entered.rememberedAt = this.now;
    const others = this.browsers.filter((browser) => browser.cookie !== cookie);
    this.browsers = [...others, entered].slice(-model.maxBrowsers);
  }

  #block(): string | null {
    if (this.isLocked()) return 'locked';
    return this.blockedUntil() === null ? null : 'delayed';
  }

  #wrong(isExempt: boolean): string {
    if (isExempt) return 'mismatch';
    const recent = this.failedAt.filter((at) => at > this.now - 30 * DAY);
    this.inARow = recent.length === 0 ? 1 : this.inARow + 1;
    this.failedAt = [...recent, this.now];
    return 'mismatch';
  }

  #right(): string {
    this.inARow = 0;
    return 'ok';
  }
}
