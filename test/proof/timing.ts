/**
 * Compares how long right and wrong beginnings of a secret text take: `npx tsx test/proof/timing.ts [samples]`. Prints
 * Welch's t for each comparison: below 4.5 nothing was seen; the control, which compares with `===`, must be far above.
 */
import { measureAll } from './timing/measure.js';

const [samples = '20000'] = process.argv.slice(2);
const results = await measureAll(Number(samples));
for (const { name, t, medians, isControl } of results) {
  const verdict = Math.abs(t) < 4.5 ? 'no difference seen' : 'A DIFFERENCE';
  process.stdout.write(
    `${JSON.stringify({ name, isControl, t: t.toFixed(2), mediansUs: medians.map((each) => each.toFixed(2)), verdict })}\n`,
  );
}
const isAsExpected = results.every(({ t, isControl }) => Math.abs(t) < 4.5 !== isControl);
process.exitCode = isAsExpected ? 0 : 1;
