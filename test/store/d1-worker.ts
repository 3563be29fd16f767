/**
 * The Worker of d1.long.test.ts and histories.long.test.ts: runs the suite, or plays a history, where the binding is, and
 * answers with what came of it.
 */
import { d1Store, type D1Client } from '../../src/store/d1.js';
import { testClock } from '../../src/testing/test-clock.js';
import { playHistory } from '../testing/play-history.js';
import { playOf } from './history-request.js';
import { reportStore } from './store-report.js';

interface Bindings {
  readonly DB: D1Client;
}

export default {
  async fetch(request: Request, { DB }: Bindings): Promise<Response> {
    const play = playOf(request);
    if (play !== null) {
      await d1Store(DB).setup();
      return Response.json(await playHistory({ ...play, create: (now) => d1Store(DB, { now }) }));
    }
    const clock = testClock();
    const store = d1Store(DB, { now: clock.now });
    await store.setup();
    await store.setup();
    // The nearest to an engine that is away: the binding can be used, and every statement fails.
    const createUnreachable = (): ReturnType<typeof d1Store> => d1Store(DB, { table: 'absent' });
    return Response.json(await reportStore({ create: () => store, createUnreachable, clock }));
  },
};
