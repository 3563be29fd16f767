import { describeCrashes } from '../support/flow/crashes.js';
import { localEngines } from '../support/engines/engines.js';

/** PGlite, which takes longer than the two together, has its turn with the servers. */
await describeCrashes(localEngines.filter(({ name }) => name !== 'PGlite'));
