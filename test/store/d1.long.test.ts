import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { d1Store, type D1Client } from '../../src/store/d1.js';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith } from '../support/engines/external.js';
import { hasMiniflare, type Miniflare, miniflareNeeds, startWorker } from './miniflare.js';
import type { StoreReport } from './store-report.js';

describeWith(miniflareNeeds, hasMiniflare, 'd1Store', () => {
  let worker: Miniflare;
  let database: D1Client;
  let report: StoreReport;

  beforeAll(async () => {
    worker = await startWorker('d1-worker.ts', { d1Databases: ['DB', 'OTHER'] });
    database = (await worker.getD1Database('OTHER')) as D1Client;
    await d1Store(database).setup();
    report = (await (await worker.dispatchFetch('http://worker/')).json()) as StoreReport;
  });
  afterAll(() => worker.dispose());

  describe('inside a Worker', () => {
    testStore({
      create: () => expect.unreachable(),
      createUnreachable: () => expect.unreachable(),
      it: (title) => {
        it(title, () => {
          expect(report[title]).toBeNull();
        });
      },
    });
  });

  it('lets one of ten writers win, whichever connection they use', async () => {
    const [a, b] = [d1Store(database), d1Store((await worker.getD1Database('OTHER')) as D1Client)];
    await a.write('contended', { value: 'a', etag: 'start', expiresAt: null }, null);
    const writes = Array.from({ length: 10 }, (_, i) =>
      (i % 2 === 0 ? a : b).write('contended', { value: 'b', etag: `e${i}`, expiresAt: null }, 'start'),
    );
    expect((await Promise.all(writes)).filter(Boolean)).toHaveLength(1);
  });

  it('deletes the rows of expired records, and no others', async () => {
    const store = d1Store(database, { table: 'swept' });
    await store.setup();
    await store.write('expired', { value: 'a', etag: 'a1', expiresAt: new Date(1) }, null);
    await store.write('for-ever', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await store.deleteExpired();
    const { results } = await database.prepare('SELECT id FROM swept').all();
    expect(results).toEqual([{ id: 'for-ever' }]);
  });

  it('refuses a session, whose reads may go to a replica', () => {
    const session = (database as D1Client & { withSession(): D1Client }).withSession();
    expect(() => d1Store(session)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });
});
