import { sqliteStore } from '../../src/store/sqlite.js';
import type { SqliteDatabase } from '../../src/store/sqlite.js';
import { testStore } from '../../src/testing/test-store.js';

/**
 * The suite on node:sqlite, for the parent that started this process in a Node that has it. Prints one JSON object:
 * the message of each case's failure, or null, by title.
 */
const { DatabaseSync } = (await import(['node', 'sqlite'].join(':'))) as {
  DatabaseSync: new (path: string) => SqliteDatabase;
};
const store = sqliteStore(new DatabaseSync(':memory:'));
await store.setup();

const cases: [title: string, body: () => Promise<void>][] = [];
testStore({ create: () => store, it: (title, body) => cases.push([title, body]) });

const results: Record<string, string | null> = {};
for (const [title, body] of cases) results[title] = await body().then(() => null, String);
process.stdout.write(JSON.stringify(results));
