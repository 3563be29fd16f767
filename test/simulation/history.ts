import {
  type CompleteResult,
  generateTotp,
  isCountersignError,
  Secret,
  type TwoFactor,
} from '../../src/index.js';
import { recordKey } from '../../src/store/record.js';
import { type AppliedWrite, calm, type Trouble, World } from './world.js';

/** What is wrong with a history; the seed plays it again. */
export interface Violation {
  readonly seed: number;
  readonly what: string;
  readonly story: readonly string[];
}

/** What a history came to. */
export interface HistoryResult {
  readonly acts: number;
  readonly logins: number;
  readonly errors: number;
  readonly violation: Violation | null;
}

/** Plays one history: logins, activations, an attacker, faults and clock steps, all from one seed. */
export async function playHistory(seed: number, length = 30): Promise<HistoryResult> {
  const history = new History(seed);
  return history.world.loop.inside(() => history.play(length));
}

const userId = 'customer-7';
const email = 'customer@example.com';
const recordOfCustomer = recordKey('two-factor', userId);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const rough: Trouble = { rejectBefore: 0.04, rejectAfter: 0.06, sendTwice: 0.06, die: 0.02, refuseMail: 0.1 };

/** What the owner of the account holds: the phone, the paper, the browser, the mailbox. */
interface Owner {
  /** Every secret that was ever scanned, with the name of its app, whether or not its confirmation was heard of. */
  readonly phones: { readonly name: string; readonly secret: Secret }[];
  recoveryCodes: string[];
  cookie: string | undefined;
  readonly tickets: string[];
  proof: string | undefined;
}

class History {
  readonly world: World;
  private readonly owner: Owner = {
    phones: [],
    recoveryCodes: [],
    cookie: undefined,
    tickets: [],
    proof: undefined,
  };
  private readonly attackerTickets: string[] = [];
  private readonly nullTickets: string[] = [];
  /** Codes that were accepted, by what makes them one. */
  private readonly accepted = new Set<string>();
  private readonly observedCodes: string[] = [];
  private readonly story: string[] = [];
  private readonly kinds = new Map<number, string>();
  private acts = 0;
  private phones = 0;
  private logins = 0;
  private errors = 0;
  private what: string | null = null;

  constructor(private readonly seed: number) {
    this.world = new World(seed);
  }

  async play(length: number): Promise<HistoryResult> {
    for (let index = 0; index < length && this.what === null; index++) await this.next();
    if (this.what === null) await this.ownerGetsIn();
    if (this.what === null) this.checkWrites();
    const violation = this.what === null ? null : { seed: this.seed, what: this.what, story: this.story };
    return { acts: this.acts, logins: this.logins, errors: this.errors, violation };
  }

  private async next(): Promise<void> {
    const { random } = this.world;
    this.passTime();
    if (random.chance(0.1)) this.world.trouble = random.chance(0.5) ? rough : calm;
    if (random.chance(0.03)) this.world.rotateKeys();
    if (random.chance(0.03)) this.world.skews[random.below(2)] = random.pick([0, 0, HOUR, -HOUR]);
    const count = random.chance(0.3) ? 2 + random.below(3) : 1;
    const together = Array.from({ length: count }, () => this.act(random.pick(actNames)));
    await this.world.loop.playUntilSettled(Promise.all(together));
  }

  private passTime(): void {
    const { random } = this.world;
    this.world.now += random.pick([
      0,
      0,
      SECOND,
      5 * SECOND,
      31 * SECOND,
      61 * SECOND,
      5 * MINUTE,
      HOUR,
      DAY,
    ]);
  }

  /** Runs one act; an error of the library is noted, any other is a violation. */
  private async act(name: ActName): Promise<void> {
    const act = ++this.acts;
    this.kinds.set(act, name);
    this.tell(`${act} ${name} begins`);
    try {
      await this.world.run(act, (twoFactor) => this[name](twoFactor, act));
    } catch (error) {
      this.errors++;
      if (!isCountersignError(error)) this.fail(`${name} threw ${String(error)}`);
      else if (this.world.trouble === calm && error.code === 'ERR_STORE_FAILED')
        this.tell(`${act} ${error.message}`);
      else this.tell(`${act} ${name}: ${error.code}`);
    }
  }

  async login(twoFactor: TwoFactor): Promise<void> {
    const begun = await twoFactor.begin({ userId, email, browser: this.owner.cookie });
    if (begun.ok && 'challenge' in begun) this.owner.tickets.push(begun.challenge);
  }

  async mailLogin(twoFactor: TwoFactor, act: number): Promise<void> {
    await this.login(twoFactor);
    await this.mailedCode(twoFactor, act);
  }

  async appLogin(twoFactor: TwoFactor, act: number): Promise<void> {
    await this.login(twoFactor);
    await this.appCode(twoFactor, act);
  }

  async newApp(twoFactor: TwoFactor): Promise<void> {
    await this.activation(twoFactor);
    await this.confirmation(twoFactor);
  }

  async mailedCode(twoFactor: TwoFactor, act: number): Promise<void> {
    const code = this.world.mails.at(-1)?.code;
    if (code !== undefined) await this.complete(twoFactor, act, code);
  }

  async olderMailedCode(twoFactor: TwoFactor, act: number): Promise<void> {
    if (this.world.mails.length > 0)
      await this.complete(twoFactor, act, this.world.random.pick(this.world.mails).code);
  }

  async appCode(twoFactor: TwoFactor, act: number): Promise<void> {
    const secret = this.owner.phones.at(-1 - this.world.random.below(2))?.secret;
    if (secret !== undefined)
      await this.complete(twoFactor, act, generateTotp(secret, { at: this.world.now }));
  }

  async recoveryCode(twoFactor: TwoFactor, act: number): Promise<void> {
    const code = this.owner.recoveryCodes[0];
    if (code !== undefined) await this.complete(twoFactor, act, code);
  }

  async activation(twoFactor: TwoFactor): Promise<void> {
    const name = `app ${++this.phones}`;
    const begun = await twoFactor.beginActivation({ userId, account: userId, name });
    if (begun.ok) this.owner.phones.push({ name, secret: begun.secret });
  }

  async confirmation(twoFactor: TwoFactor): Promise<void> {
    const [secret, other] = [this.owner.phones.at(-1)?.secret, this.owner.phones.at(-2)?.secret];
    if (secret === undefined) return;
    const at = this.world.now;
    const proof = this.world.random.pick([
      other && generateTotp(other, { at }),
      this.owner.recoveryCodes[0],
      this.owner.proof,
      undefined,
    ]);
    const confirmed = await twoFactor.confirmActivation({
      userId,
      code: generateTotp(secret, { at }),
      proof,
    });
    if (!confirmed.ok) return;
    if (confirmed.recoveryCodes !== null) this.owner.recoveryCodes = [...confirmed.recoveryCodes];
  }

  async deactivation(twoFactor: TwoFactor): Promise<void> {
    const secret = this.owner.phones.at(-1)?.secret;
    const code = secret && generateTotp(secret, { at: this.world.now });
    await twoFactor.deactivate({ userId, code, app: this.world.random.pick(['all', undefined]) });
  }

  async renewal(twoFactor: TwoFactor): Promise<void> {
    const secret = this.owner.phones.at(-1)?.secret;
    const code = secret && generateTotp(secret, { at: this.world.now });
    const renewed = await twoFactor.renewRecoveryCodes({ userId, code });
    if (renewed.ok) this.owner.recoveryCodes = [...renewed.recoveryCodes];
  }

  async strangersLogin(twoFactor: TwoFactor): Promise<void> {
    const begun = await twoFactor.begin({ userId, email });
    if (begun.ok && 'challenge' in begun) this.attackerTickets.push(begun.challenge);
  }

  async strangersGuess(twoFactor: TwoFactor, act: number): Promise<void> {
    const code = this.world.random.chance(0.3) ? this.observedCodes.at(-1) : this.wrongCode();
    const challenge = this.attackerTickets.at(-1);
    const result = await twoFactor.complete({ userId, challenge, code });
    this.judge(result, code, act);
  }

  async wrongPassword(twoFactor: TwoFactor): Promise<void> {
    const begun = await twoFactor.begin({ userId, email: null });
    if (begun.ok && 'challenge' in begun) this.nullTickets.push(begun.challenge);
  }

  /** Every right code there is, with a ticket of a wrong password. */
  async codesWithoutPassword(twoFactor: TwoFactor): Promise<void> {
    const secret = this.owner.phones.at(-1)?.secret;
    const app = secret && generateTotp(secret, { at: this.world.now });
    for (const code of [app, this.owner.recoveryCodes[0], this.world.mails.at(-1)?.code]) {
      const result = await twoFactor.complete({ userId, challenge: this.nullTickets.at(-1), code });
      if (result.ok) this.fail('a right code was accepted without the password');
    }
  }

  async unlocking(twoFactor: TwoFactor): Promise<void> {
    await twoFactor.unlock(userId);
  }

  async revoking(twoFactor: TwoFactor): Promise<void> {
    await twoFactor.revoke(userId);
  }

  async erasing(twoFactor: TwoFactor): Promise<void> {
    // Rare: an erased account begins again.
    if (this.world.random.chance(0.9)) return;
    await twoFactor.erase(userId);
  }

  async adoption(twoFactor: TwoFactor): Promise<void> {
    if (this.world.random.chance(0.8)) return;
    const secret = Secret.generate();
    const name = `app ${++this.phones}`;
    // Entered first: the app is the customer's whether or not the answer is heard.
    this.owner.phones.push({ name, secret });
    await twoFactor.adopt({ userId, secret, name, activatedAt: this.world.now });
  }

  private async complete(twoFactor: TwoFactor, act: number, code: string): Promise<void> {
    const challenge = this.owner.tickets.at(-1 - this.world.random.below(2));
    const remember = this.world.random.chance(0.3);
    const result = await twoFactor.complete({
      userId,
      challenge,
      code,
      browser: this.owner.cookie,
      remember,
    });
    this.judge(result, code, act);
    if (!result.ok) return;
    this.logins++;
    this.observedCodes.push(code);
    this.owner.cookie = result.browser?.value;
    this.owner.proof = result.proof ?? this.owner.proof;
    this.owner.recoveryCodes = this.owner.recoveryCodes.filter((each) => each !== code);
  }

  /** No code twice, and no yes without a write of this very act. */
  private judge(result: CompleteResult, code: unknown, act: number): void {
    this.tell(`${act} ${result.ok ? `yes by ${result.method}` : result.reason}`);
    if (!result.ok) return;
    const identity = `${result.method} ${String(code)} ${this.identityOf(result.method, code)}`;
    if (this.accepted.has(identity)) this.fail(`accepted twice: ${identity}`);
    this.accepted.add(identity);
    if (!this.world.writes.some((write) => write.act === act)) this.fail('a yes without a written record');
  }

  /** Which mail or time step a code belongs to: the same six digits may come again a year later. */
  private identityOf(method: string, code: unknown): string {
    if (method === 'recovery') return '';
    if (method === 'email') {
      const mail = this.world.mails.filter((each) => each.code === code).at(-1);
      return String(mail?.expiresAt.getTime());
    }
    const steps = [-3, -2, -1, 0, 1, 2, 3].map((step) => this.world.now + step * 30 * SECOND);
    const at = steps.find((each) =>
      this.owner.phones.some(({ secret }) => generateTotp(secret, { at: each }) === code),
    );
    return String(Math.floor((at ?? this.world.now) / (30 * SECOND)));
  }

  /** The owner gets in within what is promised, once nothing is broken any more. */
  private async ownerGetsIn(): Promise<void> {
    this.world.trouble = calm;
    this.world.skews.fill(0);
    this.world.now += MINUTE;
    const begun = this.world.now;
    const limit = DAY + HOUR + 2 * MINUTE;
    while (this.world.now <= begun + limit) {
      const waitMs = await this.tryToGetIn();
      if (waitMs === 0) return;
      this.world.now += waitMs;
    }
    this.fail(`the owner was still outside after ${limit / HOUR} hours`);
  }

  /** One try of the owner with everything they hold; returns how long to wait before the next. */
  private async tryToGetIn(): Promise<number> {
    let waitMs = 0;
    const act = ++this.acts;
    this.kinds.set(act, 'final');
    const tried = this.world.run(act, async (twoFactor) => {
      waitMs = await this.ownersTry(twoFactor);
    });
    await this.world.loop.playUntilSettled(tried);
    return waitMs;
  }

  private async ownersTry(twoFactor: TwoFactor): Promise<number> {
    const { cookie, recoveryCodes, phones } = this.owner;
    const { apps } = await twoFactor.status(userId);
    const active = phones.filter(({ name }) => apps.some((app) => app.name === name));
    const begun = await twoFactor.begin({ userId, email, browser: cookie });
    this.tell(`final: ${JSON.stringify(begun)}`);
    if (!begun.ok) return Math.max(SECOND, (begun.retryAt?.getTime() ?? 0) - this.world.now);
    if (begun.method === 'remembered' || begun.method === 'none') return 0;
    const { challenge } = begun;
    const at = this.world.now;
    const codes =
      begun.method === 'email'
        ? [this.world.mails.at(-1)?.code]
        : [...recoveryCodes, ...active.map(({ secret }) => generateTotp(secret, { at }))];
    let retryAt = at + 30 * SECOND;
    for (const code of codes) {
      const result = await twoFactor.complete({ userId, challenge, code, browser: cookie });
      this.tell(`final: ${String(code)} ${JSON.stringify(result)}`);
      if (result.ok) return 0;
      retryAt = Math.max(retryAt, result.retryAt?.getTime() ?? 0);
    }
    return retryAt - at;
  }

  /** Every write of the customer's record, judged by what its act may change. */
  private checkWrites(): void {
    for (const write of this.world.writes) if (write.key === recordOfCustomer) this.checkWrite(write);
  }

  private checkWrite({ act, before, after }: AppliedWrite): void {
    const kind = this.kinds.get(act) ?? '';
    const [old, next] = [appsOf(before), appsOf(after)];
    if (old.length > 0 && next.length === 0 && !['deactivation', 'erasing'].includes(kind)) {
      this.fail(`${kind} left the account with a weaker factor`);
    }
    const isNew = next.some(({ id }) => old.every((each) => each.id !== id));
    if (isNew && !['confirmation', 'newApp', 'adoption'].includes(kind)) this.fail(`${kind} added an app`);
    for (const { id, lastTimeStep } of next) {
      const earlier = old.find((each) => each.id === id);
      if (earlier !== undefined && lastTimeStep < earlier.lastTimeStep) this.fail('a time step went back');
    }
  }

  private wrongCode(): string {
    return String(this.world.random.below(1_000_000)).padStart(6, '0');
  }

  private tell(line: string): void {
    this.story.push(`${new Date(this.world.now).toISOString()} ${line}`);
  }

  private fail(what: string): void {
    this.what ??= what;
  }
}

const actNames = [
  ...(['login', 'login', 'mailedCode', 'mailedCode', 'olderMailedCode', 'mailLogin', 'mailLogin'] as const),
  ...(['appCode', 'appLogin', 'appLogin', 'appLogin', 'recoveryCode', 'recoveryCode', 'activation'] as const),
  ...(['confirmation', 'newApp', 'newApp', 'newApp'] as const),
  ...(['deactivation', 'renewal', 'strangersLogin', 'strangersGuess', 'strangersGuess'] as const),
  ...(['wrongPassword', 'codesWithoutPassword', 'unlocking', 'revoking', 'erasing', 'adoption'] as const),
] as const;

type ActName = (typeof actNames)[number];

interface StoredApp {
  readonly id: string;
  readonly lastTimeStep: number;
}

function appsOf(value: string | null): readonly StoredApp[] {
  const json = value?.startsWith('live ') === true ? value.slice(value.indexOf('{')) : '{}';
  return (JSON.parse(json) as { apps?: StoredApp[] }).apps ?? [];
}
