import type { HistoryEntry, HistoryWrite } from '../../src/testing/record-history.js';

type Random = () => number;

/** A small history of one key, as a store would answer that does as it should; one call in it may then be changed. */
export function smallHistory(random: Random): HistoryEntry[] {
  const count = 2 + Math.floor(random() * 5);
  const calls = Array.from({ length: count }, (_, index) => plan(index, random)).sort(
    (a, b) => a.point - b.point,
  );
  let held: { etag: string | null; expiresAt: number } = { etag: null, expiresAt: Infinity };
  const history = calls.map(({ begin, end, point, isRead }, index): HistoryEntry => {
    if (held.expiresAt <= point) held = { etag: null, expiresAt: Infinity };
    const call = { id: String(index), process: String(index % 3), key: 'key', begin, value: null };
    if (isRead) return { ...call, type: 'read', end, etag: held.etag };
    const write = planWrite(held.etag, random, point);
    const happens = write.expected === held.etag;
    const isKnown = random() < 0.75;
    if (happens && (isKnown || random() < 0.5))
      held = { etag: write.etag, expiresAt: write.expiresAt ?? Infinity };
    const outcome = isKnown ? (happens ? 'written' : 'refused') : 'unknown';
    return { ...call, ...write, type: 'write', end: isKnown || random() < 0.5 ? end : null, outcome };
  });
  return marked(random() < 0.5 ? history : changed(history, random));
}

const etags = ['a', 'b', 'c', 'd', 'e'];

function plan(index: number, random: Random): { begin: number; end: number; point: number; isRead: boolean } {
  const begin = Math.floor(random() * 12);
  const end = begin + Math.floor(random() * 8);
  return { begin, end, point: begin + random() * (end - begin) + index / 1000, isRead: random() < 0.4 };
}

function planWrite(
  held: string | null,
  random: Random,
  point: number,
): Pick<HistoryWrite, 'expected' | 'etag' | 'expiresAt'> {
  const expected = random() < 0.7 ? held : pick([null, ...etags], random);
  const etag = expected !== null && random() < 0.2 ? null : pick(etags, random);
  return {
    expected,
    etag,
    expiresAt: etag !== null && random() < 0.2 ? Math.ceil(point + random() * 6) : null,
  };
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** One call answers something else, or at another time. */
function changed(history: readonly HistoryEntry[], random: Random): HistoryEntry[] {
  const victim = pick(history, random);
  return history.map((call) => {
    if (call !== victim) return call;
    if (random() < 0.3 && call.end !== null) return { ...call, begin: call.begin + 6, end: call.end + 6 };
    if (call.type === 'read') return { ...call, etag: pick([null, ...etags], random) };
    if (call.outcome === 'unknown' || call.end === null) return call;
    return { ...call, outcome: call.outcome === 'written' ? 'refused' : 'written' };
  });
}

/** Marks the refusals that overlapped another write, for the checker that takes calls away. */
function marked(history: readonly HistoryEntry[]): HistoryEntry[] {
  const writes = history.filter((call) => call.type === 'write');
  return history.map((call) => {
    if (call.type === 'read' || call.outcome !== 'refused') return call;
    const overlaps = (other: HistoryWrite): boolean =>
      other !== call && other.begin <= (call.end ?? Infinity) && (other.end ?? Infinity) >= call.begin;
    return writes.some(overlaps) ? { ...call, value: 'met another write' } : call;
  });
}
