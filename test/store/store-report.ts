import { testStore, type StoreSuite } from '../../src/testing/test-store.js';

/** What each case of the suite found, by title: null, or the message of its failure. */
export type StoreReport = Record<string, string | null>;

/** Runs the suite without a test runner: inside another runtime, which sends the report to the tests. */
export async function reportStore(suite: Omit<StoreSuite, 'it'>): Promise<StoreReport> {
  const cases: [title: string, body: () => Promise<void>][] = [];
  testStore({ ...suite, it: (title, body) => cases.push([title, body]) });
  const report: StoreReport = {};
  for (const [title, body] of cases) report[title] = await body().then(() => null, String);
  return report;
}
