import type { TwoFactorOptions } from '../../../src/two-factor/options.js';
import { describeOnEngines } from '../engines/describe-on-engines.js';
import type { Engine } from '../engines/engines.js';
import { type Flow, setUp } from './flow.js';

/** A customer that the engine does not know, with a clock of its own. */
export type NewFlow = (options?: Partial<TwoFactorOptions>) => Flow;

/**
 * Describes the same tests of the flow on each engine. The instants of tests lie in 2030: a store that judges expiry by
 * today's clock takes away nothing too early.
 */
export function describeFlowOnEngines(
  engines: readonly Engine[],
  title: string,
  body: (newFlow: NewFlow, engine: Engine) => void,
): Promise<void> {
  return describeOnEngines(engines, title, (newStore, engine) => {
    body((options) => setUp({ store: newStore(), ...options }), engine);
  });
}
