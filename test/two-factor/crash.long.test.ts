import { describeCrashes } from '../support/flow/crashes.js';
import { serverEngines } from '../support/flow/engines.js';

await describeCrashes(serverEngines);
