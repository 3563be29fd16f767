import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { transact, unchanged } from '../../src/store/transact.js';
import type { Transaction, Transition } from '../../src/store/transact.js';
import { testClock } from '../../src/testing/test-clock.js';
import type { TestClock } from '../../src/testing/test-clock.js';
import { FaultStore, Unreachable, writeFaults } from './fault-store.js';
import type { Fault } from './fault-store.js';

const key = 'test:key';
const quietly = { key, now: () => 0, sleep: () => Promise.resolve(), random: () => 0 };
const within = (store: Store): Transaction => ({ store, ...quietly });

const open: Transition<string> = () => ({
  next: { value: 'open', expiresAt: new Date(900_000) },
  outcome: 'opened',
});
const look: Transition<string | undefined> = (value) => ({ next: unchanged, outcome: value });
const add: Transition<number> = (value) => {
  const sum = Number(value ?? 0) + 1;
  return { next: { value: String(sum), expiresAt: null }, outcome: sum };
};

/** As the redemption of a code: yes to the one who removes the record. */
const redeem: Transition<'yes' | 'no'> = (value) =>
  value === 'open' ? { next: null, outcome: 'yes' } : { next: unchanged, outcome: 'no' };

/** As the counting of a wrong code. */
const count: Transition<'counted' | 'no'> = (value) =>
  value === undefined
    ? { next: unchanged, outcome: 'no' }
    : { next: { value: `${value}+`, expiresAt: new Date(900_000) }, outcome: 'counted' };

describe('transact', () => {
  it('gives the transition undefined at first, and later what was written', async () => {
    const store = memoryStore();
    expect(await transact(within(store), add)).toBe(1);
    expect(await transact(within(store), add)).toBe(2);
    expect(await transact(within(store), look)).toBe('2');
  });

  it('writes nothing for a transition that changes nothing', async () => {
    const store = new FaultStore();
    await transact(within(store), look);
    expect(store.calls).toEqual(['read']);
  });

  it('gives undefined where a record was removed', async () => {
    const store = memoryStore({ now: () => 0 });
    await transact(within(store), open);
    expect(await transact(within(store), redeem)).toBe('yes');
    expect(await transact(within(store), look)).toBeUndefined();
    expect(await transact(within(store), redeem)).toBe('no');
  });

  it('keeps any text as it is, the empty one too', async () => {
    const store = memoryStore();
    for (const value of ['', ' ', 'gone - ', 'live 5 x\n\u2028y', '-']) {
      await transact(within(store), () => ({ next: { value, expiresAt: null }, outcome: null }));
      expect(await transact(within(store), look)).toBe(value);
    }
  });

  it('lets no outcome leave before the write has happened', async () => {
    let confirm: (written: boolean) => void = () => undefined;
    const store: Store = {
      read: () => Promise.resolve(undefined),
      write: () => new Promise((resolve) => (confirm = resolve)),
    };
    let outcome: unknown = 'none yet';
    const transaction = transact(within(store), open).then((value) => (outcome = value));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(outcome).toBe('none yet');
    confirm(true);
    await transaction;
    expect(outcome).toBe('opened');
  });

  it('passes on what the transition throws, and writes nothing', async () => {
    const store = new FaultStore();
    const fail = (): never => {
      throw new RangeError('a bug');
    };
    await expect(transact(within(store), fail)).rejects.toThrow(RangeError);
    expect(store.calls).toEqual(['read']);
  });
});

describe('expiry in transact', () => {
  it('treats an expired record as absent though the store still has it', async () => {
    const clock = testClock(0);
    const store = memoryStore({ now: () => 0 });
    const transaction = { ...within(store), now: clock.now };
    await transact(transaction, open);
    clock.set(899_999);
    expect(await transact(transaction, look)).toBe('open');
    clock.set(900_000);
    expect(await transact(transaction, look)).toBeUndefined();
    expect(await transact(transaction, open)).toBe('opened');
  });

  it('tells the transition the time of each attempt', async () => {
    const clock = testClock(0);
    const store = losing(2);
    const times: number[] = [];
    await transact({ ...within(store), now: clock.now, sleep: advancing(clock, 10) }, (_, now) => {
      times.push(now);
      return { next: { value: '', expiresAt: null }, outcome: null };
    });
    expect(times).toEqual([0, 10, 20]);
  });

  it('keeps a tombstone as long as the record would have lived, and for an hour at least', async () => {
    const expiries: (number | undefined)[] = [];
    const inner = memoryStore({ now: () => 0 });
    const store: Store = {
      read: (name) => inner.read(name),
      write: (name, next, expected) => {
        expiries.push(next?.expiresAt?.getTime());
        return inner.write(name, next, expected);
      },
    };
    for (const life of [900_000, 7_200_000, null]) {
      const expiresAt = life === null ? null : new Date(life);
      await transact(within(store), () => ({ next: { value: 'open', expiresAt }, outcome: null }));
      await transact(within(store), redeem);
    }
    expect(expiries).toEqual([900_000, 3_600_000, 7_200_000, 7_200_000, undefined, 3_600_000]);
  });

  it('takes a damaged record for a failure, not for an absent one', async () => {
    const store = memoryStore();
    for (const value of ['', 'open', '{}', 'live', 'live x y', 'gone']) {
      await store.write(key, { value, etag: 'e', expiresAt: null }, (await store.read(key))?.etag ?? null);
      await expect(transact(within(store), open)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    }
  });
});

describe('etags in transact', () => {
  it('never come twice, and are random text of 144 bits', async () => {
    const store = new FaultStore();
    for (let i = 0; i < 2000; i++)
      await transact(within(store), i % 3 === 2 ? () => ({ next: null, outcome: 0 }) : add);
    expect(new Set(store.etags).size).toBe(2000);
    for (const etag of store.etags) expect(etag).toMatch(/^[A-Za-z0-9_-]{24}$/);
    // A counter or a clock would share beginnings.
    expect(new Set(store.etags.map((etag) => etag.slice(0, 6))).size).toBeGreaterThan(1990);
  });
});

describe('conflicts in transact', () => {
  it('run the transition again on what the winner wrote', async () => {
    const store = memoryStore();
    const sums = await Promise.all(Array.from({ length: 40 }, () => transact(within(store), add)));
    expect(sums.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  it('let exactly one of 64 rivals have the yes', async () => {
    const store = memoryStore({ now: () => 0 });
    await transact(within(store), open);
    const answers = await Promise.all(Array.from({ length: 64 }, () => transact(within(store), redeem)));
    expect(answers.filter((answer) => answer === 'yes')).toHaveLength(1);
  });

  it('end after 64 of them in an error', async () => {
    const store = losing(Infinity);
    await expect(transact(within(store), add)).rejects.toMatchObject({ code: 'ERR_STORE_CONTENTION' });
    expect(store.writes).toBe(64);
  });

  it('end after ten seconds in an error', async () => {
    const clock = testClock(0);
    const store = losing(Infinity);
    const transaction = {
      ...within(store),
      now: clock.now,
      sleep: advancing(clock, 3000),
    };
    await expect(transact(transaction, add)).rejects.toMatchObject({ code: 'ERR_STORE_CONTENTION' });
    expect(store.writes).toBe(4);
  });

  it('are followed by pauses that grow to 100 ms, each of a random part', async () => {
    const pauses: number[] = [];
    const sleep = (ms: number): Promise<void> => Promise.resolve().then(() => void pauses.push(ms));
    await transact({ ...within(losing(10)), sleep, random: () => 0.5 }, add);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 50, 50, 50, 50]);
  });
});

describe('a store that fails', () => {
  it('is an error with its cause when it cannot be read, and nothing is written', async () => {
    const store = new FaultStore({ reads: ['request lost'] });
    const error: unknown = await transact(within(store), open).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_STORE_FAILED', cause: expect.any(Unreachable) as unknown });
    expect(store.calls).toEqual(['read']);
  });

  it('is an error with its cause when it throws instead of rejecting', async () => {
    const fail = (): never => {
      throw new Unreachable();
    };
    for (const broken of [{ read: fail }, { write: fail }]) {
      const store = { ...memoryVerbs(), ...broken };
      await expect(transact(within(store), open)).rejects.toMatchObject({
        code: 'ERR_STORE_FAILED',
        cause: expect.any(Unreachable) as unknown,
      });
    }
  });

  it.each([undefined, null, 1, 'OK', {}])('is an error when a write answers %o', async (answer) => {
    const store = { ...memoryVerbs(), write: () => Promise.resolve(answer as boolean) };
    await expect(transact(within(store), open)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });

  it('is an error after four repairs, never a yes', async () => {
    const store = new FaultStore();
    await transact(within(store), open);
    const write = (): Promise<never> => Promise.reject(new Unreachable());
    const failing = { read: (name: string) => store.read(name), write };
    await expect(transact(within(failing), redeem)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    expect(await transact(within(store), look)).toBe('open');
  });
});

describe('a write whose fate is unknown', () => {
  it.each([
    ['is made again when the request was lost', 'request lost', ['read', 'write', 'read', 'write']],
    ['is recognised by its etag when the answer was lost', 'answer lost', ['read', 'write', 'read']],
    ['is recognised by its etag when it lands before the look', 'lands 1 later', ['read', 'write', 'read']],
    [
      'is not made twice when it lands before the second attempt',
      'lands 2 later',
      ['read', 'write', 'read', 'write', 'read'],
    ],
    [
      'is not made twice when it lands after the second attempt',
      'lands 3 later',
      ['read', 'write', 'read', 'write'],
    ],
  ] as [string, Fault, string[]][])('%s', async (_, fault, calls) => {
    const store = new FaultStore({ writes: [fault] });
    expect(await transact(within(store), add)).toBe(1);
    expect(store.calls).toEqual(calls);
    await store.settle();
    expect(await transact(within(store), look)).toBe('1');
    expect(new Set(store.etags).size).toBe(1);
  });

  it('is an error when somebody wrote over it: whether it happened cannot be known', async () => {
    const store = new FaultStore({ writes: ['none', 'answer lost'] });
    await transact(within(store), open);
    const sleep = async (): Promise<void> => {
      await transact(within(store.inner), open);
    };
    await expect(transact({ ...within(store), sleep }, redeem)).rejects.toMatchObject({
      code: 'ERR_STORE_FAILED',
    });
  });

  it('cannot bring a removed record back when it lands late', async () => {
    const store = new FaultStore({ writes: ['lands 3 later'] });
    await transact(within(store), open);
    expect(await transact(within(store), redeem)).toBe('yes');
    await store.settle();
    expect(await transact(within(store), redeem)).toBe('no');
  });
});

/** Every fault at every position of two redemptions, one after the other and at the same time. */
describe('a code in a store with any three write faults and any two read faults', () => {
  const scripts = writeFaults.flatMap((a) => writeFaults.flatMap((b) => writeFaults.map((c) => [a, b, c])));
  const readScripts: Fault[][] = (['none', 'request lost'] as const).flatMap((a) => [
    [a, 'none'],
    [a, 'request lost'],
  ]);

  async function eachScript(body: (store: FaultStore) => Promise<void>): Promise<void> {
    for (const writes of scripts) {
      for (const reads of readScripts) {
        const store = new FaultStore({ writes, reads });
        await store.inner.write(
          key,
          { value: 'live 900000 open', etag: 'first', expiresAt: new Date(900_000) },
          null,
        );
        await body(store);
      }
    }
  }
  const attempt = (store: FaultStore): Promise<string> =>
    transact(within(store), redeem).catch(() => 'error');

  it('is accepted at most once by two who redeem it one after the other', async () => {
    await eachScript(async (store) => {
      const answers = [await attempt(store), await attempt(store), await attempt(store)];
      await store.settle();
      answers.push(await attempt(store));
      expect(answers.filter((answer) => answer === 'yes').length).toBeLessThan(2);
      // Without faults left the last attempt knows: the code is spent.
      expect(answers.at(-1) === 'yes' || (await transact(within(store), redeem)) === 'no').toBe(true);
    });
  });

  it('is accepted at most once by four who redeem it at the same time', async () => {
    await eachScript(async (store) => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => attempt(store)));
      await store.settle();
      answers.push(await attempt(store), await attempt(store));
      expect(answers.filter((answer) => answer === 'yes').length).toBeLessThan(2);
    });
  });

  it('is never evaluated without the guess being counted', async () => {
    await eachScript(async (store) => {
      const guess = (): Promise<string> => transact(within(store), count).catch(() => 'error');
      const answers = await Promise.all([1, 2, 3].map(guess));
      await store.settle();
      const counted = (await transact(within(store.inner), look))?.replace('open', '').length ?? 0;
      expect(counted).toBeGreaterThanOrEqual(answers.filter((answer) => answer === 'counted').length);
    });
  });
});

/** A pause that takes its time on the test's clock. */
function advancing(clock: TestClock, ms: number): () => Promise<void> {
  return () => {
    clock.advance(ms);
    return Promise.resolve();
  };
}

interface LosingStore extends Store {
  writes: number;
}

/** A store where so many writes are preceded by a rival's. */
function losing(times: number): LosingStore {
  const inner = memoryStore({ now: () => 0 });
  return {
    writes: 0,
    read: (name) => inner.read(name),
    write(name, next, expected) {
      this.writes++;
      return this.writes <= times ? Promise.resolve(false) : inner.write(name, next, expected);
    },
  };
}

function memoryVerbs(): Store {
  const inner = memoryStore({ now: () => 0 });
  return {
    read: (name) => inner.read(name),
    write: (name, next, expected) => inner.write(name, next, expected),
  };
}
