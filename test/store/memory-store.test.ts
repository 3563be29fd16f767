import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import { itPasses } from '../support/harness/it-passes.js';

describe('memoryStore on a test clock', () => {
  const clock = testClock();
  testStore({ create: () => memoryStore({ now: clock.now }), it: itPasses, clock });
});

describe('memoryStore in real time', () => {
  testStore({ create: () => memoryStore(), it: itPasses });
});

describe('memoryStore', () => {
  it('gives out copies, so that a caller who changes one changes nothing', async () => {
    const store = memoryStore();
    await store.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null);
    const record = await store.read('key');
    if (record) record.etag = 'forged';
    expect(await store.read('key')).toEqual({ value: 'a', etag: 'a1' });
  });

  it('takes the expiry as it is at the write, whatever becomes of the Date', async () => {
    const clock = testClock();
    const store = memoryStore({ now: clock.now });
    const expiresAt = new Date(clock.now() + 1000);
    await store.write('key', { value: 'a', etag: 'a1', expiresAt }, null);
    expiresAt.setFullYear(2100);
    clock.advance(1000);
    expect(await store.read('key')).toBeUndefined();
  });

  it('holds no more than a small multiple of what is live', async () => {
    const clock = testClock();
    const store = memoryStore({ now: clock.now });
    let most = 0;
    for (let i = 0; i < 50_000; i++) {
      clock.advance(1);
      await store.write(`key-${i}`, { value: '', etag: 'a', expiresAt: new Date(clock.now() + 1000) }, null);
      most = Math.max(most, store.size);
    }
    expect(most).toBeLessThan(3000);
  });

  it('keeps what lives for ever while it sweeps', async () => {
    const store = memoryStore();
    for (let i = 0; i < 1000; i++) {
      await store.write(`key-${i}`, { value: '', etag: 'a', expiresAt: null }, null);
    }
    expect(store.size).toBe(1000);
  });

  it('refuses a misspelt option and a clock that is no function', () => {
    // @ts-expect-error: a misspelt option
    expect(() => memoryStore({ clock: Date.now })).toThrow(
      expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }),
    );
    // @ts-expect-error: an instant is no clock
    expect(() => memoryStore({ now: 5 })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
  });
});
