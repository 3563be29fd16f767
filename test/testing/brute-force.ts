import type { HistoryEntry, HistoryWrite } from '../../src/testing/record-history.js';

interface Held {
  readonly etag: string | null;
  readonly expiresAt: number;
  /** What was held until it expired. */
  readonly former?: Held;
}

const nothing: Held = { etag: null, expiresAt: Infinity };

/**
 * Tells by trying every order whether a history of one key is linearizable. It shares no code and no idea with the
 * package's checker, and takes factorial time.
 */
export function isExplainable(history: readonly HistoryEntry[], held: Held = nothing): boolean {
  const certain = history.filter((call) => call.type === 'read' || call.outcome !== 'unknown');
  if (certain.length === 0) return true;
  const mayBeNext = (instant: number): boolean => certain.every((call) => (call.end ?? Infinity) >= instant);
  if (
    held.expiresAt < Infinity &&
    mayBeNext(held.expiresAt) &&
    isExplainable(history, { ...nothing, former: held })
  )
    return true;
  return history.some((call) => {
    if (!mayBeNext(call.begin)) return false;
    const rest = history.filter((other) => other !== call);
    return outcomes(call, held).some((next) => isExplainable(rest, next));
  });
}

/** The states in which a call can leave the record; none if its answer cannot be true. */
function outcomes(call: HistoryEntry, held: Held): Held[] {
  if (call.type === 'read') return call.etag === held.etag ? [held] : [];
  const { former } = held;
  const wasInTime = call.expected === former?.etag && call.begin <= former.expiresAt;
  const isRight = call.expected === held.etag;
  if (call.outcome === 'refused') return !isRight || metAnother(call) ? [held] : [];
  return isRight || wasInTime ? [{ etag: call.etag, expiresAt: call.expiresAt ?? Infinity }] : [];
}

/** Which refusals overlapped another write is marked before the search, since the search takes calls away. */
function metAnother(refusal: HistoryWrite): boolean {
  return refusal.value === 'met another write';
}
