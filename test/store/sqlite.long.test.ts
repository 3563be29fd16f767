import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith } from '../support/engines/external.js';
import { nodeWithSqlite } from './node-sqlite.js';

const node = nodeWithSqlite();

describeWith('Node 22.5 or later', node !== undefined, 'sqliteStore through node:sqlite', () => {
  let results: Record<string, string | null>;

  beforeAll(async () => {
    const child = fileURLToPath(new URL('node-sqlite-child.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(node ?? '', ['--import', 'tsx', child]);
    results = JSON.parse(stdout) as Record<string, string | null>;
  });

  // Registers the titles; what the cases found is known from the child.
  testStore({
    create: () => expect.unreachable(),
    it: (title) => {
      it(title, () => {
        expect(results[title]).toBeNull();
      });
    },
  });
});
