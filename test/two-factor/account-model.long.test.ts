import { describeAccounts } from '../support/flow/accounts.js';
import { localEngines, serverEngines } from '../support/engines/engines.js';

const memory = localEngines.filter(({ name }) => name === 'memory');

await describeAccounts(memory, () => ({ numRuns: 1500, maxCommands: 100 }));
await describeAccounts(serverEngines, () => ({ numRuns: 40, maxCommands: 60 }));
