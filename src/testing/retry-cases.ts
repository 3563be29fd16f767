import { recordKey, type RecordKind } from '../store/record.js';
import type { Store } from '../store/store.js';
import { transact, type Transition } from '../store/transact.js';
import { mustBe, storeCase, type StoreCase, type StoreProbe } from './store-probe.js';

/** That a client may send a write again whose answer was lost, as ioredis does by itself. */
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
      for (let times = 0; times < 4; times++) await transact(access, addOne);
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

const addOne: Transition<string, null> = (state) => ({ state: String(Number(state) + 1), outcome: null });

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
