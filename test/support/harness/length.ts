import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** True in the project `long`. */
    isLong: boolean;
  }
}

/** True in `npm run test:long`, where proofs run at full length and on database servers. */
export const isLong: boolean = inject('isLong');

/**
 * Chooses how much of a proof to run.
 *
 * A file `name.long.test.ts` whose one line is `import './name.test.js'` runs the tests of `name.test.ts` at full length.
 *
 * @param quick - for `npm test`, such as a number of seeds
 * @param full - for `npm run test:long`
 * @returns `quick` or `full`
 */
export function quickOrFull<T>(quick: T, full: T): T {
  return isLong ? full : quick;
}
