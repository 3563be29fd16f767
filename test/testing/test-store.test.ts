import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import type { StoreSuite } from '../../src/testing/test-store.js';
import * as broken from './broken-store.js';
import { failuresOf } from './run-suite.js';

type Broken = new (now: () => number) => broken.BreakableStore;

const failuresOn = async (store: Broken): Promise<string[]> => {
  const clock = testClock();
  return Object.keys(await failuresOf({ create: () => new store(clock.now), clock }));
};

const titles = {
  create: 'creates over an expired record',
  createRace: 'lets exactly one of 64 parallel creations win',
  replaceRace: 'lets exactly one of 64 parallel replacements win',
  deleteRace: 'lets exactly one of 64 parallel deletions win',
  mixedRace: 'lets exactly one of 64 parallel deletions and replacements win',
  expiredRace: 'lets exactly one of 64 parallel creations over an expired record win',
  updates: 'loses no update of 8 writers that read, add one and write',
  newest: 'lets every read see the newest completed write',
  late: 'takes a write that arrives again after another one for refused, and keeps the newer record',
  twiceOnce: 'lets one of 16 have a code though every write is sent twice, and loses it to nobody',
  twiceSum: 'counts right though every write is sent twice',
  replaceOther: 'refuses to replace a record that has another etag, and loses nothing',
  replaceSame: 'replaces a record by one of the same value, because the etag is another',
  deleteOnce: 'deletes the record that has the expected etag, once',
  deleteOther: 'refuses to delete a record that has another etag, and keeps it',
  etags: 'compares etags exactly: case, beginnings and pattern characters are no match',
  expires: 'reads a record before it expires, and undefined after',
  expiredGuard: 'refuses to replace or delete an expired record',
  expiryEarlier: 'takes the newest expiry of a record, not an earlier one',
  expiryLater: 'takes the newest expiry of a record, not a later one',
  keyCase: 'holds keys apart that differ only by case',
  keyLength: 'holds keys apart of which one begins with the other',
  long: 'keeps a value of 16 kB as it is',
  unicode: 'keeps every kind of Unicode text as it is',
  lookalikes: 'keeps a value that looks like a number, JSON or nothing as it is',
};

describe('testStore', () => {
  it('passes a store that keeps the contract', async () => {
    expect(await failuresOn(broken.BreakableStore)).toEqual([]);
  });

  const faults: [Broken, string[]][] = [
    [
      broken.GuardBeforeWrite,
      [
        titles.createRace,
        titles.replaceRace,
        titles.deleteRace,
        titles.mixedRace,
        titles.expiredRace,
        titles.updates,
      ],
    ],
    [
      broken.UnguardedDelete,
      [titles.deleteOnce, titles.deleteOther, titles.expiredGuard, titles.deleteRace, titles.mixedRace],
    ],
    [
      broken.NeverExpires,
      [titles.expires, titles.create, titles.expiredGuard, titles.expiryLater, titles.expiredRace],
    ],
    [broken.ExpiredInTheWay, [titles.create, titles.expiredRace]],
    [broken.KeepsFirstExpiry, [titles.expiryEarlier, titles.expiryLater]],
    [broken.ResendsUnguarded, [titles.late, titles.twiceOnce, titles.twiceSum]],
    [broken.FoldsKeys, [titles.keyCase]],
    [broken.FoldsEtags, [titles.etags]],
    [broken.BasicPlaneOnly, [titles.unicode]],
    [broken.CutsValues, [titles.long]],
  ];
  it.each(faults)(
    'fails %o in the cases that its fault concerns, and in no other',
    async (store, expected) => {
      expect(await failuresOn(store)).toEqual(expected);
    },
  );

  const wideFaults: [Broken, string[]][] = [
    [
      broken.LostUpdate,
      [
        titles.replaceSame,
        titles.replaceOther,
        titles.deleteOther,
        titles.etags,
        titles.replaceRace,
        titles.updates,
        titles.late,
        titles.twiceOnce,
      ],
    ],
    [broken.WithoutGuard, [titles.replaceOther, titles.deleteOther, titles.createRace, titles.updates]],
    [broken.CutsKeys, [titles.keyLength]],
    [broken.ParsesValues, [titles.lookalikes]],
    [broken.ReadsLate, [titles.newest]],
    [broken.AnswersNumbers, [titles.deleteOnce, titles.createRace]],
  ];
  it.each(wideFaults)('fails %o, whose fault shows in many cases', async (store, expected) => {
    expect(await failuresOn(store)).toEqual(expect.arrayContaining(expected));
  });

  it('fails a store that hides the failure of its engine', async () => {
    const create = (): broken.BreakableStore => new broken.BreakableStore(Date.now);
    const createUnreachable = (): broken.SwallowsErrors => new broken.SwallowsErrors(Date.now);
    expect(await failuresOf({ create, createUnreachable, clock: testClock(Date.now()) })).toMatchObject({
      'rejects when its engine cannot be reached, instead of answering':
        'Error: read must reject; it resolved to undefined',
    });
  });

  it('says what the store did and what it must do', async () => {
    const clock = testClock();
    const failures = await failuresOf({ create: () => new broken.FoldsEtags(clock.now), clock });
    expect(failures[titles.etags]).toBe(
      "Error: expecting 'etag_x-aaaa' where 'Etag_x-AAAA' is: write must be false; it is true",
    );
  });

  it('makes a store for each case', async () => {
    let made = 0;
    const clock = testClock();
    const create = (): ReturnType<typeof memoryStore> => {
      made++;
      return memoryStore({ now: clock.now });
    };
    let cases = 0;
    testStore({ create, clock, it: () => cases++ });
    expect(made).toBe(0);
    await failuresOf({ create, clock });
    expect(made).toBe(cases);
  });

  it.each([
    ['no store', { it }, 'suite.create must be a function'],
    ['no runner', { create: () => memoryStore() }, 'suite.it must be a function'],
    ['a misspelt option', { create: () => memoryStore(), it, clocks: testClock() }, 'unknown option'],
    ['nothing', undefined, 'suite must be an object'],
  ])('refuses a suite with %s', (_, suite, message) => {
    expect(() => {
      testStore(suite as StoreSuite);
    }).toThrow(message);
  });
});
