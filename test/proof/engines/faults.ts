/**
 * Plays logins through faults on each engine, and prints what they came to: `npm run proof:faults -- [seed] [logins]`.
 * The seed decides what goes wrong and when; which request it meets is up to the machine.
 */
import { seeded, type Seeded } from '../../support/faults/seeded.js';
import { clientKinds } from './engine-clients.js';
import { faultsTable } from './faults-table.js';
import { playFaults } from './play-faults.js';
import { canMakeDisk, fullDiskScene, type Scene, serverScene } from './scenes.js';

const [seed = 1, logins = 10_000] = process.argv.slice(2, 4).map(Number);
const only = process.argv[4];
const scenes: ((random: Seeded) => Promise<Scene>)[] = [
  ...clientKinds
    .filter(({ name }) => only === undefined || name.includes(only))
    .map(
      (kind) =>
        (random: Seeded): Promise<Scene> =>
          serverScene(kind, random),
    ),
  ...(canMakeDisk() && (only === undefined || only === 'SQLite') ? [fullDiskScene] : []),
];
const share = Math.ceil(logins / scenes.length);
const plan = { logins: share, customers: Math.min(300, Math.ceil(share / 4)), concurrency: 64 };
let violations = 0;
process.stdout.write(`seed ${seed}, ${share} logins on each of ${scenes.length}\n\n`);
for (const open of scenes) {
  const random = seeded(seed);
  const result = await playFaults(await open(random), plan, random);
  violations += result.violations.length;
  process.stdout.write(`${faultsTable(result)}\n`);
}
process.exitCode = violations === 0 ? 0 : 1;
