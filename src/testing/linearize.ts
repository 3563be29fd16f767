import type { HistoryEntry, HistoryRead, HistoryWrite } from './record-history.js';

/** A refusal that is `isExcused` met another writer, and says nothing of the record. */
export interface Refusal extends HistoryWrite {
  readonly isExcused: boolean;
}

/** The calls of one key, sorted into what must have happened and what may have. */
export interface KeyHistory {
  /** Calls that took effect between their begin and their end, by their begin. */
  readonly certain: readonly Certain[];
  /** Writes that took effect at any time after their begin, or never. */
  readonly possible: readonly HistoryWrite[];
}

/** A call whose outcome is known. */
export type Certain = (HistoryRead | HistoryWrite | Refusal) & { readonly end: number };

/** How many steps a search may take, and how late a store may forget an expired record. */
export interface SearchLimits {
  readonly steps: number;
  readonly lateMs: number;
}

/** A point of the search: what the record is, and which calls have found their place. */
interface Point {
  readonly state: State;
  /** The calls that may come next: begun before every other call of this list has ended. */
  open: Certain[];
  /** The index of the first certain call that is neither placed nor open. */
  next: number;
  readonly used: ReadonlySet<string>;
}

interface State {
  readonly etag: string | null;
  readonly value: string | null;
  readonly expiresAt: number;
  /** The record that expired, if there is none since: a store reads its clock before it asks its engine. */
  readonly expired: { readonly etag: string | null; readonly at: number } | null;
}

const absent: State = { etag: null, value: null, expiresAt: Infinity, expired: null };

/**
 * Tells whether there is an order of the calls that keeps to their instants and explains every answer.
 *
 * Reads and refusals change nothing, so each can take its place as soon as the record is as it says. What is left is to
 * choose the next write, and a write names the one before it: there is rarely a second candidate.
 *
 * @returns undefined if the search took more steps than it may
 */
export function isLinearizable(history: KeyHistory, limits: SearchLimits): boolean | undefined {
  const seen = new Set<string>();
  const points: Point[] = [{ state: absent, open: [], next: 0, used: new Set() }];
  for (let step = 0; points.length > 0; step++) {
    if (step === limits.steps) return undefined;
    const point = points.pop();
    if (point === undefined) break;
    settle(point, history, limits.lateMs);
    if (point.open.length === 0) return true;
    const followers = successors(point, history, limits.lateMs);
    const isNew = followers.length < 2 || remember(seen, nameOf(point));
    if (isNew) points.push(...followers);
  }
  return false;
}

/** Places every read and refusal that the state explains, until none is left that could come next. */
function settle(point: Point, { certain }: KeyHistory, lateMs: number): void {
  for (let placed = -1; placed !== point.next - point.open.length;) {
    placed = point.next - point.open.length;
    admit(point, certain);
    point.open = point.open.filter((call) => !isExplained(call, point.state, lateMs));
  }
}

function admit(point: Point, certain: readonly Certain[]): void {
  let end = firstEnd(point.open);
  for (let call = certain[point.next]; call !== undefined && call.begin <= end; call = certain[point.next]) {
    point.open.push(call);
    point.next++;
    end = Math.min(end, call.end);
  }
}

function firstEnd(open: readonly Certain[]): number {
  return open.reduce((end, call) => Math.min(end, call.end), Infinity);
}

function isExplained(call: Certain, state: State, lateMs: number): boolean {
  if (call.type === 'write' && call.outcome === 'written') return false;
  if ('isExcused' in call && call.isExcused) return true;
  if (isOverdue(call, state, lateMs)) return false;
  if (call.type === 'read') return call.etag === state.etag && call.value === state.value;
  return call.expected !== state.etag;
}

/** Tells whether a call began when the store must have forgotten the record. */
function isOverdue({ begin }: HistoryEntry, { expiresAt }: State, lateMs: number): boolean {
  return begin > expiresAt + lateMs;
}

/** What may come next, the most likely last. */
function successors(point: Point, { possible }: KeyHistory, lateMs: number): Point[] {
  const { state, open, next, used } = point;
  const end = firstEnd(open);
  const points: Point[] = [];
  for (const write of possible) {
    const isNext = follows(write, state) && write.begin <= end && !used.has(write.id);
    if (isNext && !isOverdue(write, state, lateMs))
      points.push({ state: after(write), open: [...open], next, used: new Set([...used, write.id]) });
  }
  if (state.expiresAt <= end) points.push({ state: expire(state), open: [...open], next, used });
  for (const call of open) {
    const isNext = call.type === 'write' && call.outcome === 'written' && follows(call, state);
    if (!isNext || isOverdue(call, state, lateMs)) continue;
    points.push({ state: after(call), open: open.filter((other) => other !== call), next, used });
  }
  return points;
}

/** Tells whether a write can replace what there is, or what had not expired when the write was asked for. */
function follows({ expected, begin }: HistoryWrite, { etag, expired }: State): boolean {
  return expected === etag || (expired !== null && expected === expired.etag && begin <= expired.at);
}

function expire({ etag, expiresAt }: State): State {
  return { ...absent, expired: { etag, at: expiresAt } };
}

function after({ etag, value, expiresAt }: HistoryWrite): State {
  return etag === null ? absent : { etag, value, expiresAt: expiresAt ?? Infinity, expired: null };
}

function nameOf({ state, open, next, used }: Point): string {
  return JSON.stringify([state.etag, state.expired, next, open.map(({ id }) => id), [...used].sort()]);
}

function remember(seen: Set<string>, name: string): boolean {
  const isNew = !seen.has(name);
  seen.add(name);
  return isNew;
}
