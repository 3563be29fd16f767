import type { Store } from '../../src/store/store.js';
import { ConnectionLost } from './scheduled-store.js';

/** Which call fails, counted from 1, and whether the store has done its work by then. */
export interface Fault {
  readonly call: number;
  readonly when: 'before' | 'after';
  /** Whether all later calls fail as well. */
  readonly isLasting?: boolean;
}

/** A store, one call of which fails. */
export interface FaultyStore extends Store {
  /** From now on: the count starts again. */
  plan: (fault: Fault | null) => void;
  /** Calls since the last plan, such as `['read', 'write']`. */
  readonly calls: readonly string[];
}

/** Passes calls on to a store, and lets them fail as planned. */
export function faultyStore(inner: Store): FaultyStore {
  let planned: Fault | null = null;
  const calls: string[] = [];
  const pass = async <T>(verb: string, call: () => Promise<T>): Promise<T> => {
    calls.push(verb);
    const fault = planned && isHit(planned, calls.length) ? planned.when : 'none';
    if (fault === 'before') throw new ConnectionLost();
    const answer = await call();
    if (fault === 'after') throw new ConnectionLost();
    return answer;
  };
  return {
    calls,
    plan: (fault) => {
      planned = fault;
      calls.length = 0;
    },
    read: (key) => pass('read', () => inner.read(key)),
    write: (key, next, expected) => pass('write', () => inner.write(key, next, expected)),
  };
}

function isHit({ call, isLasting = false }: Fault, count: number): boolean {
  return isLasting ? count >= call : count === call;
}
