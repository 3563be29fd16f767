import { storeCase } from './store-probe.js';
import type { StoreCase } from './store-probe.js';

// Long enough for a few round trips to a slow engine, short enough to wait for in real time.
const lifeMs = 400;
const longerMs = 460;

/** That a record is there until it expires and absent from then on. */
export const expiryCases: readonly StoreCase[] = [
  storeCase('reads a record before it expires, and undefined after', async (probe) => {
    const a = await probe.create('a', lifeMs);
    await probe.holds('before it expires', a);
    await probe.clock.advance(longerMs);
    await probe.holds('after it expired', undefined);
  }),
  storeCase('creates over an expired record', async (probe) => {
    await probe.create('a', lifeMs);
    await probe.clock.advance(longerMs);
    const b = await probe.create('b', 60_000);
    await probe.holds('after creating over an expired record', b);
  }),
  storeCase('refuses to replace or delete an expired record', async (probe) => {
    const a = await probe.create('a', lifeMs);
    await probe.clock.advance(longerMs);
    await probe.refuses('replacing an expired record', probe.key, probe.record('b'), a.etag);
    await probe.refuses('deleting an expired record', probe.key, null, a.etag);
    await probe.holds('after refusals', undefined);
  }),
  storeCase('takes the newest expiry of a record, not an earlier one', async (probe) => {
    const a = await probe.create('a', lifeMs);
    const b = probe.record('b', 60_000);
    await probe.writes('prolonging', probe.key, b, a.etag);
    const c = await probe.create('c', lifeMs, `${probe.key}-c`);
    const d = probe.record('d');
    await probe.writes('making permanent', `${probe.key}-c`, d, c.etag);
    await probe.clock.advance(longerMs);
    await probe.holds('after the first expiry', b);
    await probe.holds('after the first expiry', d, `${probe.key}-c`);
  }),
  storeCase('takes the newest expiry of a record, not a later one', async (probe) => {
    const a = await probe.create('a');
    await probe.writes('shortening', probe.key, probe.record('b', lifeMs), a.etag);
    await probe.clock.advance(longerMs);
    await probe.holds('after the new expiry', undefined);
  }),
  storeCase('keeps a record whose expiry is years away', async (probe) => {
    const a = await probe.create('a', 40 * 365 * 86_400_000);
    await probe.holds('after creating', a);
  }),
];
