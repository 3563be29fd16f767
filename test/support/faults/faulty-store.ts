import type { NextRecord, Store, StoredRecord } from '../../../src/store/store.js';
import type { Seeded } from './seeded.js';

/** One call of a store, as its caller made it. */
export interface StoreCall {
  /** Counted from 1. */
  readonly number: number;
  readonly verb: 'read' | 'write';
  readonly key: string;
  /** Of a write; null for a read and a deletion. */
  readonly next: NextRecord | null;
  /** Of a write; null for a read and a creation. */
  readonly expected: string | null;
}

/**
 * What becomes of a call.
 *
 * - `request lost`: it fails, and the store has not seen it.
 * - `answer lost`: it fails, and the store has done it.
 * - `sent twice`: it succeeds; the client lost the first answer, sent the call again and passes on the second answer.
 * - `landsAfter`: it fails, and the store does it later: after so many more calls, or when `land` is called.
 */
export type Fault = 'none' | 'request lost' | 'answer lost' | 'sent twice' | { readonly landsAfter: number };

/** Decides what becomes of each call. */
export type Plan = (call: StoreCall) => Fault;

/** Options of {@link faultyStore}. */
export interface FaultyStoreOptions {
  /** Default: every call works. */
  readonly plan?: Plan;
  /** Awaited before a request arrives and before its answer does, for example a scheduler's `turn`. Default: no wait. */
  readonly pause?: () => Promise<void>;
}

/** A store at the far end of a network that fails as planned. */
export interface FaultyStore extends Store {
  /** The calls since the last `setPlan`. */
  readonly calls: readonly StoreCall[];
  /** Takes another plan, and counts from 1 again. */
  setPlan(plan: Plan): void;
  /** Lets every late call arrive. */
  land(): Promise<void>;
}

/** The network between the library and its store failed. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** Every call works. */
export const allWork: Plan = () => 'none';

/** The call of one number fails, and the others work. */
export function atCall(number: number, fault: Fault): Plan {
  return (call) => (call.number === number ? fault : 'none');
}

/** The process ends at the call of one number: that call meets the fault, and no later one reaches the store. */
export function diesAtCall(number: number, fault: Fault): Plan {
  return (call) => (call.number < number ? 'none' : call.number === number ? fault : 'request lost');
}

/** Calls fail at random: reads lose request or answer, writes may also be sent twice or arrive late. */
export function atRandom(random: Seeded, rate: number): Plan {
  return ({ verb }) => {
    if (!random.chance(rate)) return 'none';
    if (verb === 'read') return random.pick<Fault>(['request lost', 'answer lost']);
    const late = { landsAfter: 1 + random.below(8) };
    return random.pick<Fault>(['request lost', 'answer lost', 'sent twice', late]);
  };
}

/** Every plan in which one call of a known sequence goes wrong, or the process ends at it; each with a title. */
export function plansFor(calls: readonly Pick<StoreCall, 'verb'>[]): [title: string, plan: Plan][] {
  return calls.flatMap(({ verb }, index) =>
    faultsOf(verb).flatMap(([name, fault]): [string, Plan][] => [
      [`call ${index + 1}, a ${verb}, has its ${name}`, atCall(index + 1, fault)],
      [`the process dies at call ${index + 1}, a ${verb} with its ${name}`, diesAtCall(index + 1, fault)],
    ]),
  );
}

function faultsOf(verb: StoreCall['verb']): [name: string, fault: Fault][] {
  const lost: [string, Fault][] = [['request lost', 'request lost']];
  if (verb === 'read') return lost;
  return [...lost, ['answer lost', 'answer lost'], ['request late', { landsAfter: Infinity }]];
}

/**
 * Puts a network between a caller and a store: it records each call, and the plan says which of them fail, and how.
 *
 * @param inner - the store behind the network
 * @param options - see {@link FaultyStoreOptions}
 * @returns the store that the caller sees
 */
export function faultyStore(inner: Store, options: FaultyStoreOptions = {}): FaultyStore {
  return new StoreOverNetwork(inner, options);
}

interface LateCall {
  /** The number of the call before which it arrives. */
  readonly before: number;
  readonly send: () => Promise<unknown>;
}

class StoreOverNetwork implements FaultyStore {
  readonly calls: StoreCall[] = [];
  readonly #inner: Store;
  readonly #pause: () => Promise<void>;
  #plan: Plan;
  #late: LateCall[] = [];

  constructor(inner: Store, { plan = allWork, pause = noPause }: FaultyStoreOptions) {
    this.#inner = inner;
    this.#plan = plan;
    this.#pause = pause;
  }

  setPlan(plan: Plan): void {
    this.#plan = plan;
    this.calls.length = 0;
  }

  land(): Promise<void> {
    return this.#landBefore(Infinity);
  }

  read(key: string): Promise<StoredRecord | undefined> {
    const call = { verb: 'read', key, next: null, expected: null } as const;
    return this.#carry(call, () => this.#inner.read(key));
  }

  write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    const call = { verb: 'write', key, next, expected } as const;
    return this.#carry(call, () => this.#inner.write(key, next, expected));
  }

  async #carry<T>(call: Omit<StoreCall, 'number'>, send: () => Promise<T>): Promise<T> {
    const number = this.calls.length + 1;
    const numbered = { ...call, number };
    this.calls.push(numbered);
    const fault = this.#plan(numbered);
    await this.#pause();
    await this.#landBefore(number);
    if (typeof fault === 'object') this.#late.push({ before: number + fault.landsAfter, send });
    if (typeof fault === 'object' || fault === 'request lost') throw new ConnectionLost();
    if (fault === 'sent twice') await send();
    const answer = await send();
    await this.#pause();
    if (fault === 'answer lost') throw new ConnectionLost();
    return answer;
  }

  async #landBefore(number: number): Promise<void> {
    const due = this.#late.filter(({ before }) => before <= number);
    this.#late = this.#late.filter((late) => !due.includes(late));
    for (const { send } of due) await send();
  }
}

function noPause(): Promise<void> {
  return Promise.resolve();
}
