import { vi } from 'vitest';
import type { Seeded } from './seeded.js';

/**
 * Decides who goes on next: whatever waits for its turn goes on in an order that a seed chooses. No real time passes,
 * so an interleaving costs microseconds and comes out the same each time.
 */
export class Scheduler {
  readonly #waiting: Waiting[] = [];
  readonly #random: Seeded;

  constructor(random: Seeded) {
    this.#random = random;
  }

  /** Resolves when the seed chooses this caller. */
  turn(): Promise<void> {
    return new Promise((goOn) => this.#waiting.push({ goOn, isPatient: false }));
  }

  /** Lets one after the other go on until nobody waits; `onTurn` runs before each. */
  async run(onTurn: () => void = () => undefined): Promise<void> {
    await microtasks();
    while (this.#waiting.length > 0) {
      onTurn();
      this.#takeOne().goOn();
      await microtasks();
    }
  }

  /**
   * Makes `setTimeout` wait for a turn: in place of a back-off's duration the seed decides. A time limit of seconds
   * waits until nobody else does.
   *
   * @returns what puts the real timers back
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
    return () => vi.unstubAllGlobals();
  }

  #takeOne(): Waiting {
    const eager = this.#waiting.filter(({ isPatient }) => !isPatient);
    const candidates = eager.length > 0 ? eager : this.#waiting;
    const chosen = candidates[this.#random.below(candidates.length)];
    if (chosen === undefined) throw new Error('nobody waits');
    this.#waiting.splice(this.#waiting.indexOf(chosen), 1);
    return chosen;
  }
}

interface Waiting {
  readonly goOn: () => void;
  readonly isPatient: boolean;
}

/** Resolves when every promise that can go on has done so. */
function microtasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
