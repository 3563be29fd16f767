import { assertFunction, assertString, failType, readOptions } from '../internal/asserts.js';
import type { NextRecord, Store, StoredRecord } from '../store/store.js';

/** A read that was answered. */
export interface HistoryRead extends HistoryCall {
  readonly type: 'read';
  /** When the answer came. */
  readonly end: number;
  /** What was read; null if there was no record. */
  readonly etag: string | null;
  readonly value: string | null;
}

/** A write, whatever became of it. */
export interface HistoryWrite extends HistoryCall {
  readonly type: 'write';
  /** When the answer came; null if none has. */
  readonly end: number | null;
  /** The etag that the record had to have; null for none. */
  readonly expected: string | null;
  /** What was to be written; null for a deletion. */
  readonly etag: string | null;
  readonly value: string | null;
  /** From when on the record may be absent, in ms; null: never. */
  readonly expiresAt: number | null;
  /**
   * `'written'` for true, `'refused'` for false, `'unknown'` for a rejection or no answer (the write may have happened,
   * may happen later, or never), `'neither'` for any other answer, which no store may give.
   */
  readonly outcome: 'written' | 'refused' | 'unknown' | 'neither';
}

interface HistoryCall {
  /** Names the call: of two entries with one id the later one counts. */
  readonly id: string;
  /** Who called: a process, a connection, a worker. */
  readonly process: string;
  readonly key: string;
  /** When the call was made, in ms. All instants of a history come from one clock, or from clocks that agree. */
  readonly begin: number;
}

/** A call of a store, with what it answered. */
export type HistoryEntry = HistoryRead | HistoryWrite;

/** How {@link recordHistory} names and times what it records. */
export interface HistoryOptions {
  /** The name of this process among those of a history. Default: `'0'`. */
  process?: string;
  /** The clock, in ms with fractions. Default: that of `performance`, as time since 1970. */
  now?: () => number;
  /**
   * Is called with each entry as it is made: with a write before it goes out, as `'unknown'`, and again when it was
   * answered. What the callback stores outlives a process that is killed.
   */
  onEntry?: (entry: HistoryEntry) => void;
}

/** A store that records its calls, and what it recorded. */
export interface RecordedStore {
  /** Passes each call on. */
  readonly store: Store;
  /** The calls so far, for `checkHistory`. A write that has not been answered stands there as `'unknown'`. */
  readonly history: readonly HistoryEntry[];
}

/**
 * Records what is asked of a store and what it answers.
 *
 * @param store - the store to watch
 * @param options - `process`: a name, where several record one history; `now`: the clock in ms; `onEntry`: is called
 *   with each entry
 * @returns the store to use in its place, and the history
 * @throws CountersignError `ERR_INVALID_ARGUMENT` or `ERR_UNKNOWN_OPTION` for arguments that are not as described
 * @example
 * ```ts
 * import { memoryStore } from 'countersign';
 * import { checkHistory, recordHistory } from 'countersign/testing';
 *
 * const { store, history } = recordHistory(memoryStore());
 * await store.write('key', { value: 'a', etag: 'w1', expiresAt: null }, null);
 * await store.read('key');
 * console.log(checkHistory(history).ok); // true
 * ```
 */
export function recordHistory(store: Store, options: HistoryOptions = {}): RecordedStore {
  if (typeof store !== 'object' || (store as Store | null) === null) failType('store', 'a store', store);
  const settings = readOptions('options', options, ['process', 'now', 'onEntry']);
  const { process = '0', now = performanceClock, onEntry = nothing } = settings;
  assertString('options.process', process);
  assertFunction('options.now', now);
  assertFunction('options.onEntry', onEntry);
  return recorded(store, { process, now, onEntry });
}

function recorded(store: Store, { process, now, onEntry }: Required<HistoryOptions>): RecordedStore {
  const history: HistoryEntry[] = [];
  const put = (index: number, entry: HistoryEntry): void => {
    history[index] = entry;
    onEntry(entry);
  };
  let calls = 0;
  const call = (key: string): Pick<HistoryWrite, 'id' | 'process' | 'key' | 'begin'> => {
    const id = `${process}-${calls++}`;
    return { id, process, key, begin: now() };
  };

  async function read(key: string): Promise<StoredRecord | undefined> {
    const begun = call(key);
    const record = await store.read(key);
    const { etag = null, value = null } = record ?? {};
    put(history.length, { ...begun, type: 'read', end: now(), etag, value });
    return record;
  }

  async function write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    const index = history.length;
    const begun = { ...call(key), type: 'write', expected, ...columnsOf(next) } as const;
    put(index, { ...begun, end: null, outcome: 'unknown' });
    const answer = await store.write(key, next, expected);
    put(index, { ...begun, end: now(), outcome: outcomeOf(answer) });
    return answer;
  }

  return { store: { read, write }, history };
}

function columnsOf(next: NextRecord | null): Pick<HistoryWrite, 'etag' | 'value' | 'expiresAt'> {
  if (next === null) return { etag: null, value: null, expiresAt: null };
  return { etag: next.etag, value: next.value, expiresAt: next.expiresAt?.getTime() ?? null };
}

function outcomeOf(answer: unknown): HistoryWrite['outcome'] {
  if (answer === true) return 'written';
  return answer === false ? 'refused' : 'neither';
}

function performanceClock(): number {
  return performance.timeOrigin + performance.now();
}

function nothing(): void {
  return undefined;
}
