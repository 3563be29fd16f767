import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { type Flow, setUp, userId } from './flow.js';

/** A store at which something else happens before a read, once the store is told to let it. */
function interruptedStore(inner: Store, interrupt: () => Promise<void>): Store {
  return {
    read: async (key) => {
      await interrupt();
      return inner.read(key);
    },
    write: (key, next, expected) => inner.write(key, next, expected),
  };
}

/** A customer with two browsers: something happens in the second one before each read of the first but its first. */
function twoBrowsers(interrupt: (second: Flow) => Promise<unknown>): { first: Flow; second: Flow } {
  const inner = memoryStore({ now: () => 0 });
  const second = setUp({ store: inner });
  let reads = 0;
  const store = interruptedStore(inner, async () => {
    if (++reads > 1) await interrupt(second);
  });
  return { first: second.with({ store }), second };
}

const begin = async (flow: Flow): Promise<void> => {
  const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
  if (begun.ok) flow.secret = begun.secret;
};

describe('a secret that is replaced while it is being decrypted', () => {
  it('is not activated with a code of the one before', async () => {
    let isReplaced = false;
    const { first, second } = twoBrowsers(async (flow) => {
      if (!isReplaced) await begin(flow);
      isReplaced = true;
    });
    await begin(second);
    const code = second.appCode();
    expect(await first.twoFactor.confirmActivation({ userId, code })).toMatchObject({ reason: 'mismatch' });
    expect(await second.twoFactor.status(userId)).toMatchObject({ method: 'email' });
    const newest = second.appCode();
    expect(await second.twoFactor.confirmActivation({ userId, code: newest })).toMatchObject({ ok: true });
  });

  it('and replaced again and again, ends in an error and not in a yes', async () => {
    const { first, second } = twoBrowsers(begin);
    await begin(second);
    const confirmed = first.twoFactor.confirmActivation({ userId, code: second.appCode() });
    await expect(confirmed).rejects.toMatchObject({ code: 'ERR_STORE_CONTENTION' });
    expect(await second.twoFactor.status(userId)).toMatchObject({ method: 'email' });
  });

  it('lets nobody in any more once its app was taken away', async () => {
    let isGone = false;
    const { first, second } = twoBrowsers(async ({ twoFactor }) => {
      if (!isGone) await twoFactor.erase(userId);
      isGone = true;
    });
    await second.activate();
    expect(await first.complete(second.appCode())).toEqual({ ok: false, reason: 'unknown' });
  });
});
