import { assertInteger, failType, failValue, readOptions } from '../internal/asserts.js';
import {
  type Certain,
  isLinearizable,
  type KeyHistory,
  type Refusal,
  type SearchLimits,
} from './linearize.js';
import type { HistoryEntry, HistoryWrite } from './record-history.js';

/** How strict {@link checkHistory} is. */
export interface HistoryRules {
  /** How late a store may forget an expired record, in ms. Default: for ever, as the contract allows. */
  lateMs?: number;
}

/** What {@link checkHistory} found. */
export type HistoryVerdict =
  | { readonly ok: true; /** How many calls were looked at. */ readonly calls: number }
  | {
      readonly ok: false;
      readonly key: string;
      /** Calls that cannot all be true, as few as were found, by their begin. */
      readonly part: readonly HistoryEntry[];
      /** The same as text, a line for each call. */
      readonly explanation: string;
    };

/**
 * Tells whether a recorded history is linearizable: whether every call can have happened at one instant between its
 * begin and its end, in an order that explains every answer.
 *
 * A store that passes lets no two writers win, shows every completed write to every later read, and never says "not
 * written" of a write that happened. A write names its predecessor, so the time of the check grows little faster than
 * the history. A refusal during another write is always allowed, because the contract allows it. A write that was asked
 * for before its predecessor expired may take effect afterwards: a store reads its clock first and its engine later.
 *
 * @param history - calls of any number of processes, for instance from `recordHistory`; of two entries with one `id` the
 *   later one counts
 * @param rules - `lateMs`: how late a store may forget an expired record
 * @returns `ok: true`, or the first key whose history has no such order, with a short part of it that has none either
 * @throws CountersignError `ERR_INVALID_ARGUMENT` for entries that are not as described, and for a history with so many
 *   writes of unknown fate that no verdict is found; `ERR_UNKNOWN_OPTION`, `ERR_OUT_OF_RANGE`
 * @example
 * ```ts
 * import { checkHistory, type HistoryEntry } from 'countersign/testing';
 *
 * const write = { type: 'write', key: 'k', expected: null, value: 'a', expiresAt: null, outcome: 'written' } as const;
 * const history: HistoryEntry[] = [
 *   { ...write, id: '1', process: 'a', begin: 0, end: 2, etag: 'w1' },
 *   { ...write, id: '2', process: 'b', begin: 1, end: 3, etag: 'w2' },
 * ];
 * // Both created the record.
 * console.log(checkHistory(history).ok); // false
 * ```
 */
export function checkHistory(history: Iterable<HistoryEntry>, rules: HistoryRules = {}): HistoryVerdict {
  const { lateMs = Infinity } = readOptions('rules', rules, ['lateMs']);
  if (lateMs !== Infinity) assertInteger('rules.lateMs', lateMs, 0, Number.MAX_SAFE_INTEGER);
  const entries = [...readEntries(history).values()];
  const excused = excusedRefusals(entries);
  for (const [key, calls] of byKey(entries)) {
    const limits = { steps: MAX_STEPS, lateMs };
    const isSound = (part: readonly HistoryEntry[]): boolean | undefined =>
      part.every(answersTrueOrFalse) && isLinearizable(keyHistory(part, excused), limits);
    const verdict = isSound(calls);
    if (verdict === undefined) failValue('history', 'one with fewer writes of unknown fate on one key');
    if (verdict) continue;
    const part = shortened(calls, (some) => isSound(some) === false);
    return { ok: false, key, part, explanation: part.map(lineOf).join('\n') };
  }
  return { ok: true, calls: entries.length };
}

const MAX_STEPS: SearchLimits['steps'] = 1_000_000;
/** With more calls than this, the search for a shorter part stops after its first, coarse steps. */
const MAX_TRIALS = 2000;

function readEntries(history: Iterable<HistoryEntry>): Map<string, HistoryEntry> {
  if (typeof (history as Partial<Iterable<HistoryEntry>> | null)?.[Symbol.iterator] !== 'function')
    failType('history', 'a list of entries', history);
  const entries = new Map<string, HistoryEntry>();
  for (const entry of history) {
    assertEntry(entry);
    const first = entries.get(entry.id);
    if (first !== undefined && !isSameCall(first, entry))
      failValue(
        'history',
        `one whose ids name one call each: give each recorder its own process; see ${entry.id}`,
      );
    entries.set(entry.id, entry);
  }
  return entries;
}

function assertEntry(entry: unknown): asserts entry is HistoryEntry {
  const call = Object(entry) as Partial<Record<string, unknown>>;
  const { type, id, key, begin, end } = call;
  const isCall = typeof id === 'string' && typeof key === 'string';
  const isTimed = isInstant(begin) && (end === null || (isInstant(end) && end >= begin));
  const isKnown = type === 'read' ? end !== null : type === 'write' && isWrite(call);
  if (!isCall || !isTimed || !isKnown) failType('history', 'a list of entries of recordHistory', entry);
}

function isWrite({ outcome, expected, etag, value, expiresAt }: Partial<Record<string, unknown>>): boolean {
  const isOutcome = ['written', 'refused', 'unknown', 'neither'].some((known) => known === outcome);
  return isOutcome && [expected, etag, value].every(isText) && (expiresAt === null || isInstant(expiresAt));
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A write is entered when it is made and again when it is answered. */
function isSameCall(one: HistoryEntry, other: HistoryEntry): boolean {
  const names = ['type', 'process', 'key', 'begin'] as const;
  return names.every((name) => one[name] === other[name]) && (one.type === 'read' || one.etag === other.etag);
}

function byKey(entries: readonly HistoryEntry[]): Map<string, HistoryEntry[]> {
  const keys = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const calls = keys.get(entry.key) ?? [];
    keys.set(entry.key, calls);
    calls.push(entry);
  }
  return keys;
}

function answersTrueOrFalse(entry: HistoryEntry): boolean {
  return entry.type === 'read' || entry.outcome !== 'neither';
}

/** The refusals during which another write was under way, on whatever key: a lock or a deadlock may have been the cause. */
function excusedRefusals(entries: readonly HistoryEntry[]): ReadonlySet<string> {
  const writes = entries.filter((entry) => entry.type === 'write').sort((a, b) => a.begin - b.begin);
  const latest: HistoryWrite[] = [];
  const excused = new Set<string>();
  // The two that end last among those begun before each: one of them may be the refusal itself.
  const enough = writes.map((write) => {
    latest.push(write);
    latest.sort((a, b) => endOf(b) - endOf(a)).splice(2);
    return [...latest];
  });
  let index = 0;
  for (const refusal of writes.filter(isRefused).sort((a, b) => endOf(a) - endOf(b))) {
    while (index < writes.length && (writes[index]?.begin ?? Infinity) <= endOf(refusal)) index++;
    const others = enough[index - 1]?.filter(({ id }) => id !== refusal.id) ?? [];
    if (others.some((other) => endOf(other) >= refusal.begin)) excused.add(refusal.id);
  }
  return excused;
}

function isRefused(write: HistoryWrite): boolean {
  return write.outcome === 'refused';
}

function endOf({ end }: HistoryEntry): number {
  return end ?? Infinity;
}

function keyHistory(entries: readonly HistoryEntry[], excused: ReadonlySet<string>): KeyHistory {
  const possible: HistoryWrite[] = [];
  const certain: Certain[] = [];
  for (const entry of entries) {
    const { end } = entry;
    if (entry.type === 'read') certain.push(entry);
    else if (end === null || entry.outcome === 'unknown') possible.push(entry);
    else if (entry.outcome === 'written') certain.push({ ...entry, end });
    else certain.push({ ...entry, end, isExcused: excused.has(entry.id) } satisfies Refusal);
  }
  certain.sort((a, b) => a.begin - b.begin);
  return { certain, possible };
}

/**
 * Leaves out what is not needed for the contradiction. A write that happened cannot be left out alone, since others build
 * on it: it counts as one of unknown fate, and goes once nothing that is left names its etag.
 */
function shortened(
  calls: readonly HistoryEntry[],
  isBroken: (part: readonly HistoryEntry[]) => boolean,
): readonly HistoryEntry[] {
  let certain = [...calls].sort((a, b) => endOf(a) - endOf(b));
  const weakened = (kept: readonly HistoryEntry[]): HistoryEntry[] => {
    const ids = new Set(kept.map(({ id }) => id));
    return calls.flatMap((call) => (ids.has(call.id) ? [call] : weaker(call)));
  };
  let trials = 0;
  for (let size = Math.ceil(certain.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = certain.length; start > 0 && trials < MAX_TRIALS; start -= size, trials++) {
      const kept = certain.filter((_, index) => index < start - size || index >= start);
      if (isBroken(weakened(kept))) certain = kept;
    }
  }
  return withOrigins(certain, calls).sort((a, b) => a.begin - b.begin);
}

function weaker(call: HistoryEntry): HistoryEntry[] {
  return call.type === 'write' && call.outcome !== 'refused' ? [{ ...call, outcome: 'unknown' }] : [];
}

/** The calls, and the writes that made the etags that they name. */
function withOrigins(part: readonly HistoryEntry[], calls: readonly HistoryEntry[]): HistoryEntry[] {
  const named = new Set(part.flatMap((call) => (call.type === 'read' ? [call.etag] : [call.expected])));
  return calls.filter(
    (call) => part.includes(call) || (call.type === 'write' && call.etag !== null && named.has(call.etag)),
  );
}

function lineOf(call: HistoryEntry): string {
  const when = `${call.process} [${call.begin}, ${call.end ?? '…'}]`;
  if (call.type === 'read') return `${when} read ${call.etag ?? 'nothing'}`;
  return `${when} ${call.etag ?? 'nothing'} in place of ${call.expected ?? 'nothing'}: ${call.outcome}`;
}
