import { parseState } from '../../src/email-token/state-text.js';
import { parseEnvelope } from '../../src/store/envelope.js';
import type { NextRecord, Store } from '../../src/store/store.js';

/** One call, as the store saw it. */
export interface RecordedCall {
  readonly verb: 'read' | 'write';
  readonly key: string;
  readonly next: NextRecord | null;
  readonly expected: string | null;
}

/** Passes calls on to a store, and adds each to a list. */
export function recordingStore(inner: Store, calls: RecordedCall[]): Store {
  return {
    read: (key) => {
      calls.push({ verb: 'read', key, next: null, expected: null });
      return inner.read(key);
    },
    write: (key, next, expected) => {
      calls.push({ verb: 'write', key, next, expected });
      return inner.write(key, next, expected);
    },
  };
}

/** The challenges that have been stored, in the order of their first appearance. */
export function storedChallenges(calls: readonly RecordedCall[]): string[] {
  const values = calls.flatMap(({ next }) => (next && parseEnvelope(next.value).value) ?? []);
  return [...new Set(values.flatMap((value) => parseState(value).token?.challenge ?? []))];
}
