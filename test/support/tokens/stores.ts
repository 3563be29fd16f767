import type { NextRecord, Store, StoredRecord } from '../../../src/store/store.js';

/** One call of a store, as its caller made it. */
export interface StoreCall {
  readonly verb: 'read' | 'write';
  readonly key: string;
  /** Of a write; null for a read. */
  readonly next: NextRecord | null;
  readonly expected: string | null;
}

/**
 * What becomes of a call: it works; the request is lost; the answer is lost; the client loses the answer, sends the
 * request again and passes the second answer on.
 */
export type Fate = 'works' | 'request lost' | 'answer lost' | 'sent twice';

/** The network between the library and its store failed. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** A store that notes its calls, and fails as planned. */
export interface NetworkStore extends Store {
  /** Calls since the last plan. */
  readonly calls: readonly StoreCall[];
  /** Decides the fate of each call by its number, counted from 1. Nothing fails by default. */
  plan: (fateOf: (number: number) => Fate) => void;
  /** The verbs of the calls since the last plan or the last question. */
  verbs: () => string[];
}

/** Puts a network before a store. */
export function networkStore(inner: Store): NetworkStore {
  const calls: StoreCall[] = [];
  let fateOf: (number: number) => Fate = () => 'works';
  let seen = 0;
  const pass = async <T>(call: StoreCall, act: () => Promise<T>): Promise<T> => {
    calls.push(call);
    const fate = fateOf(calls.length);
    if (fate === 'request lost') throw new ConnectionLost('the request was lost');
    const answer = await act();
    if (fate === 'answer lost') throw new ConnectionLost('the answer was lost');
    return fate === 'sent twice' ? act() : answer;
  };
  return {
    calls,
    plan: (plan) => {
      fateOf = plan;
      calls.length = 0;
      seen = 0;
    },
    verbs: () => {
      const fresh = calls.slice(seen).map(({ verb }) => verb);
      seen = calls.length;
      return fresh;
    },
    read: (key): Promise<StoredRecord | undefined> =>
      pass({ verb: 'read', key, next: null, expected: null }, () => inner.read(key)),
    write: (key, next, expected) =>
      pass({ verb: 'write', key, next, expected }, () => inner.write(key, next, expected)),
  };
}

/** One call meets its fate, and all others work. */
export function atCall(number: number, fate: Fate): (call: number) => Fate {
  return (call) => (call === number ? fate : 'works');
}

/** Every call from one number on meets its fate. */
export function fromCall(number: number, fate: Fate): (call: number) => Fate {
  return (call) => (call >= number ? fate : 'works');
}
