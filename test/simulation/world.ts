import { AsyncLocalStorage } from 'node:async_hooks';
import {
  createTwoFactor,
  type Keys,
  type NextRecord,
  type OutgoingMail,
  retired,
  type StoredRecord,
  type TwoFactor,
} from '../../src/index.js';
import { EventLoop } from './event-loop.js';
import { seeded, type Seeded } from '../support/faults/seeded.js';

/** How often something goes wrong, from 0 to 1. */
export interface Trouble {
  readonly rejectBefore: number;
  readonly rejectAfter: number;
  readonly sendTwice: number;
  readonly die: number;
  readonly refuseMail: number;
}

/** A world without faults. */
export const calm: Trouble = { rejectBefore: 0, rejectAfter: 0, sendTwice: 0, die: 0, refuseMail: 0 };

/** A write that happened. */
export interface AppliedWrite {
  readonly act: number;
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One simulated installation: a store, two processes, a mailbox, and the faults between them. */
export class World {
  readonly random: Seeded;
  readonly loop: EventLoop;
  readonly mails: OutgoingMail[] = [];
  readonly writes: AppliedWrite[] = [];
  trouble: Trouble = calm;
  now = Date.UTC(2030, 0);
  /** How far the clocks of the two processes are ahead, in ms. */
  readonly skews = [0, 0];
  private readonly records = new Map<string, StoredRecord & { expiresAt: number }>();
  private readonly act = new AsyncLocalStorage<number>();
  private readonly flows = new Map<string, TwoFactor>();
  private keyCount = 1;

  constructor(seed: number) {
    this.random = seeded(seed);
    this.loop = new EventLoop(this.random);
  }

  /** Runs an act on one of the two processes; its writes are entered under its number. */
  run<T>(act: number, play: (twoFactor: TwoFactor) => Promise<T>): Promise<T> {
    const flow = this.flowOf(this.random.below(this.skews.length));
    return this.act.run(act, () => play(flow));
  }

  /** Puts a new key in front on one process; the other still has the older one in front. */
  rotateKeys(): void {
    this.keyCount++;
  }

  /** The record of a key as the store holds it. */
  valueOf(key: string): string | null {
    return this.read(key)?.value ?? null;
  }

  private flowOf(process: number): TwoFactor {
    const name = `${process} ${this.keyCount}`;
    const flow = this.flows.get(name) ?? this.startFlow(process);
    this.flows.set(name, flow);
    return flow;
  }

  private startFlow(process: number): TwoFactor {
    return createTwoFactor({
      store: {
        read: (key) => this.call(() => this.read(key)),
        write: (key, next, expected) => this.call(() => this.write({ key, next, expected })),
      },
      keys: this.keysOf(process),
      issuer: 'Simulated Hosting',
      send: (mail) => this.accept(mail),
      maxApps: 2,
      browsers: { rememberSeconds: 30 * 86_400 },
      now: () => this.now + (this.skews[process] ?? 0),
    });
  }

  private keysOf(process: number): Keys {
    const newest = this.keyCount;
    const current = [newest, newest - 1].filter((key) => key > 0);
    const ordered = process === 0 ? current : [...current].reverse();
    const old = Array.from({ length: Math.max(0, newest - 2) }, (_, index) => retired(keyOf(index + 1)));
    return [...ordered.map(keyOf), ...old];
  }

  private async accept(mail: OutgoingMail): Promise<void> {
    await this.loop.turn();
    if (this.random.chance(this.trouble.refuseMail)) throw new Error('451 try later');
    this.mails.push(mail);
  }

  /** A call on its way to the store and back, with whatever befalls it. */
  private async call<T>(run: () => T): Promise<T> {
    const { random, loop } = this;
    await loop.turn();
    if (random.chance(this.trouble.die)) return new Promise<T>(() => undefined);
    if (random.chance(this.trouble.rejectBefore)) throw new Error('connection refused');
    let answer = run();
    // A client that sends again what was on its way when its connection broke: the second answer is what is heard.
    if (random.chance(this.trouble.sendTwice)) {
      await loop.turn();
      answer = run();
    }
    await loop.turn();
    if (random.chance(this.trouble.die)) return new Promise<T>(() => undefined);
    if (random.chance(this.trouble.rejectAfter)) throw new Error('connection reset');
    return answer;
  }

  private read(key: string): StoredRecord | undefined {
    const record = this.records.get(key);
    if (record === undefined || record.expiresAt <= this.now) return undefined;
    return { value: record.value, etag: record.etag };
  }

  private write({ key, next, expected }: WriteCall): boolean {
    const current = this.read(key);
    if ((current?.etag ?? null) !== expected) return false;
    const act = this.act.getStore() ?? 0;
    this.writes.push({ act, key, before: current?.value ?? null, after: next?.value ?? null });
    if (next === null) this.records.delete(key);
    else this.records.set(key, { ...next, expiresAt: next.expiresAt?.getTime() ?? Infinity });
    return true;
  }
}

interface WriteCall {
  readonly key: string;
  readonly next: NextRecord | null;
  readonly expected: string | null;
}

function keyOf(number: number): Uint8Array {
  return new Uint8Array(32).fill(number % 256);
}
