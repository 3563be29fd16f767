/** Several people and processes at one account, in an order of store calls that a seed chooses. */
import { looserThanRecommended } from '../../../src/email-token/policy.js';
import { isCountersignError } from '../../../src/internal/errors.js';
import { memoryStore } from '../../../src/store/memory-store.js';
import { parseEnvelope } from '../../../src/store/record.js';
import type { Store } from '../../../src/store/store.js';
import { bareMail, type Flow, setUp, userId } from './flow.js';
import { scheduledStore } from '../faults/scheduled-store.js';
import { Scheduler } from '../faults/scheduler.js';
import { type Seeded, seeded } from '../faults/seeded.js';
import { MINUTE } from './time.js';

/** What somebody does. */
export type ActKind =
  | 'mail login'
  | 'stale login'
  | 'app login'
  | 'recovery login'
  | 'confirm'
  | 'replace'
  | 'deactivate'
  | 'renew'
  | 'resend'
  | 'begin activation'
  | 'revoke'
  | 'erase';

/** An act that is over; instants are places in one order. */
export interface Act {
  readonly kind: ActKind;
  readonly start: number;
  readonly end: number;
  /** `died`: the answer is unknown, since the store failed. */
  readonly answer: 'yes' | 'no' | 'died';
  /** The code that was given, and the proof. */
  readonly codes: readonly string[];
  /** When the challenge was asked for, if there was one: the end of that call. */
  readonly ticketAt: number | null;
  /** The app that has let in, or that was made. */
  readonly app: string | null;
  /** The factor that has let in. */
  readonly method: string | null;
}

/** All that is known of a run. */
export interface Run {
  readonly flow: Flow;
  readonly acts: readonly Act[];
  /** The ids of the apps that were active at the beginning. */
  readonly initialApps: readonly string[];
  readonly maxApps: number;
  /** Whether a record was ever written that held both an app and a mailed token. */
  readonly hadTwoFactors: boolean;
}

/** Plays what a seed chooses. */
export async function runInterleaved(seed: number): Promise<Run> {
  const play = new Play(seeded(seed));
  const giveBack = play.scheduler.takeTimers();
  try {
    return await play.run();
  } finally {
    giveBack();
  }
}

const kinds: readonly [ActKind, ...ActKind[]] = [
  ...(['mail login', 'mail login', 'stale login', 'app login', 'app login', 'recovery login'] as const),
  ...(['confirm', 'confirm', 'replace', 'replace', 'deactivate', 'renew', 'resend'] as const),
  ...(['begin activation', 'revoke', 'erase'] as const),
];
const limits = looserThanRecommended({ sendsPerHour: 60, sendsPerDay: 200, freeFailures: 10 });

interface Attempt {
  readonly ok: boolean;
  readonly codes?: readonly (string | undefined)[];
  readonly ticketAt?: number | null;
  readonly app?: string | undefined;
  readonly method?: string | undefined;
}

class Play {
  readonly scheduler: Scheduler;
  readonly #random: Seeded;
  /** Beside all others, without faults and without waiting. */
  readonly #calm: Flow;
  readonly #flow: Flow;
  readonly #maxApps: number;
  readonly #acts: Act[] = [];
  #hadTwoFactors = false;
  #order = 0;
  #recovery: readonly string[] = [];
  /** A challenge from before everything. */
  #stale = '';
  #staleAt = 0;

  constructor(random: Seeded) {
    this.#random = random;
    this.scheduler = new Scheduler(random);
    this.#maxApps = random.pick([1, 1, 2]);
    const store = this.#watch(memoryStore({ now: () => 0 }));
    const options = { store, resendAfterSeconds: 0, limits, render: bareMail, maxApps: this.#maxApps };
    this.#calm = setUp(options);
    const { scheduler } = this;
    const faultRate = random.pick([0, 0, 0.08]);
    this.#flow = this.#calm.with({
      store: scheduledStore(store, { scheduler, random, faultRate }),
      send: async (mail) => {
        await scheduler.turn();
        await this.#calm.around.mailbox.send(mail);
      },
    });
  }

  async run(): Promise<Run> {
    await this.#prepare();
    const { apps } = await this.#calm.twoFactor.status(userId);
    const acts = Array.from({ length: 3 + this.#random.below(4) }, () => this.#random.pick(kinds));
    await this.#settle(acts.map((kind) => this.#perform(kind)));
    return {
      flow: this.#calm,
      acts: this.#acts,
      initialApps: apps.map(({ id }) => id),
      maxApps: this.#maxApps,
      hadTwoFactors: this.#hadTwoFactors,
    };
  }

  /** No app, one, or one and another that is shown. */
  async #prepare(): Promise<void> {
    const calm = this.#calm;
    if (this.#random.chance(0.6)) this.#recovery = await this.#duringTurns(calm.activate());
    const begun = await this.#duringTurns(calm.begin());
    this.#stale = begun.ok && 'challenge' in begun ? begun.challenge : '';
    this.#staleAt = this.#order++;
    if (this.#random.chance(0.7)) await this.#show(calm);
  }

  /** The newest secret that was shown; the phone of the active app stays `secret`. */
  async #show(flow: Flow): Promise<boolean> {
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (begun.ok) this.#calm.scanned.push(begun.secret);
    return begun.ok;
  }

  #watch(inner: Store): Store {
    return {
      read: (key) => inner.read(key),
      write: async (key, next, expected) => {
        const value = (next && parseEnvelope(next.value).value) ?? '{}';
        const { apps = [], token, sending, long } = JSON.parse(value) as Record<string, unknown[] | null>;
        const written = await inner.write(key, next, expected);
        const hasMail = Boolean(token ?? sending ?? long);
        if (written && apps !== null && apps.length > 0 && hasMail) this.#hadTwoFactors = true;
        return written;
      },
    };
  }

  async #settle(running: readonly Promise<void>[]): Promise<void> {
    await this.#duringTurns(Promise.all(running));
  }

  /** Gives turns until something is over. */
  async #duringTurns<T>(running: Promise<T>): Promise<T> {
    const progress = { isOver: false };
    const ended = running.finally(() => (progress.isOver = true));
    ended.catch(() => undefined);
    while (!progress.isOver) await this.scheduler.run();
    return ended;
  }

  async #perform(kind: ActKind): Promise<void> {
    await this.#waitSome();
    const start = this.#order++;
    let answer: Act['answer'] = 'died';
    let attempt: Attempt = { ok: false };
    try {
      attempt = await this.#attempt(kind);
      answer = attempt.ok ? 'yes' : 'no';
    } catch (error) {
      if (!isCountersignError(error)) throw error;
    }
    const { codes = [], ticketAt = null, app = null, method = null } = attempt;
    const given = codes.flatMap((code) => code ?? []);
    this.#acts.push({ kind, start, end: this.#order++, answer, codes: given, ticketAt, app, method });
  }

  #attempt(kind: ActKind): Promise<Attempt> {
    if (kind === 'mail login') return this.#mailLogin();
    if (kind === 'stale login') return this.#staleLogin();
    if (kind === 'app login') return this.#logIn(this.#calm.appCode());
    if (kind === 'recovery login') return this.#logIn(this.#recoveryCode());
    if (kind === 'confirm') return this.#confirm(undefined);
    return kind === 'replace' ? this.#confirm(this.#proof()) : this.#manage(kind);
  }

  async #manage(kind: ActKind): Promise<Attempt> {
    const { twoFactor } = this.#flow;
    const code = this.#proof();
    if (kind === 'deactivate') return { ...(await twoFactor.deactivate({ userId, code })), codes: [code] };
    if (kind === 'renew') {
      const used = this.#calm.appCode();
      return { ...(await twoFactor.renewRecoveryCodes({ userId, code: used })), codes: [used] };
    }
    if (kind === 'resend') return { ok: (await this.#flow.begin()).ok };
    if (kind === 'begin activation') return { ok: await this.#show(this.#flow) };
    await (kind === 'revoke' ? twoFactor.revoke(userId) : twoFactor.erase(userId));
    return { ok: true };
  }

  async #mailLogin(): Promise<Attempt> {
    const begun = await this.#flow.begin();
    const ticketAt = this.#order++;
    if (!begun.ok || begun.method !== 'email') return { ok: false };
    await this.#waitSome();
    return this.#complete(this.#calm.mails.at(-1)?.code, begun.challenge, ticketAt);
  }

  #staleLogin(): Promise<Attempt> {
    const codes = [this.#calm.mails.at(-1)?.code, this.#calm.appCode(), this.#recoveryCode()];
    return this.#complete(codes[this.#random.below(3)], this.#stale, this.#staleAt);
  }

  async #logIn(code: string | undefined): Promise<Attempt> {
    const begun = await this.#flow.begin();
    const ticketAt = this.#order++;
    const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
    await this.#waitSome();
    return this.#complete(code, challenge, ticketAt);
  }

  async #complete(code: string | undefined, challenge: string, ticketAt: number): Promise<Attempt> {
    const done = await this.#flow.complete(code, { challenge });
    const { app, method } = done.ok ? done : {};
    return { ok: done.ok, codes: [code], ticketAt, app, method };
  }

  async #confirm(proof: string | undefined): Promise<Attempt> {
    const secret = this.#calm.scanned.at(-1) ?? this.#calm.secret;
    const code = this.#calm.appCode(0, secret);
    const confirmed = await this.#flow.confirm(code, proof);
    if (!confirmed.ok) return { ok: false, codes: [code, proof] };
    // A first activation looks at no proof.
    const isFirst = confirmed.recoveryCodes !== null;
    return { ok: true, codes: isFirst ? [code] : [code, proof], app: confirmed.app };
  }

  #proof(): string | undefined {
    return this.#random.chance(0.5) ? this.#calm.appCode() : this.#recoveryCode();
  }

  /** One of three, so that two acts choose the same now and then. */
  #recoveryCode(): string | undefined {
    return this.#recovery[this.#random.below(3)];
  }

  async #waitSome(): Promise<void> {
    for (let turns = this.#random.below(12); turns > 0; turns--) await this.scheduler.turn();
  }
}

/** What is wrong with a run; empty if nothing is. */
export function faultsOf(run: Run): string[] {
  return [
    ...codesUsedTwice(run),
    ...(run.hadTwoFactors ? ['a record held an app and a mailed token'] : []),
    ...weakerLogins(run),
    ...loginsOfGoneApps(run),
    ...loginsWithVoidTickets(run),
  ];
}

const isYes = ({ answer }: Act): boolean => answer === 'yes';
const changesFactor = ({ kind }: Act): boolean =>
  ['confirm', 'replace', 'deactivate', 'renew', 'revoke', 'erase'].includes(kind);
const takesAppAway = ({ kind, answer }: Act): boolean =>
  (kind === 'deactivate' && answer !== 'no') || kind === 'erase';

function codesUsedTwice({ acts }: Run): string[] {
  const used = acts.filter(isYes).flatMap(({ codes }) => codes);
  return used
    .filter((code, index) => used.indexOf(code) !== index)
    .map((code) => `${code} was accepted twice`);
}

/** Promise 7: a login that asks for its challenge once an app is active needs that app's code, unless it may be gone. */
function weakerLogins({ acts, initialApps }: Run): string[] {
  const initial = initialApps.length > 0 ? [{ start: -1, end: -1 }] : [];
  const made = [...initial, ...acts.filter((act) => isYes(act) && ['confirm', 'replace'].includes(act.kind))];
  const logins = acts.filter((act) => isYes(act) && act.method === 'email');
  return logins.flatMap((login) => {
    const mayBeGone = (since: number): boolean =>
      acts.some((act) => takesAppAway(act) && act.end > since && act.start < login.end);
    const isSure = made.some(({ start, end }) => end < (login.ticketAt ?? login.start) && !mayBeGone(start));
    return isSure ? ['mail let in beside an app'] : [];
  });
}

/** An app that was surely there, and was taken away or replaced, lets nobody in afterwards. */
function loginsOfGoneApps({ acts, maxApps, initialApps }: Run): string[] {
  const makes = ({ kind }: Act): boolean => kind === 'confirm' || kind === 'replace';
  const removers = acts.filter((act) => isYes(act) && (takesAppAway(act) || (maxApps === 1 && makes(act))));
  const madeAt = (app: string | null): number =>
    initialApps.includes(app ?? '')
      ? -1
      : (acts.find((act) => makes(act) && act.app === app)?.end ?? Infinity);
  return acts
    .filter((act) => isYes(act) && act.method === 'authenticator')
    .flatMap(({ app, start }) => {
      const isGone = removers.some((act) => act.app !== app && act.start > madeAt(app) && act.end < start);
      return isGone ? ['an app that was gone let in'] : [];
    });
}

/** Promise 14: a ticket from before a change of a factor is void. */
function loginsWithVoidTickets({ acts }: Run): string[] {
  const changes = acts.filter((act) => isYes(act) && changesFactor(act));
  return acts
    .filter((act) => isYes(act) && act.ticketAt !== null)
    .flatMap((login) => {
      const isVoid = changes.some(({ start, end }) => start > (login.ticketAt ?? 0) && end < login.start);
      return isVoid && login.kind === 'stale login' ? ['a void ticket let in'] : [];
    });
}

/** Lets the customer in with the factor that is told, once all is quiet. */
export async function factorAfterwards({ flow }: Run): Promise<{ told: string; letIn: string[] }> {
  // A fresh token: the one there was may have had its guesses.
  flow.clock.advance(16 * MINUTE);
  const { method } = await flow.twoFactor.status(userId);
  const begun = await flow.begin();
  const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
  const letIn: string[] = [];
  const secrets = new Set([flow.secret, ...flow.scanned]);
  const codes = [flow.mails.at(-1)?.code, ...Array.from(secrets, (secret) => flow.appCode(0, secret))];
  for (const code of codes) {
    const done = await flow.complete(code, { challenge });
    if (done.ok) letIn.push(done.method);
  }
  return { told: method, letIn };
}
