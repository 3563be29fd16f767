import { describeCrashes } from '../support/flow/crashes.js';
import { localEngines, serverEngines } from '../support/engines/engines.js';

await describeCrashes([...localEngines.filter(({ name }) => name === 'PGlite'), ...serverEngines]);
