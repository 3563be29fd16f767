import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createTwoFactor,
  generateTotp,
  isCountersignError,
  Secret,
  type TwoFactor,
} from '../../../src/index.js';
import { type ClientKind, prepareEngine, readRecords } from './engine-clients.js';
import { Latencies } from './latencies.js';
import { ownServer } from './own-servers.js';

/** What a long run at full load came to. */
export interface Endurance {
  readonly name: string;
  readonly logins: number;
  readonly refused: number;
  readonly errors: ReadonlyMap<string, number>;
  /** How long each call took: what `Latencies` counts. */
  readonly counts: number[];
  /** Megabytes of objects after a collection: ten times, evenly spread. */
  readonly heap: readonly number[];
  /** What the engine holds at the end. */
  readonly rows: { readonly records: number; readonly longest: number };
}

/** Has customers log in as fast as an engine lets them. */
export async function endure(kind: ClientKind, milliseconds: number): Promise<Endurance> {
  const server = await ownServer(kind.server);
  try {
    await server.start();
    await prepareEngine(kind.server, server.port);
    const run = await new Run().play(kind, server.port, milliseconds);
    const records = Array.from(await readRecords(kind.server, server.port), ([, json]) =>
      JSON.stringify(json),
    );
    const longest = Math.max(...records.map(({ length }) => length));
    return { ...run, rows: { records: records.length, longest } };
  } finally {
    await server.remove();
  }
}

const CUSTOMERS = 800;
const CONCURRENCY = 32;
/** A customer comes back after 800 logins: their app shows a new code by then, and their mail has not run out. */
const LOGINS_A_STEP = 300;

class Run {
  private readonly begun = Date.now();
  private readonly latencies = new Latencies();
  private readonly errors = new Map<string, number>();
  private readonly mails = new Map<string, string>();
  private readonly secret = Secret.generate();
  private logins = 0;
  private refused = 0;

  async play(kind: ClientKind, port: number, milliseconds: number): Promise<Omit<Endurance, 'rows'>> {
    const client = await kind.open(port, this.now);
    const flow = createTwoFactor({
      ...{
        store: client.store,
        keys: [new Uint8Array(32).fill(7)],
        issuer: 'Example Hosting',
        now: this.now,
      },
      send: ({ subject, code }) => Promise.resolve(this.mails.set(subject, code)),
    });
    for (let number = 0; number < CUSTOMERS; number += 2) {
      await flow.adopt({ userId: userIdOf(number), secret: this.secret });
    }
    const end = performance.now() + milliseconds;
    const work = Promise.all(Array.from({ length: CONCURRENCY }, () => this.work(flow, end)));
    const heap: number[] = [];
    for (let tenth = 1; tenth <= 10; tenth++) {
      await pause(milliseconds / 10);
      heap.push(collectedHeap());
    }
    await work;
    await client.close();
    const { logins, refused, errors, latencies } = this;
    return { name: kind.name, logins, refused, errors, counts: latencies.counts, heap };
  }

  private readonly now = (): number => this.begun + Math.floor(this.logins / LOGINS_A_STEP) * 30_000;

  private async work(flow: TwoFactor, end: number): Promise<void> {
    while (performance.now() < end) {
      const number = this.logins++ % CUSTOMERS;
      try {
        await this.logIn(flow, number);
      } catch (error) {
        const name = isCountersignError(error) ? error.code : String(error);
        this.errors.set(name, (this.errors.get(name) ?? 0) + 1);
      }
    }
  }

  private async logIn(flow: TwoFactor, number: number): Promise<void> {
    const userId = userIdOf(number);
    const begun = await this.timed(() => flow.begin({ userId, email: 'customer@example.com' }));
    const challenge = 'challenge' in begun ? begun.challenge : null;
    const code = number % 2 === 0 ? generateTotp(this.secret, { at: this.now() }) : this.mails.get(userId);
    const result = await this.timed(() => flow.complete({ userId, challenge, code }));
    if (!result.ok) this.refused++;
  }

  private async timed<T>(call: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await call();
    this.latencies.add(performance.now() - start);
    return result;
  }
}

function userIdOf(number: number): string {
  return `customer-${number}`;
}

function collectedHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
