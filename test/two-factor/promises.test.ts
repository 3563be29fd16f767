import { localEngines } from '../support/engines/engines.js';
import { describePromises } from '../support/flow/promises.js';

await describePromises(localEngines);
