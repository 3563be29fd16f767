import { describeCrashes } from '../support/flow/crashes.js';
import { localEngines } from '../support/flow/engines.js';

await describeCrashes(localEngines);
