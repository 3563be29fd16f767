import { expect, it } from 'vitest';
import { Scheduler } from './scheduler.js';
import { seeded } from './seeded.js';

/** The order in which four callers with three turns each come to an end of a turn. */
async function orderOf(seed: number, work: () => Promise<unknown>): Promise<string> {
  const scheduler = new Scheduler(seeded(seed));
  const giveBack = scheduler.takeTimers();
  let order = '';
  const caller = async (name: string): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) {
      await scheduler.turn();
      await work();
      order += name;
    }
  };
  try {
    await Promise.all([...['a', 'b', 'c', 'd'].map(caller), scheduler.run()]);
  } finally {
    giveBack();
  }
  return order;
}

const nothing = (): Promise<void> => Promise.resolve();
const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

/** WebCrypto works in threads: what takes longer would come later without the scheduler. */
async function hash(): Promise<void> {
  const length = 1 + Math.floor(Math.random() * 1_000_000);
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(length));
  await globalThis.crypto.subtle.digest('SHA-256', digest);
}

it.each([
  ['nothing', nothing],
  ['timers', wait],
  ['WebCrypto', hash],
])('gives the same order for the same seed, and others for others, around %s', async (_, work) => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const order = await orderOf(seed, work);
    expect(await orderOf(seed, work)).toBe(order);
    orders.add(order);
  }
  expect(orders.size).toBeGreaterThan(15);
});

it('gives the same random bytes for the same seed', () => {
  const draw = (seed: number): string => {
    const giveBack = new Scheduler(seeded(seed)).takeTimers();
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(8));
    const words = globalThis.crypto.getRandomValues(new Uint32Array(2));
    giveBack();
    return [...bytes, ...words].join(' ');
  };
  expect(draw(1)).toBe(draw(1));
  expect(new Set([1, 2, 3, 4].map(draw)).size).toBe(4);
});

it('ends a time limit of seconds when nothing else waits', async () => {
  const scheduler = new Scheduler(seeded(1));
  const giveBack = scheduler.takeTimers();
  const order: string[] = [];
  setTimeout(() => order.push('limit'), 10_000);
  for (let turn = 0; turn < 5; turn++) setTimeout(() => order.push('back-off'), 50);
  await scheduler.run();
  giveBack();
  expect(order).toEqual([...Array.from({ length: 5 }, () => 'back-off'), 'limit']);
});
