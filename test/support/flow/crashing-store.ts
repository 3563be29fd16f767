import type { Store } from '../../../src/store/store.js';

/** How one call of a store goes wrong; its caller is told nothing but that. */
export interface Crash {
  /** Counted from 1. */
  readonly call: number;
  readonly verb: 'read' | 'write';
  /** The call has no effect, or all of it, or has it some time later. */
  readonly effect: 'none' | 'done' | 'late';
  /** Whether the process is gone with that, so that all later calls fail too; otherwise one answer was lost. */
  readonly isLast: boolean;
}

/** A store at the far end of a network, for a process that is about to die. */
export interface CrashingStore extends Store {
  /** Lets a late write arrive. */
  readonly land: () => Promise<unknown>;
}

/** Every way in which a process can die, or lose an answer, at one of its calls. */
export function crashesAt(calls: readonly Crash['verb'][]): Crash[] {
  return calls.flatMap((verb, index) =>
    (verb === 'write' ? (['none', 'done', 'late'] as const) : (['none'] as const)).flatMap((effect) =>
      [true, false].map((isLast) => ({ call: index + 1, verb, effect, isLast })),
    ),
  );
}

/** Passes calls on to a store until the one that goes wrong. */
export function crashingStore(inner: Store, { call: fatal, effect, isLast }: Crash): CrashingStore {
  let calls = 0;
  let late = (): Promise<unknown> => Promise.resolve();
  const pass = async <T>(call: () => Promise<T>): Promise<T> => {
    calls++;
    if (calls < fatal || (calls > fatal && !isLast)) return call();
    if (calls === fatal && effect === 'done') await call();
    if (calls === fatal && effect === 'late') late = call;
    throw new Error('the connection is gone');
  };
  return {
    land: () => late(),
    read: (key) => pass(() => inner.read(key)),
    write: (key, next, expected) => pass(() => inner.write(key, next, expected)),
  };
}
