import { expect } from 'vitest';

/** True in a file `name.long.test.ts`, where proofs run at full length and on database servers. */
export const isLong: boolean = expect.getState().testPath?.endsWith('.long.test.ts') ?? false;

/**
 * Chooses how much of a proof to run.
 *
 * A file `name.long.test.ts` whose one line is `import './name.test.js'` runs the tests of `name.test.ts` at full length.
 */
export function quickOrFull<T>(quick: T, full: T): T {
  return isLong ? full : quick;
}
