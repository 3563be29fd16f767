import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { Store } from '../../src/store/store.js';
import type { TwoFactorOptions } from '../../src/two-factor/settings.js';
import { describeWith } from '../support/external.js';
import { type Engine, engines, isUp, type OpenStore } from '../support/token-engines.js';
import { type Flow, setUp } from './flow.js';

/** A customer of whom the engine has never heard, with a clock of his own. */
export type NewFlow = (options?: Partial<TwoFactorOptions>) => Flow;

/** Describes the same on every engine; where one is missing, that is said. */
export async function describeOnEngines(
  title: string,
  body: (newFlow: NewFlow, engine: Engine) => void,
): Promise<void> {
  for (const engine of engines) {
    const isAvailable = await isUp(engine);
    describeWith(engine.name, isAvailable, `${title} on ${engine.name}`, () => {
      body(openFor(engine), engine);
    });
  }
}

/** Opens the engine once for all tests of the enclosing describe: PGlite takes seconds to begin. */
function openFor(engine: Engine): NewFlow {
  let opened: OpenStore | undefined;
  let now = Date.now;
  beforeAll(async () => {
    opened = await engine.open(() => now());
  });
  afterAll(() => opened?.close());
  return (options) => {
    if (opened === undefined) throw new Error('the engine is not open');
    const flow = setUp({ store: roomOf(opened.store), ...options });
    now = flow.around.clock.now;
    return flow;
  };
}

/** A part of a store that nobody else uses. */
function roomOf(store: Store): Store {
  const prefix = `${randomUUID()}:`;
  return {
    read: (key) => store.read(prefix + key),
    write: (key, next, expected) => store.write(prefix + key, next, expected),
  };
}
