/** A random source that repeats itself for the same seed. */
export interface Seeded {
  /** From 0 to below 1. */
  next: () => number;
  /** An integer from 0 to below `limit`. */
  below: (limit: number) => number;
  /** True with a probability. */
  chance: (probability: number) => boolean;
  /** One of the items, of which there is one at least. */
  pick: <T>(items: readonly T[]) => T;
}

/** Mulberry32: small and fast, and good enough to choose an order. */
export function seeded(seed: number): Seeded {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[below(items.length)] as T;
    },
  };
}
