import { execFileSync } from 'node:child_process';
import { orderOf } from '../harness/interleave.mjs';

const script = `
  const start = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - start));
`;

/**
 * How long `import` takes in a fresh process, in an order that changes, each package found by its name as an
 * application finds it.
 *
 * @param {readonly string[]} names
 * @param {(name: string) => string} folderOf where a package is installed
 * @param {number} rounds
 * @returns {Record<string, number[]>} milliseconds, a number a round
 */
export function importTimes(names, folderOf, rounds) {
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const name of orderOf(round + 1, names)) {
      const args = ['--input-type=module', '--eval', script, name];
      const output = execFileSync(process.execPath, args, { cwd: folderOf(name) });
      // The first round only brings the files into the system's cache.
      if (round >= 0) times[name].push(Number(output));
    }
  }
  return times;
}
