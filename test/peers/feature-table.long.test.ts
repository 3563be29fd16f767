import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../support/engines/external.js';
import { features, type Subject, subjects } from './feature-table.js';
import { folder, isInstalled, peers } from './installed.js';
import manifest from './package.json' with { type: 'json' };

describeWith(peers, isInstalled, 'the feature table', () => {
  describe.each(subjects)('of %s', (subject) => {
    let results: string[];

    beforeAll(async () => {
      results = await run(
        subject,
        features.map(({ cells }) => cells[subject].line),
      );
    });

    it.each(features.map(({ name, cells }, index) => ({ name, index, ...cells[subject] })))(
      'says of “$name”: $mark',
      ({ index, prints }) => {
        expect(results[index]).toBe(prints);
      },
    );
  });

  it.each(Object.entries(manifest.dependencies))('names the installed version of %s', (name, version) => {
    const path = join(folder, 'node_modules', name, 'package.json');
    const installed = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
    expect(installed.version).toBe(version.replace(/^npm:.*@/, ''));
  });
});

/** Runs the lines in a process of their own: some of them change its clock, and some of them block it. */
function run(prelude: Subject, lines: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, ['run-lines.mjs'], { cwd: folder }, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as string[]);
      else reject(new Error(`the lines of ${prelude} did not run`, { cause: error }));
    });
    child.stdin?.end(JSON.stringify({ prelude, lines }));
  });
}
