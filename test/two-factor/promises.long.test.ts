import { serverEngines } from '../support/flow/engines.js';
import { describePromises } from '../support/flow/promises.js';

await describePromises(serverEngines);
