import type { NextRecord, Store } from '../../src/store/store.js';
import type { HistoryEntry } from '../../src/testing/record-history.js';
import { recordHistory } from '../../src/testing/record-history.js';

/** How a history comes about. */
export interface Play {
  /** Makes the store of a history, on its clock. */
  readonly create: (now: () => number) => Store;
  readonly random: () => number;
  readonly clients: number;
  readonly callsEach: number;
}

const long = 'x'.repeat(70);
const keys = ['key', 'KEY', `${long}a`, `${long}b`];
const values = ['text', '123', '👩‍👩‍👧‍👦', 'long '.repeat(80)];

/** Several clients that read and write a few keys at once, on a clock that moves with each call. */
export async function playHistory({
  create,
  random,
  clients,
  callsEach,
}: Play): Promise<readonly HistoryEntry[]> {
  let time = 0;
  const { store, history } = recordHistory(
    create(() => time),
    { now: () => ++time },
  );
  const client = async (name: number): Promise<void> => {
    const known = new Map<string, string | null>();
    for (let call = 0; call < callsEach; call++) {
      const key = pick(keys, random);
      const etag = `${pick(['a', 'A'], random)}-${name}-${call}`;
      await act(store, { key, etag, known, random, time }).catch(() => null);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, name) => client(name)));
  return history;
}

interface Act {
  readonly key: string;
  readonly etag: string;
  readonly known: Map<string, string | null>;
  readonly random: () => number;
  readonly time: number;
}

async function act(store: Store, { key, etag, known, random, time }: Act): Promise<void> {
  if (random() < 0.5) {
    known.set(key, (await store.read(key))?.etag ?? null);
    return;
  }
  const seen = known.get(key) ?? null;
  const expected = seen !== null && random() < 0.1 ? swappedCase(seen) : seen;
  const expiresAt = random() < 0.3 ? new Date(time + 5 + Math.floor(random() * 20)) : null;
  const record: NextRecord = { value: pick(values, random), etag, expiresAt };
  const next = expected !== null && random() < 0.2 ? null : record;
  if (random() < 0.1) await store.write(key, next, expected);
  if (await store.write(key, next, expected)) known.set(key, next?.etag ?? null);
}

function swappedCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}
