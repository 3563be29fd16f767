import { recordKey, type RecordKind } from '../store/record.js';
import type { NextRecord, Store } from '../store/store.js';
import { transact, type Transition } from '../store/transact.js';
import { mustBe, newKey, storeCase, type StoreCase, type StoreProbe } from './store-probe.js';

/** Checks that a store gives back what it was given, under the key it was given. */
export const valueCases: readonly StoreCase[] = [
  storeCase('keeps a value of 16 kB as it is', async (probe) => {
    const a = await probe.create('0123456789abcdef'.repeat(1024));
    await probe.holds('a long value', a);
  }),
  storeCase('keeps every kind of Unicode text as it is', async (probe) => {
    for (const text of texts) {
      const key = newKey();
      await probe.holds('Unicode text', await probe.create(text, undefined, key), key);
    }
  }),
  storeCase('keeps a value that looks like a number, JSON or nothing as it is', async (probe) => {
    let last = await probe.create('');
    for (const text of lookalikes) {
      await probe.holds('before the next', last);
      const next = probe.record(text);
      await probe.writes('replacing', probe.key, next, last.etag);
      last = next;
    }
    await probe.holds('at last', last);
  }),
  storeCase('holds keys apart that differ only by case', async (probe) => {
    const upper = probe.key.toUpperCase();
    const a = await probe.create('a');
    const b = await probe.create('b', undefined, upper);
    await probe.holds('the lower-case key', a);
    await probe.holds('the upper-case key', b, upper);
  }),
  storeCase('holds keys apart of which one begins with the other', async (probe) => {
    const long = `${probe.key}-${'x'.repeat(127 - probe.key.length)}`;
    const a = await probe.create('a');
    const b = await probe.create('b', undefined, long);
    await probe.writes('deleting the shorter key', probe.key, null, a.etag);
    await probe.holds('the longer key', b, long);
  }),
];

const texts = [
  'Übergröße, façade, señor',
  'Ελληνικά, русский, עברית, العربية, हिन्दी, 日本語, 한국어',
  'e\u0301 and \u00e9 stay two spellings',
  '👩‍👩‍👧‍👦 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u{10ffff}',
  '\u0001\u0007\u001b\u007f\u0085\u2028\u2029\ufeff\ufffd\uffff',
];

const lookalikes = [
  '123456',
  '0123',
  '1e3',
  'null',
  'true',
  '{"a": 1}',
  '[]',
  ' a ',
  'a\r\nb\n',
  '\\n\'"%?$1:x',
];

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

// Long enough for a few round trips to a slow engine, short enough to wait for in real time.
const lifeMs = 400;
const longerMs = 460;

/** Checks that a record is there until it expires, and absent from then on. */
export const expiryCases: readonly StoreCase[] = [
  storeCase('reads a record before it expires, and undefined after', async (probe) => {
    const a = await probe.create('a', lifeMs);
    await probe.holds('before it expires', a);
    await probe.clock.advance(longerMs);
    await probe.holds('after it expired', undefined);
  }),
  storeCase('creates over an expired record', async (probe) => {
    await probe.create('a', lifeMs);
    await probe.clock.advance(longerMs);
    const b = await probe.create('b', 60_000);
    await probe.holds('after creating over an expired record', b);
  }),
  storeCase('refuses to replace or delete an expired record', async (probe) => {
    const a = await probe.create('a', lifeMs);
    await probe.clock.advance(longerMs);
    await probe.refuses('replacing an expired record', probe.key, probe.record('b'), a.etag);
    await probe.refuses('deleting an expired record', probe.key, null, a.etag);
    await probe.holds('after refusals', undefined);
  }),
  storeCase('takes the newest expiry of a record, not an earlier one', async (probe) => {
    const a = await probe.create('a', lifeMs);
    const b = probe.record('b', 60_000);
    await probe.writes('prolonging', probe.key, b, a.etag);
    const c = await probe.create('c', lifeMs, `${probe.key}-c`);
    const d = probe.record('d');
    await probe.writes('making permanent', `${probe.key}-c`, d, c.etag);
    await probe.clock.advance(longerMs);
    await probe.holds('after the first expiry', b);
    await probe.holds('after the first expiry', d, `${probe.key}-c`);
  }),
  storeCase('takes the newest expiry of a record, not a later one', async (probe) => {
    const a = await probe.create('a');
    await probe.writes('shortening', probe.key, probe.record('b', lifeMs), a.etag);
    await probe.clock.advance(longerMs);
    await probe.holds('after the new expiry', undefined);
  }),
  storeCase('keeps a record whose expiry is years away', async (probe) => {
    const a = await probe.create('a', 40 * 365 * 86_400_000);
    await probe.holds('after creating', a);
  }),
];

const rivals = 64;
const rounds = 5;

/** Checks that a guard and its write are one act, and that every later read sees a completed write. */
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

/** Checks that a client may repeat a write whose answer was lost, as ioredis does by itself. */
export const retryCases: readonly StoreCase[] = [
  storeCase(
    'takes a write that arrives again after another one for refused, and keeps the newer record',
    async (probe) => {
      const { store, key } = probe;
      const a = await probe.create('a');
      const b = probe.record('b');
      await probe.writes('replacing', key, b, a.etag);
      await settled(store.write(key, b, a.etag));
      await probe.holds('after a write that arrived twice', b);
      const c = probe.record('c');
      await probe.writes('replacing again', key, c, b.etag);
      await probe.refuses('a write that arrives once more', key, b, a.etag);
      await probe.refuses('a creation that arrives once more', key, a, null);
      await probe.holds('after late arrivals', c);
    },
  ),
  storeCase(
    'lets one of 16 have a code though every write is sent twice, and loses it to nobody',
    async (probe) => {
      const access = accessTo(probe);
      await transact(access, () => ({ state: 'open', outcome: null }));
      const answers = await Promise.all(Array.from({ length: 16 }, () => transact(access, redeem)));
      mustBe('the number of those who got in', answers.filter(Boolean).length, 1);
    },
  ),
  storeCase('counts right though every write is sent twice', async (probe) => {
    const access = accessTo(probe);
    const counter = async (): Promise<void> => {
      for (let times = 0; times < 4; times++) await transact(access, increment);
    };
    await Promise.all([counter(), counter(), counter()]);
    mustBe(
      'the sum of 3 times 4 additions',
      await transact(access, (state) => ({ state, outcome: state })),
      '12',
    );
  }),
];

const kind: RecordKind<string> = {
  empty: '',
  parse: (text) => text,
  format: (state) => state,
  expiresAt: () => Infinity,
};

const redeem: Transition<string, boolean> = (state) =>
  state === 'open' ? { state: 'used', outcome: true } : { state, outcome: false };

const increment: Transition<string, null> = (state) => ({ state: String(Number(state) + 1), outcome: null });

function accessTo({ store, clock, key }: StoreProbe): Parameters<typeof transact<string, unknown>>[0] {
  return { store: sendingTwice(store), key: recordKey('store-test', key), now: clock.now, kind };
}

/** The client loses every answer to a write, sends it again, and passes the second answer on. */
function sendingTwice(store: Store): Store {
  return {
    read: (key) => store.read(key),
    write: async (key, next, expected) => {
      await store.write(key, next, expected);
      return store.write(key, next, expected);
    },
  };
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}
