import { describeAccounts } from '../support/flow/accounts.js';
import { localEngines } from '../support/engines/engines.js';

/** Sixty calls are nothing in memory; on an engine each of them is several round trips. */
await describeAccounts(localEngines, ({ name }) => ({
  numRuns: name === 'memory' ? 30 : 4,
  maxCommands: 50,
}));
