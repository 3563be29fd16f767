/**
 * Plays a swarm of histories and prints what they came to: `npx tsx test/simulation/main.ts [from] [count]`. A seed that
 * breaks an invariant is printed with its story; `… <seed> 1` plays it again.
 */
import { playHistories } from './play-histories.js';

const [from = 1, count = 1000] = process.argv.slice(2).map(Number);
const begun = Date.now();
const { violations, ...total } = await playHistories({ from, count });
const seconds = Math.round((Date.now() - begun) / 1000);
process.stdout.write(
  `${JSON.stringify({ from, count, ...total, violations: violations.length, seconds })}\n`,
);
for (const { seed, what, story } of violations) {
  process.stdout.write(`seed ${seed}: ${what}\n${story.join('\n')}\n`);
}
process.exitCode = violations.length === 0 ? 0 : 1;
