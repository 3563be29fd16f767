import { randomUUID } from 'node:crypto';
import type { Store } from '../../../src/store/store.js';
import { testClock } from '../../../src/testing/test-clock.js';
import { describeOnEngines } from '../engines/describe-on-engines.js';
import { type Engine, localEngines, serverEngines } from '../engines/engines.js';
import { isLong } from '../harness/length.js';
import { type HarnessOptions, START, type TokenHarness, tokenHarness } from './harness.js';

/** Makes email tokens for a customer of their own. */
export type SetUp = (options?: HarnessOptions) => TokenHarness;

/**
 * Describes the same tests of tokens once for each engine: the `quick` ones in a file `name.test.ts`, all others in a file
 * `name.long.test.ts`. Tests of one engine share its store and its clock, and differ in the customer.
 */
export function describeTokensOnEngines(
  title: string,
  body: (setUp: SetUp) => void,
  quick: readonly Engine[] = localEngines,
): Promise<void> {
  const others = [...localEngines, ...serverEngines].filter((engine) => !quick.includes(engine));
  return describeOnEngines(isLong ? others : quick, title, (newStore) => {
    const clock = testClock(START);
    let shared: Store | undefined;
    body((options) => {
      const store = (shared ??= newStore(clock.now));
      return tokenHarness({ store, clock, subject: randomUUID(), ...options });
    });
  });
}
