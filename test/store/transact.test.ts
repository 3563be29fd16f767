import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import { formatEnvelope, type RecordKind } from '../../src/store/record.js';
import type { Store } from '../../src/store/store.js';
import { transact, type Transaction, type Transition } from '../../src/store/transact.js';
import { type TestClock, testClock } from '../../src/testing/test-clock.js';
import { type Fault, ScriptedStore, Unreachable, writeFaults } from '../support/tokens/scripted-store.js';

/** A state as small as can be: a text, and the instant at which it stops to matter. */
interface Note {
  readonly text: string;
  readonly until: number;
}

const nothing: Note = { text: '', until: 0 };
const kind: RecordKind<Note> = {
  empty: nothing,
  parse: (value) => {
    const [until, ...rest] = value.split('|');
    return { text: rest.join('|'), until: Number(until) };
  },
  format: ({ text, until }) => `${until}|${text}`,
  expiresAt: ({ until }) => until,
};

const key = 'test:key';
const quietly = { key, kind, now: () => 0, sleep: () => Promise.resolve(), random: () => 0 };
const within = (store: Store): Transaction<Note> => ({ store, ...quietly });

const LIFE = 900_000;
const open: Transition<Note, string> = () => ({ state: { text: 'open', until: LIFE }, outcome: 'opened' });
const look: Transition<Note, string> = (state) => ({ state, outcome: state.text });
const add: Transition<Note, number> = ({ text }) => {
  const sum = Number(text) + 1;
  return { state: { text: String(sum), until: Infinity }, outcome: sum };
};

/** As the redemption of a code: yes to the call that removes the record. */
const redeem: Transition<Note, 'yes' | 'no'> = (state) =>
  state.text === 'open' ? { state: { ...nothing }, outcome: 'yes' } : { state, outcome: 'no' };

/** Other writers, who change the record and leave its text. */
async function writeOften(store: ScriptedStore, times: number): Promise<void> {
  const touch: Transition<Note, null> = (state) => ({ state: { ...state }, outcome: null });
  for (let time = 0; time < times; time++) await transact(within(store.inner), touch);
}

/** An act that is done the first time it is asked for. */
function once(act: () => Promise<void>): () => Promise<void> {
  let isDone = false;
  return async () => {
    if (isDone) return;
    isDone = true;
    await act();
  };
}

/** As the counting of a wrong code. */
const count: Transition<Note, 'counted' | 'no'> = (state) =>
  state.text === ''
    ? { state, outcome: 'no' }
    : { state: { ...state, text: `${state.text}+` }, outcome: 'counted' };

describe('transact', () => {
  it('gives the transition the empty state at first, and later what was written', async () => {
    const store = memoryStore();
    expect(await transact(within(store), add)).toBe(1);
    expect(await transact(within(store), add)).toBe(2);
    expect(await transact(within(store), look)).toBe('2');
  });

  it('writes nothing for a transition that returns the state it was given', async () => {
    const store = new ScriptedStore();
    await transact(within(store), look);
    expect(store.calls).toEqual(['read']);
  });

  it('gives the empty state where a record was removed', async () => {
    const store = memoryStore({ now: () => 0 });
    await transact(within(store), open);
    expect(await transact(within(store), redeem)).toBe('yes');
    expect(await transact(within(store), look)).toBe('');
    expect(await transact(within(store), redeem)).toBe('no');
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
    const store = new ScriptedStore();
    const fail = (): never => {
      throw new RangeError('a bug');
    };
    await expect(transact(within(store), fail)).rejects.toThrow(RangeError);
    expect(store.calls).toEqual(['read']);
  });
});

describe('a record in transact', () => {
  it('counts as absent from its expiry on, though the store still has it', async () => {
    const clock = testClock(0);
    const store = memoryStore({ now: () => 0 });
    const transaction = { ...within(store), now: clock.now };
    await transact(transaction, open);
    clock.set(LIFE - 1);
    expect(await transact(transaction, look)).toBe('open');
    clock.set(LIFE);
    expect(await transact(transaction, look)).toBe('');
    expect(await transact(transaction, open)).toBe('opened');
  });

  it('becomes a tombstone that stays as long as the record would have, and for an hour at least', async () => {
    const expiries: (number | undefined)[] = [];
    const values: (string | undefined)[] = [];
    const inner = memoryStore({ now: () => 0 });
    const store: Store = {
      read: (name) => inner.read(name),
      write: (name, next, expected) => {
        expiries.push(next?.expiresAt?.getTime());
        values.push(next?.value.slice(0, 4));
        return inner.write(name, next, expected);
      },
    };
    for (const until of [900_000, 7_200_000, Infinity]) {
      await transact(within(store), () => ({ state: { text: 'open', until }, outcome: null }));
      await transact(within(store), redeem);
    }
    expect(expiries).toEqual([900_000, 3_600_000, 7_200_000, 7_200_000, undefined, 3_600_000]);
    expect(values).toEqual(['live', 'gone', 'live', 'gone', 'live', 'gone']);
  });

  it('that is damaged is a failure, and not an absent one', async () => {
    const store = memoryStore();
    for (const value of ['', 'open', '{}', 'live', 'live x y', 'gone']) {
      await store.write(key, { value, etag: 'e', expiresAt: null }, (await store.read(key))?.etag ?? null);
      await expect(transact(within(store), open)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    }
  });

  it('that is damaged can be replaced by a transaction that ignores it', async () => {
    for (const value of [
      '',
      'live x y',
      formatEnvelope({ value: 'of another version', expiresAt: null, lineage: [] }),
    ]) {
      const store = memoryStore({ now: () => 0 });
      await store.write(key, { value, etag: 'e', expiresAt: null }, null);
      const seen: Note[] = [];
      const replace: Transition<Note, string> = (state, now) => {
        seen.push(state);
        return open(state, now, undefined);
      };
      expect(await transact({ ...within(store), ignoresRecord: true }, replace)).toBe('opened');
      expect(seen).toEqual([nothing]);
      expect(await transact(within(store), look)).toBe('open');
    }
  });

  it('that is ignored is still guarded: a rival write is a conflict', async () => {
    const store = losing(2);
    expect(await transact({ ...within(store), ignoresRecord: true }, open)).toBe('opened');
    expect(store.writes).toBe(3);
  });
});

describe('etags in transact', () => {
  it('never come twice, and are random text of 144 bits', async () => {
    const store = new ScriptedStore();
    for (let round = 0; round < 600; round++)
      await transact(within(store), round % 3 === 2 ? () => ({ state: { ...nothing }, outcome: 0 }) : add);
    expect(new Set(store.etags).size).toBe(600);
    for (const etag of store.etags) expect(etag).toMatch(/^[A-Za-z0-9_-]{24}$/);
    // A counter or a clock would share beginnings.
    expect(new Set(store.etags.map((etag) => etag.slice(0, 6))).size).toBeGreaterThan(595);
  });
});

describe('conflicts in transact', () => {
  it('run the transition again on what the winner wrote, with the time of each attempt', async () => {
    const store = memoryStore();
    const sums = await Promise.all(Array.from({ length: 40 }, () => transact(within(store), add)));
    expect(sums.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const clock = testClock(0);
    const times: number[] = [];
    await transact({ ...within(losing(2)), now: clock.now, sleep: advancing(clock, 10) }, (_, now) => {
      times.push(now);
      return { state: { text: '', until: Infinity }, outcome: null };
    });
    expect(times).toEqual([0, 10, 20]);
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
    const transaction = { ...within(store), now: clock.now, sleep: advancing(clock, 3000) };
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

describe('a transition that needs work', () => {
  /** Needs the text of a record in capitals, which takes the worker's time. */
  const shout: Transition<Note, string, string, Readonly<Record<string, string>>> = (state, _, known) => {
    const loud = known[state.text];
    return loud === undefined ? { needs: state.text } : { state: { ...state, text: loud }, outcome: loud };
  };
  const shouting = (onWork: (text: string) => void | Promise<void> = () => undefined) => ({
    known: {},
    perform: async (text: string, known: Readonly<Record<string, string>>) => {
      await onWork(text);
      return { ...known, [text]: text.toUpperCase() };
    },
  });

  it('runs again on the same read, with the result and the time of then', async () => {
    const store = new ScriptedStore();
    await transact(within(store), open);
    store.calls.length = 0;
    const clock = testClock(0);
    const times: number[] = [];
    const worker = shouting(() => {
      clock.advance(70);
    });
    const outcome = await transact(
      { ...within(store), now: clock.now },
      (state, now, known: Readonly<Record<string, string>>) => {
        times.push(now);
        return shout(state, now, known);
      },
      worker,
    );
    expect([outcome, times, store.calls]).toEqual(['OPEN', [0, 70], ['read', 'write']]);
  });

  it('sees the record expire while the work is done', async () => {
    const clock = testClock(0);
    const store = memoryStore({ now: () => 0 });
    await transact(within(store), open);
    const worker = shouting(() => {
      clock.advance(LIFE);
    });
    expect(await transact({ ...within(store), now: clock.now }, shout, worker)).toBe('');
  });

  it('keeps what is known through a conflict, and asks again only for what is not', async () => {
    const worked: string[] = [];
    const store = new ScriptedStore();
    await transact(within(store), open);
    let rivals = 2;
    const rival = async (): Promise<void> => {
      const text = rivals === 2 ? 'other' : 'open';
      if (rivals-- > 0)
        await transact(within(store.inner), () => ({ state: { text, until: LIFE }, outcome: 0 }));
    };
    const transaction = {
      ...within(store),
      store: { read: store.read.bind(store), write: beforeWrite(store, rival) },
    };
    expect(
      await transact(
        transaction,
        shout,
        shouting((text) => void worked.push(text)),
      ),
    ).toBe('OPEN');
    expect(worked).toEqual(['open', 'other']);
  });

  it('passes on the error of the work, and has written nothing', async () => {
    const store = new ScriptedStore();
    const worker = shouting(() => Promise.reject(new RangeError('no such template')));
    await expect(transact(within(store), shout, worker)).rejects.toThrow(RangeError);
    expect(store.calls).toEqual(['read']);
  });

  it('gets 16 rounds and no more, and needs a worker', async () => {
    let rounds = 0;
    const worker = {
      known: 0,
      perform: (): Promise<number> => Promise.resolve(++rounds),
    };
    const insatiable = (): { needs: string } => ({ needs: 'more' });
    await expect(transact(within(memoryStore()), insatiable, worker)).rejects.toMatchObject({
      code: 'ERR_STORE_CONTENTION',
    });
    expect(rounds).toBe(16);
    await expect(transact(within(memoryStore()), insatiable)).rejects.toMatchObject({
      code: 'ERR_STORE_CONTENTION',
    });
  });

  it('does not spend the ten seconds for conflicts on its work', async () => {
    const clock = testClock(0);
    const store = losing(2);
    const worker = {
      known: 0,
      perform: (_: string, known: number): Promise<number> => {
        clock.advance(30_000);
        return Promise.resolve(known + 1);
      },
    };
    let wanted = 1;
    const patient: Transition<Note, string, string, number> = (_, __, known) => {
      if (known < wanted) return { needs: 'more' };
      wanted++;
      return { state: { text: 'done', until: Infinity }, outcome: 'done' };
    };
    expect(await transact({ ...within(store), now: clock.now }, patient, worker)).toBe('done');
    expect(store.writes).toBe(3);
  });
});

describe('a store that fails', () => {
  it('is an error with its cause when it cannot be read, and nothing is written', async () => {
    const store = new ScriptedStore({ reads: ['request lost'] });
    await expect(transact(within(store), open)).rejects.toMatchObject({
      code: 'ERR_STORE_FAILED',
      cause: { name: 'Unreachable' },
    });
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
        cause: { name: 'Unreachable' },
      });
    }
  });

  it.each([undefined, null, 1, 'OK', {}])('is an error when a write answers %o', async (answer) => {
    const store = { ...memoryVerbs(), write: () => Promise.resolve(answer as boolean) };
    await expect(transact(within(store), open)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });

  it.each([
    null,
    5,
    'text',
    {},
    { value: 'live - x' },
    { value: 5, etag: 'e' },
    { value: 'live - - x', etag: 5 },
  ])('is an error when a read answers %o, and not an absent record', async (answer) => {
    const store = { ...memoryVerbs(), read: () => Promise.resolve(answer as unknown as undefined) };
    await expect(transact(within(store), open)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });

  it('is an error after four repairs, never a yes', async () => {
    const store = new ScriptedStore();
    await transact(within(store), open);
    const write = (): Promise<never> => Promise.reject(new Unreachable());
    const failing = { read: (name: string) => store.read(name), write };
    store.calls.length = 0;
    await expect(transact(within(failing), redeem)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    expect(store.calls).toEqual(Array.from({ length: 1 + 4 }, () => 'read'));
    expect(await transact(within(store), look)).toBe('open');
  });

  it('is tried again by a transaction that ignores the record, whatever stands there', async () => {
    const inner = memoryVerbs();
    await inner.write(key, { value: 'damaged', etag: 'd', expiresAt: null }, null);
    let isFirst = true;
    const write: Store['write'] = (...call) => {
      if (!isFirst) return inner.write(...call);
      isFirst = false;
      return Promise.reject(new Unreachable());
    };
    const access = { ...within({ ...inner, write }), ignoresRecord: true };
    expect(await transact(access, open)).toBe('opened');
    expect(await transact(within(inner), look)).toBe('open');
  });

  it('leaves a tombstone where a record is removed that was not there', async () => {
    const store = memoryStore({ now: () => 0 });
    const remove: Transition<Note, null> = () => ({ state: { ...nothing }, outcome: null });
    await transact(within(store), remove);
    expect((await store.read(key))?.value).toBe('gone 3600000 - ');
  });
});

describe('a write whose fate is unknown', () => {
  it.each([
    ['is made again when the request was lost', 'request lost', ['read', 'write', 'read', 'write']],
    ['is recognised by its etag when the answer was lost', 'answer lost', ['read', 'write', 'read']],
    [
      'is recognised by its etag when it was sent twice and answered false',
      'sent twice',
      ['read', 'write', 'read'],
    ],
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
    const store = new ScriptedStore({ writes: [fault] });
    expect(await transact(within(store), add)).toBe(1);
    expect(store.calls).toEqual(calls);
    await store.settle();
    expect(await transact(within(store), look)).toBe('1');
    expect(new Set(store.etags).size).toBe(1);
  });

  it('is recognised when it was sent twice and answered false after more than ten seconds', async () => {
    const clock = testClock(0);
    const store = new ScriptedStore({ writes: ['sent twice'] });
    const write = async (...call: Parameters<Store['write']>): Promise<boolean> => {
      clock.advance(10_001);
      return store.write(...call);
    };
    const slow = { read: (name: string) => store.read(name), write };
    expect(await transact({ ...within(slow), now: clock.now }, add)).toBe(1);
    expect(await transact(within(store.inner), look)).toBe('1');
  });

  it('is recognised when it was the 64th, was sent twice and answered false', async () => {
    const inner = memoryStore({ now: () => 0 });
    let writes = 0;
    const write = async (...call: Parameters<Store['write']>): Promise<boolean> => {
      writes++;
      return writes === 64 ? !(await inner.write(...call)) : false;
    };
    expect(await transact(within({ read: (name) => inner.read(name), write }), add)).toBe(1);
    expect(await transact(within(inner), look)).toBe('1');
  });

  it.each([1, 8])(
    'is recognised when its answer was lost and %i others have written since',
    async (others) => {
      const store = new ScriptedStore({ writes: ['none', 'answer lost'] });
      await transact(within(store), open);
      const sleep = once(() => writeOften(store, others));
      expect(await transact({ ...within(store), sleep }, redeem)).toBe('yes');
    },
  );

  it('is recognised when it was sent twice, answered false, and others have written since', async () => {
    const store = new ScriptedStore({ writes: ['none', 'sent twice'] });
    await transact(within(store), open);
    const sleep = once(() => writeOften(store, 3));
    expect(await transact({ ...within(store), sleep }, redeem)).toBe('yes');
  });

  it('is tried again when it was lost on its way and others have taken its place', async () => {
    const store = new ScriptedStore({ writes: ['none', 'request lost'] });
    await transact(within(store), open);
    const sleep = once(() => writeOften(store, 3));
    expect(await transact({ ...within(store), sleep }, redeem)).toBe('yes');
    expect(await transact(within(store), redeem)).toBe('no');
  });

  it('is an error when so many have written since that the record no longer tells', async () => {
    const store = new ScriptedStore({ writes: ['none', 'answer lost'] });
    await transact(within(store), open);
    const sleep = once(() => writeOften(store, 9));
    await expect(transact({ ...within(store), sleep }, redeem)).rejects.toMatchObject({
      code: 'ERR_STORE_FAILED',
    });
    // The first look tells, and no other is taken.
    expect(store.calls).toEqual(['read', 'write', 'read', 'write', 'read']);
  });

  it.each([1, 8])('is known not to have happened where a rival has written %d times', async (times) => {
    const store = new ScriptedStore({ writes: ['request lost'] });
    const sleep = once(async () => {
      await transact(within(store.inner), open);
      await writeOften(store, times - 1);
    });
    const create: Transition<Note, string> = (state) =>
      state.text === ''
        ? { state: { text: 'mine', until: LIFE }, outcome: 'mine' }
        : { state, outcome: 'theirs' };
    expect(await transact({ ...within(store), sleep }, create)).toBe('theirs');
  });

  it('is an error where a rival created the record and wrote more often than a record names', async () => {
    const store = new ScriptedStore({ writes: ['request lost'] });
    const sleep = once(async () => {
      await transact(within(store.inner), open);
      await writeOften(store, 8);
    });
    const create: Transition<Note, string> = (state) =>
      state.text === ''
        ? { state: { text: 'mine', until: LIFE }, outcome: 'mine' }
        : { state, outcome: 'theirs' };
    await expect(transact({ ...within(store), sleep }, create)).rejects.toMatchObject({
      code: 'ERR_STORE_FAILED',
    });
  });

  it('cannot bring a removed record back when it lands late', async () => {
    const store = new ScriptedStore({ writes: ['lands 3 later'] });
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

  async function eachScript(body: (store: ScriptedStore) => Promise<void>): Promise<void> {
    for (const writes of scripts) {
      for (const reads of readScripts) {
        const store = new ScriptedStore({ writes, reads });
        const value = formatEnvelope({
          value: `${LIFE}|open`,
          expiresAt: new Date(LIFE),
          lineage: [],
        });
        await store.inner.write(key, { value, etag: 'first', expiresAt: new Date(LIFE) }, null);
        await body(store);
      }
    }
  }
  const attempt = (store: ScriptedStore): Promise<string> =>
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
      const counted = (await transact(within(store.inner), look)).replace('open', '').length;
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

function beforeWrite(store: Store, act: () => Promise<void>): Store['write'] {
  return async (...call) => {
    await act();
    return store.write(...call);
  };
}

function memoryVerbs(): Store {
  const inner = memoryStore({ now: () => 0 });
  return {
    read: (name) => inner.read(name),
    write: (name, next, expected) => inner.write(name, next, expected),
  };
}
