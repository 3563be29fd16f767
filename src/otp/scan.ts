/** Computes the code number of a counter. */
export type CodeAt = (counter: number) => number;

/** What {@link scanUp} and {@link scanDown} return when nothing matched. */
export const NO_MATCH = -1;

/**
 * The newest counter from `first` to `last` whose code is `typed`, not counting those below `from`.
 *
 * Every counter is computed whatever matched before, and numbers are compared without a branch: time tells an
 * attacker neither whether nor where a guess came close. Should two counters share a code the newest counts, so
 * that the same code cannot come back as its older twin's.
 */
export function scanUp(codeAt: CodeAt, typed: number, first: number, last: number, from: number): number {
  let match = NO_MATCH;
  for (let counter = first; counter <= last; counter++) {
    const hit = equal(codeAt(counter), typed) * Number(counter >= from);
    match += hit * (counter - match);
  }
  return match;
}

/** As {@link scanUp}, but the oldest counts: a server ahead of its device would refuse the codes in between. */
export function scanDown(codeAt: CodeAt, typed: number, first: number, last: number): number {
  let match = NO_MATCH;
  for (let counter = last; counter >= first; counter--) {
    match += equal(codeAt(counter), typed) * (counter - match);
  }
  return match;
}

/** 1 if two integers from 0 to 2^31 - 1 are equal, else 0. */
export function equal(a: number, b: number): number {
  const difference = a ^ b;
  return ((difference | -difference) >>> 31) ^ 1;
}
