/**
 * Loads each engine fully for half an hour, prints what came of it, and draws `docs/endurance.svg`:
 * `npm run proof:endurance -- [minutes for each]`.
 */
import { writeFileSync } from 'node:fs';
import { endure, type Endurance } from './endure.js';
import { clientKind } from './engine-clients.js';
import { latencyChart } from './latency-chart.js';

const [minutes = 30] = process.argv.slice(2).map(Number);
const runs: Endurance[] = [];
for (const name of ['PostgreSQL, pg', 'MariaDB, mysql2', 'Redis, node-redis']) {
  const run = await endure(clientKind(name), minutes * 60_000);
  const { logins, refused, errors, latencies, heap } = run;
  const times = [0.5, 0.99, 0.999].map((share) => `${latencies.within(share).toFixed(1)} ms`);
  process.stdout.write(
    `${name}: ${logins} logins in ${minutes} min, ${refused} refused, errors ${JSON.stringify([...errors])}, ` +
      `a call ${times.join(', ')} (p50, p99, p99.9), heap ${heap.first.toFixed(1)} to ${heap.last.toFixed(1)} MB\n`,
  );
  runs.push(run);
  if (refused + errors.size > 0) process.exitCode = 1;
}
const curves = runs.map(({ name, latencies }) => ({ title: name, latencies }));
writeFileSync(new URL('../../../docs/endurance.svg', import.meta.url), latencyChart(curves));
