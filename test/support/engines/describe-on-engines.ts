import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { Store } from '../../../src/store/store.js';
import { type Connection, type Engine, isListening } from './engines.js';
import { describeWith } from './external.js';

/** Makes stores that share an engine and no record. */
export type NewStore = (now?: () => number) => Store;

/**
 * Describes the same tests once for each engine. A server that does not answer is skipped with a visible line.
 * `ENGINES=memory,Redis` in the environment leaves the other engines out.
 *
 * @param engines - `localEngines` in `npm test`, `serverEngines` in `npm run test:long`
 * @param title - what the tests are about
 * @param body - registers the tests; `newStore` may be called in hooks and tests, not while tests are registered
 */
export async function describeOnEngines(
  engines: readonly Engine[],
  title: string,
  body: (newStore: NewStore, engine: Engine) => void,
): Promise<void> {
  const wanted = process.env['ENGINES']?.split(',') ?? engines.map(({ name }) => name);
  for (const engine of engines.filter(({ name }) => wanted.includes(name))) {
    const isAvailable = engine.port === null || (await isListening(engine.port));
    describeWith(engine.name, isAvailable, `${title} on ${engine.name}`, () => {
      body(connectFor(engine), engine);
    });
  }
}

/** Connects once for all tests of the enclosing `describe`. */
function connectFor(engine: Engine): NewStore {
  let connection: Connection | undefined;
  beforeAll(async () => {
    connection = await engine.connect();
  });
  afterAll(() => connection?.remove());
  return (now) => {
    if (connection === undefined) throw new Error(`${engine.name} is not connected yet`);
    return withPrefix(`${randomUUID()}:`, connection.openStore(now));
  };
}

/** A part of a store's keys that no other caller uses. */
function withPrefix(prefix: string, store: Store): Store {
  return {
    read: (key) => store.read(prefix + key),
    write: (key, next, expected) => store.write(prefix + key, next, expected),
  };
}
