import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';

/** True where a command is on the PATH. */
export function hasCommand(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

/**
 * `describe` for tests that need something from outside (a program, an engine). Where it is missing the tests
 * are skipped with a visible line; under `CI=true`, which promises that all is there, that is a failure.
 */
export function describeWith(what: string, isAvailable: boolean, title: string, body: () => void): void {
  if (isAvailable) {
    describe(title, body);
    return;
  }
  if (process.env['CI'] === 'true') {
    it(`${title} (needs ${what})`, () => {
      throw new Error(`${what} is missing, and CI may skip nothing`);
    });
    return;
  }
  process.stderr.write(`SKIPPED: ${title}: ${what} is not available here\n`);
  it.skip(`${title} (needs ${what})`);
}
