import type { TwoFactorOptions } from '../../src/two-factor/settings.js';
import * as support from '../support/engines/describe-on-engines.js';
import type { Engine } from '../support/engines/engines.js';
import { type Flow, setUp } from './flow.js';

/** A customer that the engine does not know, with a clock of its own. */
export type NewFlow = (options?: Partial<TwoFactorOptions>) => Flow;

/** Describes the same tests of the flow on every engine. */
export function describeOnEngines(
  title: string,
  body: (newFlow: NewFlow, engine: Engine) => void,
): Promise<void> {
  return support.describeOnEngines(title, (newStore, engine) => {
    const newFlow: NewFlow = (options) => {
      let now = Date.now;
      const flow = setUp({ store: newStore(() => now()), ...options });
      now = flow.around.clock.now;
      return flow;
    };
    body(newFlow, engine);
  });
}
