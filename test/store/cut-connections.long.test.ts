import { afterAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { recordKey, type RecordKind } from '../../src/store/record.js';
import type { Store } from '../../src/store/store.js';
import { transact, type Transition } from '../../src/store/transact.js';
import { describeWith } from '../support/engines/external.js';
import { type CuttingProxy, startCuttingProxy } from '../support/faults/cutting-proxy.js';
import { isListening, serverEngines, uniqueName } from '../support/engines/engines.js';

/** How often the connection is cut for each client: `CUTS=200` for the figures of a release. */
const rounds = Number(process.env['CUTS'] ?? 20);

const kind: RecordKind<string> = {
  empty: '',
  parse: (text) => text,
  format: (state) => state,
  expiresAt: (state) => (state === '' ? 0 : Infinity),
};

const open: Transition<string, null> = () => ({ state: 'open', outcome: null });
const redeem: Transition<string, 'yes' | 'no'> = (state) =>
  state === 'open' ? { state: '', outcome: 'yes' } : { state, outcome: 'no' };

interface Counts {
  cut: number;
  /** What `write` of the store said of the write whose answer was cut. */
  written: number;
  refused: number;
  failed: number;
  /** What `transact` said of the same code. */
  yes: number;
  no: number;
  error: number;
  /** Lies: a refusal that had written, or a success that had not. */
  refusedButWritten: number;
  writtenButNot: number;
  /** Right codes for which nobody got a yes, and no error either. */
  spentForNothing: number;
  acceptedTwice: number;
}

const isUp = new Map<number, boolean>();
for (const { port } of serverEngines) isUp.set(port, await isListening(port));

const table: Record<string, Counts> = {};

describe.each(serverEngines)('the cut between a write and its answer', ({ name, port, connect }) => {
  describeWith(`${name} on port ${port}`, isUp.get(port) === true, name, () => {
    it('makes no write look like a refusal, and no right code is spent for nothing', async () => {
      const proxy = await startCuttingProxy(port);
      const records = uniqueName();
      const [direct, cut] = [await connect(records), await connect(records, proxy.port)];
      const counts = newCounts();
      table[name] = counts;
      const stores = { direct: direct.openStore(), cut: cut.openStore() };
      try {
        for (let round = 0; round < rounds; round++) await playRound({ proxy, ...stores, counts });
      } finally {
        await cut.disconnect();
        await direct.remove();
        await proxy.close();
      }
      expect(counts.cut).toBeGreaterThanOrEqual(rounds * 0.9);
      expect(counts).toMatchObject({
        ...{ refusedButWritten: 0, writtenButNot: 0, spentForNothing: 0, acceptedTwice: 0 },
      });
    }, 600_000);
  });
});

afterAll(() => {
  const names = Object.keys(newCounts()) as (keyof Counts)[];
  const lines = Object.entries(table).map(
    ([name, counts]) => `| ${[name, ...names.map((column) => counts[column])].join(' | ')} |`,
  );
  process.stdout.write(`\n| client | ${names.join(' | ')} |\n${lines.join('\n')}\n`);
});

interface Round {
  readonly proxy: CuttingProxy;
  readonly direct: Store;
  readonly cut: Store;
  readonly counts: Counts;
}

/** One code: it is redeemed through the proxy while the answer to the write is cut off, and then once more. */
async function playRound({ proxy, direct, cut, counts }: Round): Promise<void> {
  const id = randomUUID();
  const key = recordKey('test', id);
  await transact({ store: direct, key, kind, now: Date.now }, open);
  // The connection of the pool is there before the cut, as in a server that has been running for a while.
  await settled(cut.read(key));
  const before = proxy.cuts;
  const store = cuttingOnce(cut, proxy, counts, direct);
  const first = await answerOf(transact({ store, key, kind, now: Date.now }, redeem));
  const second = await answerOf(transact({ store: direct, key, kind, now: Date.now }, redeem));
  counts.cut += proxy.cuts - before;
  counts[first]++;
  if (first === 'yes' && second === 'yes') counts.acceptedTwice++;
  if (first === 'no') counts.spentForNothing++;
}

/** Cuts the answer to the first write, and compares what the store says of it with what is there. */
function cuttingOnce(store: Store, proxy: CuttingProxy, counts: Counts, direct: Store): Store {
  let isFirst = true;
  return {
    read: (key) => store.read(key),
    write: async (key, next, expected) => {
      if (!isFirst) return store.write(key, next, expected);
      isFirst = false;
      proxy.cutAnswerTo(next?.etag ?? '');
      const answer = await settled(store.write(key, next, expected));
      const isThere = (await direct.read(key))?.etag === next?.etag;
      if (answer.status === 'rejected') counts.failed++;
      else counts[answer.value ? 'written' : 'refused']++;
      if (answer.status === 'fulfilled' && !answer.value && isThere) counts.refusedButWritten++;
      if (answer.status === 'fulfilled' && answer.value && !isThere) counts.writtenButNot++;
      if (answer.status === 'rejected') throw answer.reason as Error;
      return answer.value;
    },
  };
}

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([promise]);
  return result;
}

async function answerOf(promise: Promise<'yes' | 'no'>): Promise<'yes' | 'no' | 'error'> {
  return promise.catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'ERR_STORE_FAILED' });
    return 'error' as const;
  });
}

function newCounts(): Counts {
  return {
    ...{ cut: 0, written: 0, refused: 0, failed: 0, yes: 0, no: 0, error: 0 },
    ...{ refusedButWritten: 0, writtenButNot: 0, spentForNothing: 0, acceptedTwice: 0 },
  };
}
