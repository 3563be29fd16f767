import { assertFunction, readOptions } from '../internal/asserts.js';
import type { Store } from '../store/store.js';
import { expiryCases, guardCases, raceCases, retryCases, valueCases } from './store-cases.js';
import { mustReject, type StoreCase, type StoreClock, StoreProbe } from './store-probe.js';

/** What {@link testStore} needs from a test file. */
export interface StoreSuite {
  /** Makes the store of one case, on an engine that may be shared: the cases use random keys. */
  create: () => Store | Promise<Store>;
  /** The runner: `it` of vitest, Jest, Mocha or bun:test, or `test` of node:test. */
  it: (title: string, body: () => Promise<void>) => unknown;
  /** The store's clock, for instance a `testClock`. Default: real time, for which the cases wait. */
  clock?: StoreClock;
  /** Makes a store whose engine cannot be reached, to see that it rejects. Without it, that is not tested. */
  createUnreachable?: () => Store | Promise<Store>;
}

/**
 * The conformance suite of the `Store` contract: registers one test for each promise with the runner that it is given.
 *
 * No suite can see from one process whether the engine keeps an acknowledged write when it fails over.
 *
 * @param suite - `create` and `it`; optionally `clock` and `createUnreachable`
 * @throws CountersignError `ERR_INVALID_ARGUMENT` or `ERR_UNKNOWN_OPTION` for a suite that is not as described. A case
 *   that fails throws an Error that says what the store did and what it must do
 * @example
 * ```ts
 * import { memoryStore } from 'countersign';
 * import { testClock, testStore } from 'countersign/testing';
 * import { describe, it } from 'vitest';
 *
 * describe('memoryStore', () => {
 *   const clock = testClock();
 *   testStore({ create: () => memoryStore({ now: clock.now }), it, clock });
 * });
 * ```
 */
export function testStore(suite: StoreSuite): void {
  const own = readOptions('suite', suite, ['create', 'it', 'clock', 'createUnreachable']);
  const { create, it, clock = realClock, createUnreachable } = own;
  assertFunction('suite.create', create);
  assertFunction('suite.it', it);
  const register = ({ title, run }: StoreCase, make: () => Store | Promise<Store>): void => {
    it(title, async () => run(new StoreProbe(await make(), clock)));
  };
  for (const each of [...guardCases, ...valueCases, ...expiryCases, ...raceCases, ...retryCases])
    register(each, create);
  if (createUnreachable !== undefined) register(unreachableCase, createUnreachable);
}

const unreachableCase: StoreCase = {
  title: 'rejects when its engine cannot be reached, instead of answering',
  run: async (probe) => {
    await mustReject('read', () => probe.store.read(probe.key));
    await mustReject('write', () => probe.store.write(probe.key, probe.record('a'), null));
  },
};

const realClock: StoreClock = {
  now: Date.now,
  advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
