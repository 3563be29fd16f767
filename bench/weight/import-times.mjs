import { execFileSync } from 'node:child_process';

const script = `
  const start = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - start));
`;

/**
 * How long `import` takes in a fresh process, each entry in turns.
 *
 * @param {Record<string, string>} entries what to import, as URLs
 * @param {number} rounds
 * @returns {Record<string, number[]>} milliseconds, a number a round
 */
export function importTimes(entries, rounds) {
  const times = Object.fromEntries(Object.keys(entries).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, url] of Object.entries(entries)) {
      const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script, url]);
      // The first round only brings the files into the system's cache.
      if (round >= 0) times[name].push(Number(output));
    }
  }
  return times;
}
