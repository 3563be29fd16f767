/**
 * Loads all three engines fully for half an hour, each from a process of its own and all of them at once, prints what came of
 * it, and draws `docs/guides/endurance.svg`: `npm run proof:endurance -- [minutes]`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { endure, type Endurance } from './endure.js';
import { clientKind } from './engine-clients.js';
import { Latencies } from './latencies.js';
import { latencyChart } from './latency-chart.js';

// The servers that a proof has started end with it.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const [minutes = '30', only] = process.argv.slice(2);
if (only === undefined) await endureAll();
else process.send?.(await endure(clientKind(only), Number(minutes) * 60_000));

async function endureAll(): Promise<void> {
  const names = ['PostgreSQL, pg', 'MariaDB, mysql2', 'Redis, node-redis'];
  const curves = await Promise.all(
    names.map(async (name) => {
      const child = fork(new URL(import.meta.url), [minutes, name], { serialization: 'advanced' });
      const [run] = (await once(child, 'message')) as [Endurance];
      const latencies = new Latencies(run.counts);
      report(run, latencies);
      return { title: name, latencies };
    }),
  );
  writeFileSync(new URL('../../../docs/guides/endurance.svg', import.meta.url), latencyChart(curves));
}

function report({ name, logins, refused, errors, heap, rows }: Endurance, latencies: Latencies): void {
  const times = [0.5, 0.99, 0.999].map((share) => `${latencies.within(share).toFixed(1)} ms`);
  const records = `${rows.records} records of ${rows.longest} bytes at most`;
  process.stdout.write(
    `${name}: ${logins} logins in ${minutes} min, ${refused} refused, errors ${JSON.stringify([...errors])}, ` +
      `a call ${times.join(', ')} (p50, p99, p99.9), heap ${heap.map((mb) => mb.toFixed(1)).join(', ')} MB, ${records}\n`,
  );
  if (refused + errors.size > 0) process.exitCode = 1;
}
