import { expect, it } from 'vitest';
import { memoryStore } from '../../../src/store/memory-store.js';
import type { Store } from '../../../src/store/store.js';
import { atCall, atRandom, diesAtCall, type Fault, faultyStore, plansFor } from './faulty-store.js';
import { seeded } from './seeded.js';

const record = { value: 'a', etag: 'a1', expiresAt: null };
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'no error');
const isThere = async (store: Store): Promise<boolean> => (await store.read('key')) !== undefined;

it.each<[fault: Fault, answer: unknown, written: boolean]>([
  ['none', true, true],
  ['request lost', 'ConnectionLost', false],
  ['answer lost', 'ConnectionLost', true],
  ['sent twice', false, true],
  [{ landsAfter: 2 }, 'ConnectionLost', false],
])('gives a write with the fault %o its answer and its effect', async (fault, answer, written) => {
  const inner = memoryStore();
  const store = faultyStore(inner, { plan: atCall(1, fault) });
  const given = await store.write('key', record, null).catch(nameOf);
  expect([given, await isThere(inner)]).toEqual([answer, written]);
});

it('lets a late write arrive after as many calls as planned, or when it is told to', async () => {
  const inner = memoryStore();
  const store = faultyStore(inner, { plan: atCall(1, { landsAfter: 2 }) });
  await expect(store.write('key', record, null)).rejects.toThrow();
  expect(await isThere(store)).toBe(false);
  expect(await isThere(store)).toBe(true);

  const other = faultyStore(memoryStore(), { plan: atCall(1, { landsAfter: Infinity }) });
  await expect(other.write('key', record, null)).rejects.toThrow();
  expect(await isThere(other)).toBe(false);
  await other.land();
  expect(await isThere(other)).toBe(true);
});

it('lets no call of a process through that has died, until the next plan', async () => {
  const store = faultyStore(memoryStore(), { plan: diesAtCall(2, 'answer lost') });
  await store.write('key', record, null);
  await expect(store.write('key', null, 'a1')).rejects.toThrow();
  await expect(store.read('key')).rejects.toThrow();
  expect(store.calls.map(({ number, verb }) => `${number} ${verb}`)).toEqual([
    '1 write',
    '2 write',
    '3 read',
  ]);
  store.setPlan(() => 'none');
  expect(await store.read('key')).toBeUndefined();
  expect(store.calls).toEqual([{ number: 1, verb: 'read', key: 'key', next: null, expected: null }]);
});

it('pauses before the request and before the answer', async () => {
  let pauses = 0;
  const pause = (): Promise<void> => {
    pauses++;
    return Promise.resolve();
  };
  await faultyStore(memoryStore(), { pause }).read('key');
  expect(pauses).toBe(2);
});

it('fails as often as planned, and in the same calls for the same seed', async () => {
  const failures = async (): Promise<number[]> => {
    const store = faultyStore(memoryStore(), { plan: atRandom(seeded(1), 0.2) });
    const failed: number[] = [];
    for (let call = 0; call < 1000; call++) await store.read('key').catch(() => failed.push(call));
    return failed;
  };
  const first = await failures();
  expect(first.length).toBeGreaterThan(150);
  expect(first.length).toBeLessThan(250);
  expect(await failures()).toEqual(first);
});

it('plans one failure of each kind for each call, in a process that goes on and in one that ends', () => {
  const titles = plansFor([{ verb: 'read' }, { verb: 'write' }]).map(([title]) => title);
  expect(titles).toHaveLength(2 + 6);
  expect(titles[0]).toBe('call 1, a read, has its request lost');
  expect(titles.at(-1)).toBe('the process dies at call 2, a write with its request late');
});
