import { setTimeout as pause } from 'node:timers/promises';
import { createTwoFactor, type TwoFactor } from '../../../src/index.js';
import type { Seeded } from '../../support/faults/seeded.js';
import { Customer, FastClock, type Town } from './customers.js';
import type { EngineClient } from './engine-clients.js';
import { Ledger } from './ledger.js';
import type { Scene } from './scenes.js';

/** What logins through faults came to. */
export interface FaultsResult {
  readonly name: string;
  readonly logins: number;
  readonly accepted: Ledger['accepted'];
  readonly faults: Readonly<Record<string, number>>;
  readonly seen: ReadonlyMap<string, number>;
  /** Logins that took more than one beginning. */
  readonly repeated: number;
  readonly mostTries: number;
  /** How long a login took its customer while the engine failed, in ms. */
  readonly durations: readonly number[];
  readonly violations: readonly string[];
}

/** How much is played. */
export interface FaultsPlan {
  readonly logins: number;
  readonly customers: number;
  /** Logins at a time. */
  readonly concurrency: number;
}

/** Plays logins while the engine fails, then while a server's clock is an hour off, and then one of each customer in peace. */
export async function playFaults(scene: Scene, plan: FaultsPlan, random: Seeded): Promise<FaultsResult> {
  const play = new Play(scene, plan, random);
  try {
    return await play.run();
  } finally {
    await play.close();
    await scene.close();
  }
}

const HOUR = 3_600_000;
const issuer = 'Example Hosting';

class Play {
  private readonly clock = new FastClock();
  private readonly ledger = new Ledger();
  private readonly skews = [0, 0];
  private readonly clients: EngineClient[] = [];
  private readonly customers = new Map<string, Customer>();
  private readonly durations: number[] = [];
  private repeated = 0;
  private mostTries = 0;
  private logins = 0;
  /** Whether the logins of the present part have ended. */
  private isOver = false;

  constructor(
    private readonly scene: Scene,
    private readonly plan: FaultsPlan,
    private readonly random: Seeded,
  ) {}

  async run(): Promise<FaultsResult> {
    const town = await this.settle();
    const { logins, customers } = this.plan;
    const toFaults = Math.round(logins * 0.8);
    await this.playWhile(() => this.disturb(), toFaults);
    await this.audit();
    town.isClockWrong = true;
    this.ledger.phase = 'clock: ';
    await this.playWhile(() => this.stepClock(), Math.max(0, logins - toFaults - customers));
    await this.playWhile(() => pause(50), customers);
    this.ledger.phase = '';
    await this.audit();
    const { scene, ledger, repeated, mostTries, durations } = this;
    return {
      ...{ name: scene.name, logins: this.logins, accepted: ledger.accepted, faults: scene.faults() },
      ...{ seen: ledger.seen, repeated, mostTries, durations, violations: ledger.violations },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close().catch(() => undefined)));
  }

  /** Opens two servers, and gives every other customer an app. */
  private async settle(): Promise<Town> {
    const servers = [await this.openServer(0), await this.openServer(1)];
    const { clock, ledger, random } = this;
    const town: Town = { clock, ledger, random, servers, isClockWrong: false };
    for (let number = 0; number < this.plan.customers; number++) {
      const customer = new Customer(`customer-${number}`, town);
      this.customers.set(customer.userId, customer);
      if (number % 2 === 0) await customer.adoptApp();
    }
    return town;
  }

  private async openServer(number: number): Promise<TwoFactor> {
    const now = (): number => this.clock.now() + (this.skews[number] ?? 0);
    const client = await this.scene.openClient(now);
    this.clients.push(client);
    return createTwoFactor({
      ...{ store: client.store, keys: [new Uint8Array(32).fill(7)], issuer, now },
      send: ({ subject, code, expiresAt }) => {
        this.customers.get(subject)?.mailbox.push({ code, expiresAt: expiresAt.getTime() });
        return Promise.resolve();
      },
    });
  }

  /** Has customers log in, many at a time, while something happens again and again. */
  private async playWhile(happening: () => Promise<unknown>, logins: number): Promise<void> {
    const idle = [...this.customers.values()];
    let begun = 0;
    const work = async (): Promise<void> => {
      for (let customer = idle.shift(); customer !== undefined && begun < logins; customer = idle.shift()) {
        begun++;
        await this.logIn(customer);
        idle.push(customer);
      }
    };
    const all = Promise.all(Array.from({ length: this.plan.concurrency }, work));
    this.isOver = false;
    const over = all.finally(() => {
      this.isOver = true;
    });
    do await happening();
    while (this.isGoingOn());
    await over;
    await this.scene.calmDown();
  }

  private isGoingOn(): boolean {
    return !this.isOver;
  }

  private async logIn(customer: Customer): Promise<void> {
    await customer.waitForCode();
    const begun = performance.now();
    const tries = await customer.logIn();
    if (this.ledger.phase === '') this.durations.push(performance.now() - begun);
    this.logins++;
    if (tries > 1) this.repeated++;
    this.mostTries = Math.max(this.mostTries, tries);
  }

  /** Counted in logins and not in seconds, so that a slow machine meets no more trouble than a fast one. */
  private async disturb(): Promise<void> {
    const until = this.logins + this.plan.concurrency / 2 + this.random.below(this.plan.concurrency);
    while (this.logins < until && !this.isOver) await pause(20);
    if (this.isOver) return;
    if (await this.scene.disturb()) await this.audit();
  }

  /** Sets one server's clock an hour ahead or back, and right again. */
  private async stepClock(): Promise<void> {
    const number = this.random.below(2);
    this.skews[number] = this.random.pick([HOUR, -HOUR]);
    this.ledger.see('a clock an hour off');
    await pause(1000 + this.random.below(1000));
    this.skews[number] = 0;
    await pause(1000);
  }

  private async audit(): Promise<void> {
    const codes = this.ledger.newest();
    this.ledger.audit(codes, await this.scene.readRecords(), this.clock.now());
  }
}
