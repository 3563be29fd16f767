import { vi } from 'vitest';
import { type Seeded, seeded } from './seeded.js';

/**
 * Decides which caller goes on next: all that wait for their turn go on in an order that a seed chooses. No real time
 * passes, so an interleaving costs microseconds, and the same seed gives the same order and the same random bytes.
 */
export class Scheduler {
  readonly #waiting: Waiting[] = [];
  readonly #random: Seeded;
  readonly #bytes: Seeded;
  /** Calls of WebCrypto that a thread is busy with. */
  #inThreads = 0;

  constructor(random: Seeded) {
    this.#random = random;
    this.#bytes = seeded(random.below(2 ** 32));
  }

  /** Resolves when the seed chooses this caller. */
  turn(): Promise<void> {
    return new Promise((goOn) => this.#waiting.push({ goOn, isPatient: false }));
  }

  /** Lets one caller after the other go on until none waits; `onTurn` runs before each. */
  async run(onTurn: () => void = () => undefined): Promise<void> {
    await this.#standstill();
    while (this.#waiting.length > 0) {
      onTurn();
      this.#takeOne().goOn();
      await this.#standstill();
    }
  }

  /**
   * Makes `setTimeout` wait for a turn: the seed decides in place of a back-off's duration. A time limit of seconds waits
   * until nothing else does. WebCrypto, which works in threads, is waited for, so its speed changes no order; and its
   * random bytes come from the seed.
   *
   * @returns a function that puts the real timers and WebCrypto back
   */
  takeTimers(): () => void {
    vi.stubGlobal('setTimeout', (goOn: () => void, ms: number) => {
      const waiting = { goOn, isPatient: ms >= 1000 };
      this.#waiting.push(waiting);
      return waiting;
    });
    vi.stubGlobal('clearTimeout', (waiting: Waiting | undefined) => {
      const index = this.#waiting.findIndex((other) => other === waiting);
      if (index >= 0) this.#waiting.splice(index, 1);
    });
    const subtle = this.#counted(globalThis.crypto.subtle);
    vi.stubGlobal('crypto', {
      subtle,
      getRandomValues: <T extends ArrayBufferView>(array: T) => this.#fill(array),
    });
    return () => vi.unstubAllGlobals();
  }

  /** The same functions; their calls are counted while a thread works on them. */
  #counted(functions: SubtleCrypto): SubtleCrypto {
    const count = (call: unknown): unknown => {
      if (!(call instanceof Promise)) return call;
      this.#inThreads++;
      return call.finally(() => this.#inThreads--);
    };
    return new Proxy(functions, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => count(Reflect.apply(method, target, args));
      },
    });
  }

  #fill<T extends ArrayBufferView>(array: T): T {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    bytes.forEach((_, index) => (bytes[index] = this.#bytes.below(256)));
    return array;
  }

  #takeOne(): Waiting {
    const eager = this.#waiting.filter(({ isPatient }) => !isPatient);
    const candidates = eager.length > 0 ? eager : this.#waiting;
    const chosen = candidates[this.#random.below(candidates.length)];
    if (chosen === undefined) throw new Error('nobody waits');
    this.#waiting.splice(this.#waiting.indexOf(chosen), 1);
    return chosen;
  }

  /** Resolves when every promise that can go on has done so. */
  async #standstill(): Promise<void> {
    do {
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#inThreads > 0);
  }
}

interface Waiting {
  readonly goOn: () => void;
  readonly isPatient: boolean;
}
