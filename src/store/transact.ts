import { ownOnly } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import { randomText } from '../internal/random.js';
import { type Envelope, formatEnvelope, MAX_LINEAGE, parseEnvelope, type RecordKind } from './record.js';
import { safeCause } from './client.js';
import type { NextRecord, Store, StoredRecord } from './store.js';

/** What a transition decides: the next state, and what the caller is told once that is written. */
export interface Step<State, Outcome> {
  /** The same object as before if nothing changes; then nothing is written. */
  readonly state: State;
  readonly outcome: Outcome;
}

/** What a transition answers when it cannot decide before some asynchronous work is done. */
export interface Needs<Work> {
  readonly needs: Work;
}

/** Tells whether a transition asks for work. By its own property: `in` would find one on a polluted `Object.prototype`. */
export function asksForWork<Work>(decision: object | Needs<Work>): decision is Needs<Work> {
  return Object.hasOwn(decision, 'needs');
}

/**
 * A pure decision over one record: no I/O, no randomness, and no clock but `now` (ms), because it runs again each time
 * that another writer was faster. `known` holds the results of the work that it asked for.
 */
export type Transition<State, Outcome, Work = never, Known = undefined> = (
  state: State,
  now: number,
  known: Known,
) => Step<State, Outcome> | Needs<Work>;

/** Does the work that a transition asks for, such as decrypting a secret or rendering a mail. */
export interface Worker<Work, Known> {
  /** What is known before any work is done. */
  readonly known: Known;
  /** Does one piece of work, and returns everything that is known then. */
  readonly perform: (work: Work, known: Known) => Promise<Known>;
}

/** One record of a store, and the clock and the timer of the calls on it. */
export interface RecordAccess {
  readonly store: Store;
  /** From `recordKey`. */
  readonly key: string;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** Waits so many ms; a timer by default. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** From 0 to 1; `Math.random` by default. It spreads retries in time and guards nothing. */
  readonly random?: () => number;
}

/** Where and with what {@link transact} works. */
export interface Transaction<State> extends RecordAccess {
  readonly kind: RecordKind<State>;
  /** Treats whatever is stored as no record, so that a damaged one can be replaced; false by default. */
  readonly ignoresRecord?: boolean;
}

/**
 * The one place where state changes: reads a record, runs the transition, writes the next state if nothing else wrote
 * in between, and only then returns the outcome. A conflict starts it again from the read.
 *
 * A write that rejected may have happened, may happen later, or never. A client that repeats unanswered commands when a
 * connection breaks may even report "not written" for a write that happened. Therefore every write, including the
 * removal of a record, has a new random etag, and a record names the writes before its own: a call that finds its etag
 * there knows that its write happened, even if another writer has written since. A removal is a tombstone for the same
 * reason: of two racing removals with lost answers, absence would tell both that they succeeded, and a code would be
 * accepted twice. A tombstone stays for an hour, and at least as long as the record would have: a lost request to
 * create the record, should it land late, finds the place taken.
 *
 * @param transaction - the store, the record and the clock
 * @param transition - the decision; it may ask for work with `{ needs }`
 * @param worker - does that work; needed only by transitions that ask
 * @returns the outcome of the transition whose write has happened, or that wrote nothing
 * @throws {@link CountersignError} `ERR_STORE_CONTENTION` after 64 conflicts or 10 s of them; `ERR_STORE_FAILED` (with
 *   `cause`) if the store failed or the fate of a write is unknown. An outcome is never returned in doubt.
 */
export async function transact<State, Outcome, Work = never, Known = undefined>(
  transaction: Transaction<State>,
  transition: Transition<State, Outcome, Work, Known>,
  worker?: Worker<Work, Known>,
): Promise<Outcome> {
  const { kind, now } = transaction;
  const decide = decider(transaction, transition, worker);
  let deadline = now() + DEADLINE_MS;
  let last: { readonly etag: string; readonly outcome: Outcome } | undefined;
  for (let conflicts = 0; ; conflicts++) {
    if (conflicts > 0) await backOff(transaction, conflicts);
    const current = await readCurrent(transaction);
    // Before giving up, too: the last write may be the one that was sent twice.
    if (last !== undefined && isInLineage(current, last.etag)) return last.outcome;
    if (conflicts === MAX_CONFLICTS || (conflicts > 0 && now() > deadline)) failContention();
    const { step, before, time, workedMs } = await decide(current);
    deadline += workedMs;
    if (step.state === before) return step.outcome;
    const write = { next: nextRecord(kind, step.state, current, time), expected: current?.etag ?? null };
    if (await writeOrRepair(transaction, write)) return step.outcome;
    last = { etag: write.next.etag, outcome: step.outcome };
  }
}

const MAX_CONFLICTS = 64;
const MAX_REPAIRS = 4;
/** A transition needs one or two rounds; more means that its work does not settle. */
const MAX_ROUNDS = 16;
const DEADLINE_MS = 10_000;
const TOMBSTONE_MS = 3_600_000;
/** Random, since a counter would come round again after a deletion or a restored backup. */
const ETAG_LENGTH = 24;

interface Current extends Envelope {
  readonly etag: string;
}

interface Write {
  readonly next: NextRecord;
  readonly expected: string | null;
}

interface Decision<State, Outcome> {
  readonly step: Step<State, Outcome>;
  readonly before: State;
  readonly time: number;
  readonly workedMs: number;
}

/** Runs the transition on one read until it needs no more work. What is known stays known after a conflict. */
function decider<State, Outcome, Work, Known>(
  { kind, now }: Transaction<State>,
  transition: Transition<State, Outcome, Work, Known>,
  worker: Worker<Work, Known> | undefined,
): (current: Current | undefined) => Promise<Decision<State, Outcome>> {
  // A transition that asks for no work gets no worker, and looks at nothing that is known.
  let known = worker?.known as Known;
  return async (current) => {
    const begun = now();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const time = now();
      const value = liveValue(current, time);
      const before = value === undefined ? kind.empty : kind.parse(value);
      const decision = transition(before, time, known);
      if (!asksForWork(decision)) return { step: decision, before, time, workedMs: time - begun };
      if (worker === undefined) break;
      known = await worker.perform(decision.needs, known);
    }
    throw new CountersignError('ERR_STORE_CONTENTION', 'a decision asked for work again and again');
  };
}

async function readCurrent(
  access: RecordAccess & { readonly ignoresRecord?: boolean },
): Promise<Current | undefined> {
  const { store, key, ignoresRecord = false } = ownOnly(access);
  let record: StoredRecord | undefined;
  try {
    record = await store.read(key);
  } catch (error) {
    failStore('could not be read', error);
  }
  return parseCurrent(record, ignoresRecord);
}

function parseCurrent(record: StoredRecord | undefined, ignoresRecord: boolean): Current | undefined {
  if (record === undefined) return undefined;
  const { value, etag } = Object(record) as Partial<StoredRecord>;
  if (typeof value !== 'string' || typeof etag !== 'string') {
    throw new CountersignError('ERR_STORE_FAILED', 'the store returned neither a record nor undefined');
  }
  return { etag, ...(ignoresRecord ? readAnyEnvelope(value) : parseEnvelope(value)) };
}

/** What is damaged counts as a record without a value. */
function readAnyEnvelope(text: string): Envelope {
  try {
    return { ...parseEnvelope(text), value: undefined };
  } catch {
    return { value: undefined, expiresAt: null, lineage: [] };
  }
}

/** Tells whether a write is the current one or one of the newest before it. */
function isInLineage(current: Current | undefined, etag: string): boolean {
  return current !== undefined && (current.etag === etag || current.lineage.includes(etag));
}

function liveValue(current: Current | undefined, time: number): string | undefined {
  const expiry = current?.expiresAt?.getTime() ?? Infinity;
  return expiry > time ? current?.value : undefined;
}

/** A state in which nothing matters any more becomes a tombstone. */
function nextRecord<State>(
  kind: RecordKind<State>,
  state: State,
  current: Current | undefined,
  time: number,
): NextRecord {
  const expiry = kind.expiresAt(state, time);
  const expiresAt =
    expiry > time ? (expiry === Infinity ? null : new Date(expiry)) : tombstoneExpiry(current, time);
  const value = expiry > time ? kind.format(state) : undefined;
  const lineage = current === undefined ? [] : [current.etag, ...current.lineage].slice(0, MAX_LINEAGE);
  return { value: formatEnvelope({ value, expiresAt, lineage }), etag: randomText(ETAG_LENGTH), expiresAt };
}

function tombstoneExpiry(current: Current | undefined, time: number): Date {
  return new Date(Math.max(current?.expiresAt?.getTime() ?? 0, time + TOMBSTONE_MS));
}

async function writeOrRepair(transaction: RecordAccess, write: Write): Promise<boolean> {
  const { store, key } = transaction;
  try {
    return assertAnswer(await store.write(key, write.next, write.expected));
  } catch (error) {
    return repair(transaction, write, error);
  }
}

/**
 * Settles a write that rejected. Trying again is safe while the record is the one that the guard expects: the first
 * request, should it land late, meets the same guard, and at most one of the two gets through; both carry one etag.
 */
async function repair(transaction: RecordAccess, write: Write, cause: unknown): Promise<boolean> {
  for (let attempt = 1; attempt <= MAX_REPAIRS; attempt++) {
    await backOff(transaction, attempt);
    const fate = await repairOnce(transaction, write).catch(() => 'unknown' as const);
    if (fate === 'written') return true;
    if (fate === 'not written') return false;
    // Too much was written since for the record to tell: a guess could accept a code twice.
    if (fate === 'lost') break;
  }
  return failStore('did not confirm a write', cause);
}

type Fate = 'written' | 'not written' | 'lost' | 'unknown';

async function repairOnce(access: RecordAccess, { next, expected }: Write): Promise<Fate> {
  const current = parseCurrent(await access.store.read(access.key), true);
  if (isInLineage(current, next.etag)) return 'written';
  if ((current?.etag ?? null) === expected) {
    return assertAnswer(await access.store.write(access.key, next, expected)) ? 'written' : 'unknown';
  }
  return isOvertaken(current, expected) ? 'not written' : 'lost';
}

/** Tells whether another write took the place that this one was for: then it has not happened, and never will. */
function isOvertaken(current: Current | undefined, expected: string | null): boolean {
  if (current === undefined) return false;
  return expected === null ? current.lineage.length < MAX_LINEAGE : current.lineage.includes(expected);
}

/** An adapter that forgets to answer must look neither like a conflict nor like a success. */
function assertAnswer(written: unknown): boolean {
  if (typeof written === 'boolean') return written;
  throw new CountersignError('ERR_STORE_FAILED', 'the store answered neither true nor false');
}

/** Full jitter: writers that collided once must not collide again in step. */
async function backOff(access: RecordAccess, attempt: number): Promise<void> {
  const { sleep = timer, random = Math.random } = ownOnly(access);
  await sleep(random() * Math.min(100, 2 ** attempt));
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function failContention(): never {
  const message =
    'too many writers changed one record at once: this call changed nothing and may be tried again';
  throw new CountersignError('ERR_STORE_CONTENTION', message);
}

function failStore(what: string, cause: unknown): never {
  throw new CountersignError('ERR_STORE_FAILED', `the store ${what}`, { cause: safeCause(cause) });
}
