import { testStore } from '../../src/testing/test-store.js';
import type { StoreSuite } from '../../src/testing/test-store.js';

/** Runs the conformance suite by itself, on a store that should fail it; gives the failures' messages by title. */
export async function failuresOf(suite: Omit<StoreSuite, 'it'>): Promise<Record<string, string>> {
  const cases: [title: string, body: () => Promise<void>][] = [];
  testStore({ ...suite, it: (title, body) => cases.push([title, body]) });
  const failures: Record<string, string> = {};
  for (const [title, body] of cases) {
    await body().catch((error: unknown) => {
      failures[title] = String(error);
    });
  }
  return failures;
}
