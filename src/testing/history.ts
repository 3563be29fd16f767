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
   * answered. What it keeps outlives a process that is killed.
   */
  onEntry?: (entry: HistoryEntry) => void;
}
