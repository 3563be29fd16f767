import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith } from '../support/engines/external.js';
import { hasMiniflare, type Miniflare, miniflareNeeds, startWorker } from './miniflare.js';
import type { StoreReport } from './store-report.js';

describeWith(miniflareNeeds, hasMiniflare, 'durableObjectStore', () => {
  let worker: Miniflare;
  const ask = async (path: string): Promise<unknown> =>
    (await worker.dispatchFetch(`http://worker/${path}`)).json();

  beforeAll(async () => {
    worker = await startWorker('durable-object-worker.ts', {
      durableObjects: {
        RECORDS: { className: 'Records', useSQLite: true },
        LEGACY: { className: 'Legacy', useSQLite: false },
      },
    });
    await worker.dispatchFetch('http://worker/');
  });
  afterAll(() => worker.dispose());

  describe.each(['inside', 'called'])('%s', (place) => {
    let report: StoreReport;
    beforeAll(async () => {
      report = (await ask(place)) as StoreReport;
    });
    testStore({
      create: () => expect.unreachable(),
      ...(place === 'inside' ? { createUnreachable: () => expect.unreachable() } : {}),
      it: (title) => {
        it(title, () => {
          expect(report[title]).toBeNull();
        });
      },
    });
  });

  it('deletes the rows of expired records, and no others', async () => {
    expect(await ask('swept')).toEqual([{ id: 'for-ever' }]);
  });

  it('refuses the storage of a class without SQLite', async () => {
    expect(await ask('legacy')).toBe('ERR_STORE_UNSUITABLE');
  });
});
