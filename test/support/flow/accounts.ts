import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountProperty } from './account-commands.js';
import type { Engine } from '../engines/engines.js';
import { describeFlowOnEngines } from './on-engines.js';

/** How much is tried. */
export interface Effort {
  readonly numRuns: number;
  readonly maxCommands: number;
}

/** Registers the tests: an account does what its model does. */
export async function describeAccounts(
  engines: readonly Engine[],
  effortOn: (engine: Engine) => Effort,
): Promise<void> {
  await describeFlowOnEngines(engines, 'promises 1 and 7: an account', (newFlow, engine) => {
    it('does what its model does, whatever the order of calls', async () => {
      const { numRuns, maxCommands } = effortOn(engine);
      const found = await fc.check(accountProperty(newFlow, maxCommands), { numRuns });
      const report = `${String(found.errorInstance)}\n${fc.defaultReportMessage(found) ?? ''}`;
      expect(found.failed ? report : '').toBe('');
      expect(found.numRuns).toBe(numRuns);
    });
  });
}
