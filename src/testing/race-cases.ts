import type { NextRecord } from '../store/store.js';
import { mustBe, newKey, storeCase } from './store-probe.js';
import type { StoreCase, StoreProbe } from './store-probe.js';

const rivals = 64;
const rounds = 5;

/** That a guard and its write are one act, and that a completed write is seen by everybody. */
export const raceCases: readonly StoreCase[] = [
  storeCase('lets exactly one of 64 parallel creations win', (probe) =>
    repeat((key) => race(probe, key, () => probe.record('rival', 60_000), null)),
  ),
  storeCase('lets exactly one of 64 parallel replacements win', (probe) =>
    repeat(async (key) => {
      const first = await probe.create('first', 60_000, key);
      await race(probe, key, () => probe.record('rival', 60_000), first.etag);
    }),
  ),
  storeCase('lets exactly one of 64 parallel deletions win', (probe) =>
    repeat(async (key) => {
      const first = await probe.create('first', 60_000, key);
      await race(probe, key, () => null, first.etag);
    }),
  ),
  storeCase('lets exactly one of 64 parallel deletions and replacements win', (probe) =>
    repeat(async (key) => {
      const first = await probe.create('first', 60_000, key);
      await race(probe, key, (i) => (i % 2 === 0 ? null : probe.record('rival')), first.etag);
    }),
  ),
  storeCase('lets exactly one of 64 parallel creations over an expired record win', async (probe) => {
    await probe.create('old', 50);
    await probe.clock.advance(80);
    await race(probe, probe.key, () => probe.record('rival', 60_000), null);
  }),
  storeCase('loses no update of 8 writers that read, add one and write', async (probe) => {
    await probe.create('0');
    await Promise.all(Array.from({ length: 8 }, () => addSome(probe, 5)));
    mustBe('the sum of 8 times 5 updates', (await probe.store.read(probe.key))?.value, '40');
  }),
  storeCase('lets every read see the newest completed write', async (probe) => {
    let last: NextRecord = await probe.create('0');
    for (let i = 1; i <= 30; i++) {
      const next = probe.record(String(i));
      await probe.writes('replacing', probe.key, next, last.etag);
      await Promise.all([1, 2, 3].map(() => probe.holds('right after a write', next)));
      last = next;
    }
  }),
];

async function repeat(body: (key: string) => Promise<void>): Promise<void> {
  for (let i = 0; i < rounds; i++) await body(newKey());
}

async function race(
  { store }: StoreProbe,
  key: string,
  makeNext: (i: number) => NextRecord | null,
  expected: string | null,
): Promise<void> {
  const nexts = Array.from({ length: rivals }, (_, i) => makeNext(i));
  const answers = await Promise.all(nexts.map((next) => store.write(key, next, expected)));
  mustBe('the number of winners', answers.filter(Boolean).length, 1);
  const winner = nexts[answers.indexOf(true)];
  mustBe('the etag after the race', (await store.read(key))?.etag, winner?.etag);
}

async function addSome(probe: StoreProbe, times: number): Promise<void> {
  let done = 0;
  for (let tries = 0; done < times && tries < 500; tries++) {
    if (await addOne(probe)) done++;
  }
  mustBe('the updates of a writer that tries 500 times', done, times);
}

async function addOne(probe: StoreProbe): Promise<boolean> {
  const { store, key } = probe;
  const record = await store.read(key);
  const next = probe.record(String(Number(record?.value) + 1));
  return store.write(key, next, record?.etag ?? null);
}
