import { storeCase } from './store-probe.js';
import type { StoreCase } from './store-probe.js';

/** What `read` and `write` promise to a single caller. */
export const guardCases: readonly StoreCase[] = [
  storeCase('reads undefined for a key that was never written', (probe) =>
    probe.holds('at first', undefined),
  ),
  storeCase('creates a record and reads it back', async (probe) => {
    const a = await probe.create('a');
    await probe.holds('after creating', a);
  }),
  storeCase('refuses to create over a record, which stays as it was', async (probe) => {
    const a = await probe.create('a', 60_000);
    await probe.refuses('creating over a record', probe.key, probe.record('b', 60_000), null);
    await probe.holds('after a refused creation', a);
  }),
  storeCase('replaces the record that has the expected etag', async (probe) => {
    const a = await probe.create('a');
    const b = probe.record('b');
    await probe.writes('replacing', probe.key, b, a.etag);
    await probe.holds('after replacing', b);
  }),
  storeCase('replaces a record by one of the same value, because the etag is another', async (probe) => {
    const a = await probe.create('a');
    const b = { ...probe.record('a'), expiresAt: a.expiresAt };
    await probe.writes('replacing by the same value', probe.key, b, a.etag);
    await probe.refuses('replacing the replaced', probe.key, probe.record('c'), a.etag);
  }),
  storeCase('refuses to replace a record that has another etag, and loses nothing', async (probe) => {
    const a = await probe.create('a');
    await probe.refuses('replacing with a foreign etag', probe.key, probe.record('b'), probe.record('').etag);
    await probe.holds('after a refused replacement', a);
  }),
  storeCase('refuses to replace a record that is not there, and creates none', async (probe) => {
    await probe.refuses('replacing nothing', probe.key, probe.record('b'), probe.record('').etag);
    await probe.holds('after a refused replacement', undefined);
  }),
  storeCase('deletes the record that has the expected etag, once', async (probe) => {
    const a = await probe.create('a');
    await probe.writes('deleting', probe.key, null, a.etag);
    await probe.holds('after deleting', undefined);
    await probe.refuses('deleting again', probe.key, null, a.etag);
  }),
  storeCase('refuses to delete a record that has another etag, and keeps it', async (probe) => {
    const a = await probe.create('a');
    await probe.refuses('deleting with a foreign etag', probe.key, null, probe.record('').etag);
    await probe.holds('after a refused deletion', a);
  }),
  storeCase('creates again where a record was deleted', async (probe) => {
    const a = await probe.create('a');
    await probe.writes('deleting', probe.key, null, a.etag);
    const b = await probe.create('b');
    await probe.holds('after creating again', b);
  }),
  storeCase('compares etags exactly: case, beginnings and pattern characters are no match', async (probe) => {
    const a = { ...probe.record('a'), etag: 'Etag_x-AAAA' };
    await probe.writes('creating', probe.key, a, null);
    for (const etag of ['etag_x-aaaa', 'Etag_x-AAA', 'Etag_x-AAAAA', 'Etag-x-AAAA', 'Etag', '_', '-']) {
      await probe.refuses(`expecting '${etag}' where '${a.etag}' is`, probe.key, probe.record('b'), etag);
    }
    await probe.holds('after refusals', a);
  }),
];
