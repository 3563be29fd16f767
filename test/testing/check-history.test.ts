import * as broken from './broken-store.js';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { checkHistory } from '../../src/testing/check-history.js';
import {
  type HistoryEntry,
  type HistoryRead,
  type HistoryWrite,
  recordHistory,
} from '../../src/testing/record-history.js';
import { seeded } from '../support/faults/seeded.js';
import { isExplainable } from './brute-force.js';
import { playHistory } from './play-history.js';
import { smallHistory } from './random-histories.js';

type Times = [begin: number, end: number];

const read = (id: string, [begin, end]: Times, etag: string | null): HistoryRead => ({
  ...{ type: 'read', id, process: `p${id}`, key: 'k', begin, end },
  ...{ etag, value: etag },
});

const write = (id: string, [begin, end]: Times, change: Partial<HistoryWrite>): HistoryWrite => ({
  ...{
    type: 'write',
    id,
    process: `p${id}`,
    key: 'k',
    begin,
    end,
    expected: null,
    etag: 'a',
    expiresAt: null,
  },
  ...{ value: change.etag === undefined ? 'a' : change.etag, outcome: 'written' },
  ...change,
});

const created = write('1', [0, 1], {});
const replaced = write('2', [2, 3], { expected: 'a', etag: 'b' });

const linearizable: [string, HistoryEntry[]][] = [
  ['of nothing', []],
  [
    'of a creation, a replacement and reads',
    [created, read('3', [1, 2], 'a'), replaced, read('4', [4, 5], 'b')],
  ],
  ['whose read was under way when the record changed', [created, replaced, read('3', [1.5, 2.5], 'b')]],
  ['whose rival was refused', [created, write('3', [0.5, 2], { etag: 'c', outcome: 'refused' })]],
  [
    'whose refused call met nothing but another write',
    [created, write('3', [2.5, 4], { expected: 'a', outcome: 'refused', etag: 'c' }), replaced],
  ],
  [
    'whose write of unknown fate happened later',
    [write('3', [0, 1], { outcome: 'unknown' }), read('4', [2, 3], null), read('5', [4, 5], 'a')],
  ],
  [
    'whose write of unknown fate never happened',
    [write('3', [0, 1], { outcome: 'unknown' }), read('4', [9, 10], null)],
  ],
  [
    'whose write has had no answer',
    [{ ...write('3', [0, 1], { outcome: 'unknown' }), end: null }, read('4', [2, 3], 'a')],
  ],
  [
    'whose record expired',
    [write('1', [0, 1], { expiresAt: 5 }), read('3', [2, 3], 'a'), read('4', [6, 7], null)],
  ],
  [
    'whose record expired while a write was on its way that had been asked for before',
    [
      write('1', [0, 1], { expiresAt: 5 }),
      write('2', [4, 9], { expected: 'a', etag: 'b' }),
      read('3', [6, 7], null),
      read('4', [10, 11], 'b'),
    ],
  ],
  [
    'whose record was deleted and created again',
    [created, write('3', [2, 3], { expected: 'a', etag: null }), write('4', [4, 5], { etag: 'c' })],
  ],
  ['whose keys differ', [created, { ...read('3', [2, 3], null), key: 'other' }]],
];

const offending: [string, HistoryEntry[], number][] = [
  ['with two creations', [created, write('3', [0, 1], { etag: 'c' })], 2],
  [
    'with two replacements of one record',
    [created, replaced, write('3', [2, 3], { expected: 'a', etag: 'c' })],
    3,
  ],
  ['with a read from before a completed write', [created, replaced, read('3', [4, 5], 'a')], 3],
  [
    'with a read of what was refused',
    [created, write('3', [2, 3], { expected: 'x', etag: 'c', outcome: 'refused' }), read('4', [4, 5], 'c')],
    2,
  ],
  ['with a read of what nobody wrote', [read('3', [4, 5], 'z')], 1],
  ['with a record that comes back', [created, replaced, read('3', [4, 5], 'b'), read('4', [6, 7], 'a')], 4],
  [
    'with a refusal of a right guard',
    [created, write('3', [2, 3], { expected: 'a', etag: 'c', outcome: 'refused' })],
    2,
  ],
  [
    'with a record that is gone before it expires',
    [write('1', [0, 1], { expiresAt: 5 }), read('3', [2, 3], null)],
    2,
  ],
  [
    'with a replacement that was asked for after the record had expired and was gone',
    [
      write('1', [0, 1], { expiresAt: 5 }),
      read('3', [6, 7], null),
      write('2', [8, 9], { expected: 'a', etag: 'b' }),
    ],
    3,
  ],
  [
    'with a replacement of an expired record in whose place there is another one',
    [
      write('1', [0, 1], { expiresAt: 5 }),
      write('2', [4, 12], { expected: 'a', etag: 'b' }),
      write('3', [6, 7], { etag: 'c' }),
      read('4', [8, 9], 'c'),
      read('5', [13, 14], 'b'),
    ],
    5,
  ],
  ['with a value that is another', [created, { ...read('3', [2, 3], 'a'), value: 'A' }], 2],
  ['with an answer that is neither true nor false', [write('3', [0, 1], { outcome: 'neither' })], 1],
];

describe('checkHistory', () => {
  it.each(linearizable)('takes a history %s', (_, history) => {
    expect(checkHistory(history)).toEqual({ ok: true, calls: history.length });
  });

  it.each(offending)('convicts a history %s', (_, history, length) => {
    const verdict = checkHistory(history);
    expect(verdict).toMatchObject({ ok: false });
    expect(!verdict.ok && verdict.part.length).toBeLessThanOrEqual(length);
  });

  it('wants expired records forgotten in time, if it is told to', () => {
    const history = [write('1', [0, 1], { expiresAt: 5 }), read('3', [7, 8], 'a')];
    expect(checkHistory(history)).toMatchObject({ ok: true });
    expect(checkHistory(history, { lateMs: 2 })).toMatchObject({ ok: true });
    expect(checkHistory(history, { lateMs: 1 })).toMatchObject({ ok: false });
  });

  it('says in words which calls of a long history contradict each other', () => {
    const chain = Array.from({ length: 500 }, (_, index) =>
      write(`w${index}`, [index * 4, index * 4 + 1], {
        expected: index === 0 ? null : `e${index - 1}`,
        etag: `e${index}`,
      }),
    );
    const reads = chain.map(({ begin }, index) => read(`r${index}`, [begin + 2, begin + 3], `e${index}`));
    const verdict = checkHistory([...chain, ...reads, read('late', [1601, 1602], 'e396')]);
    expect(verdict).toMatchObject({ ok: false, key: 'k' });
    const lines = verdict.ok ? [] : verdict.explanation.split('\n');
    expect(lines.length).toBeLessThan(6);
    expect(lines).toContain('plate [1601, 1602] read e396');
  });

  it('takes the later of two entries of one call', () => {
    const begun: HistoryWrite = { ...created, end: null, outcome: 'unknown' };
    const rival = write('3', [0, 1], { etag: 'c' });
    expect(checkHistory([begun, rival])).toMatchObject({ ok: true });
    expect(checkHistory([begun, rival, created])).toMatchObject({ ok: false });
  });

  it('checks 20,000 calls of one key in a few seconds', () => {
    const history = Array.from({ length: 10_000 }, (_, index) => {
      const expected = index === 0 ? null : `e${index - 1}`;
      const step = write(`w${index}`, [index, index + 1.5], { expected, etag: `e${index}` });
      return [step, read(`r${index}`, [index + 0.5, index + 2], `e${index}`)];
    }).flat();
    const start = performance.now();
    expect(checkHistory(history)).toEqual({ ok: true, calls: 20_000 });
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('agrees with a search through every order on 10,000 small histories', () => {
    const { next } = seeded(2026);
    const seen = { linearizable: 0, not: 0 };
    for (let round = 0; round < 10_000; round++) {
      const history = smallHistory(next);
      const expected = isExplainable(history);
      seen[expected ? 'linearizable' : 'not']++;
      if (checkHistory(history).ok !== expected) expect(history).toBe(expected);
    }
    expect(seen.linearizable).toBeGreaterThan(3000);
    expect(seen.not).toBeGreaterThan(1500);
  });

  it.each([
    ['nothing', undefined],
    ['text', 'history'],
    ['an entry without instants', [{ type: 'read', id: '1', key: 'k' }]],
    ['an entry that ends before it begins', [{ ...created, end: -1 }]],
    ['an entry of another kind', [{ ...created, type: 'cas' }]],
  ])('refuses %s', (_, history) => {
    expect(() => checkHistory(history as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  });
});

type Create = (now: () => number) => Store;

/** How many random histories it takes until one is convicted; Infinity if none of 300 is. */
async function historiesUntilConvicted(create: Create): Promise<number> {
  const { next } = seeded(7);
  for (let count = 1; count <= 300; count++) {
    const history = await playHistory({ create, random: next, clients: 4, callsEach: 30 });
    if (!checkHistory(history, { lateMs: 0 }).ok) return count;
  }
  return Infinity;
}

describe('a recorded history', () => {
  it.each<[string, Create]>([
    ['memoryStore', (now) => memoryStore({ now })],
    ['the store that the broken ones are made from', (now) => new broken.BreakableStore(now)],
  ])('of %s is linearizable, 300 times', async (_, create) => {
    expect(await historiesUntilConvicted(create)).toBe(Infinity);
  });

  it.each(Object.entries(broken).filter(([name]) => name !== 'BreakableStore'))(
    'convicts %s',
    async (name, Broken) => {
      const histories = await historiesUntilConvicted((now) => new Broken(now));
      expect(histories).toBeLessThan(50);
      process.stdout.write(`convicted: ${name} after ${histories} of 120 calls\n`);
    },
  );

  it('has the writes that were not answered yet, and tells of each before it goes out', async () => {
    const entries: HistoryEntry[] = [];
    const inner = memoryStore();
    const answers: ((written: boolean) => void)[] = [];
    const pending = {
      read: (key: string) => inner.read(key),
      write: () => new Promise<boolean>((answer) => answers.push(answer)),
    };
    const options = { process: 'one', onEntry: (entry: HistoryEntry) => entries.push(entry) };
    const { store, history } = recordHistory(pending, options);
    const answer = store.write('k', { value: 'v', etag: 'e', expiresAt: new Date(5) }, null);
    const begun = {
      type: 'write',
      process: 'one',
      key: 'k',
      end: null,
      outcome: 'unknown',
      expiresAt: 5,
      value: 'v',
    };
    expect(entries).toMatchObject([begun]);
    expect(history).toMatchObject([begun]);
    answers[0]?.(true);
    await answer;
    expect(history).toMatchObject([{ ...begun, end: expect.any(Number) as number, outcome: 'written' }]);
    expect(entries.map(({ id }) => id)).toEqual([history[0]?.id, history[0]?.id]);
  });

  it('keeps a write that was rejected as one of unknown fate, and no read that was', async () => {
    const failing = {
      read: () => Promise.reject(new Error('down')),
      write: () => Promise.reject(new Error('down')),
    };
    const { store, history } = recordHistory(failing);
    await expect(store.read('k')).rejects.toThrow('down');
    await expect(store.write('k', null, 'e')).rejects.toThrow('down');
    expect(history).toMatchObject([{ type: 'write', outcome: 'unknown', end: null }]);
  });

  it.each([
    ['no store', undefined, {}],
    ['a process that is no text', memoryStore(), { process: 1 }],
    ['an unknown option', memoryStore(), { clock: Date.now }],
  ])('is refused for %s', (_, store, options) => {
    expect(() => recordHistory(store as Store, options as never)).toThrow(
      expect.objectContaining({ name: 'CountersignError' }),
    );
  });
});
