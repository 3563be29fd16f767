import { measureFlow } from './flow.mjs';
import { flowSection } from './page.mjs';

// Only the section about the flow; `npm run bench` writes the whole page.
const [rounds = 10, customers = 64] = process.argv.slice(2).map(Number);
process.stdout.write(`${flowSection(await measureFlow(rounds, customers)).join('\n\n')}\n`);
