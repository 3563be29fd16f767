import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { testClock } from '../../../src/testing/test-clock.js';
import { isListening, uniqueName } from '../../store/engines.js';
import { describeWith } from '../external.js';
import { type HarnessOptions, START, type TokenHarness, tokenHarness } from './harness.js';
import { isLong } from './length.js';
import { type Engine, localEngines, type OpenStore, serverEngines } from './open-stores.js';

/** Makes email tokens for a customer of their own. */
export type SetUp = (options?: HarnessOptions) => TokenHarness;

/**
 * Describes the same tests once for each engine: the `quick` ones in a file `name.test.ts`, all others in a file
 * `name.long.test.ts`. Tests of one engine share its store and its clock, and differ in the customer.
 */
export async function describeOnEngines(
  title: string,
  body: (setUp: SetUp) => void,
  quick: readonly Engine[] = localEngines,
): Promise<void> {
  const others = [...localEngines, ...serverEngines].filter((engine) => !quick.includes(engine));
  for (const engine of isLong ? others : quick) {
    const isUp = engine.port === null || (await isListening(engine.port));
    describeWith(engine.name, isUp, `${title} on ${engine.name}`, () => {
      body(openFor(engine));
    });
  }
}

function openFor(engine: Engine): SetUp {
  const clock = testClock(START);
  let opened: OpenStore | undefined;
  beforeAll(async () => {
    opened = await engine.open(uniqueName(), clock.now);
  });
  afterAll(() => opened?.remove());
  return (options) => {
    if (opened === undefined) throw new Error(`${engine.name} is not open`);
    return tokenHarness({ store: opened.store, clock, subject: randomUUID(), ...options });
  };
}
