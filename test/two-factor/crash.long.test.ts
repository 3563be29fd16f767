import { describeCrashes } from '../support/flow/crashes.js';
import { localEngines, serverEngines } from '../support/flow/engines.js';

await describeCrashes([...localEngines.filter(({ name }) => name === 'PGlite'), ...serverEngines]);
