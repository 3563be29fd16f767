import { CountersignError } from '../internal/errors.js';
import { randomText } from '../internal/random.js';
import { formatEnvelope, parseEnvelope } from './envelope.js';
import type { NextRecord, Store, StoredRecord } from './store.js';

/** Says that a transition leaves the record as it is. */
export const unchanged: unique symbol = Symbol('unchanged');

/** What a transition decides: what the record becomes, and what the caller is told once that is written. */
export interface Step<T> {
  /** The record's next state; null: no record; {@link unchanged}: nothing is written. */
  next: { value: string; expiresAt: Date | null } | null | typeof unchanged;
  outcome: T;
}

/**
 * A pure decision over one record: no I/O, no randomness, and no clock but `now` (ms), because it runs again whenever
 * somebody else wrote first. `value` is undefined where there is no record, or an expired one.
 */
export type Transition<T> = (value: string | undefined, now: number) => Step<T>;

/** Where and with what {@link transact} works. */
export interface Transaction {
  store: Store;
  /** From `recordKey`. */
  key: string;
  /** The clock, in ms since 1970. */
  now: () => number;
  /** Waits, in ms. Default: a timer. */
  sleep?: (ms: number) => Promise<void>;
  /** From 0 to 1. Default: `Math.random`; it spreads retries in time and guards nothing. */
  random?: () => number;
}

const maxConflicts = 64;
const maxRepairs = 4;
const deadlineMs = 10_000;
const tombstoneMs = 3_600_000;
/** Random, since a counter would come round again after a deletion or a restored backup. */
const ETAG_LENGTH = 24;

/**
 * The one place where state changes: reads a record, runs the transition, writes the next state if nobody else wrote
 * in between, and only then lets the outcome leave. A conflict starts it again from the read.
 *
 * A write that rejected may have happened, may happen later, or never. Therefore every write, also the removal of a
 * record, is a record with a new random etag: whoever finds his own etag knows that his write is the one that
 * counted. A removal is a tombstone for the same reason: of two racing removals with lost answers, absence would tell
 * both "it was me", and a code would be accepted twice. A tombstone stays for an hour, and at least as long as the
 * record would have: a lost request to create the record, should it land late, finds the place taken.
 *
 * @returns the outcome of the transition whose write has happened (or that wrote nothing)
 * @throws CountersignError `ERR_STORE_CONTENTION` after 64 conflicts or 10 s of them; `ERR_STORE_FAILED` (with
 *   `cause`) if the store failed or the fate of a write is unknown. An outcome is never returned in doubt.
 */
export async function transact<T>(transaction: Transaction, transition: Transition<T>): Promise<T> {
  const { store, key, now } = transaction;
  const deadline = now() + deadlineMs;
  for (let conflicts = 0; conflicts < maxConflicts && now() <= deadline; conflicts++) {
    // The store is awaited here and not in functions of their own: an act's promises cost more than its decision.
    let current: Current | undefined;
    try {
      current = parseRecord(await store.read(key));
    } catch (error) {
      failStore('could not be read', error);
    }
    const time = now();
    const step = transition(liveValue(current, time), time);
    if (step.next === unchanged) return step.outcome;
    const write = { next: nextRecord(step.next, current, time), expected: current?.etag ?? null };
    let isWritten: boolean;
    try {
      isWritten = assertAnswer(await store.write(key, write.next, write.expected));
    } catch (error) {
      isWritten = await repair(transaction, write, error);
    }
    if (isWritten) return step.outcome;
    await backOff(transaction, conflicts + 1);
  }
  throw new CountersignError(
    'ERR_STORE_CONTENTION',
    'too many writers at one record: none of this call was applied',
  );
}

interface Current {
  etag: string;
  value: string | undefined;
  expiresAt: Date | null;
}

interface Write {
  next: NextRecord;
  expected: string | null;
}

function parseRecord(record: StoredRecord | undefined): Current | undefined {
  if (!record) return undefined;
  const { value, expiresAt } = parseEnvelope(record.value);
  return { etag: record.etag, value, expiresAt };
}

function liveValue(current: Current | undefined, time: number): string | undefined {
  const expiry = current?.expiresAt?.getTime() ?? Infinity;
  return expiry > time ? current?.value : undefined;
}

function nextRecord(
  next: { value: string; expiresAt: Date | null } | null,
  current: Current | undefined,
  time: number,
): NextRecord {
  const envelope = next ?? { value: undefined, expiresAt: tombstoneExpiry(current, time) };
  return { value: formatEnvelope(envelope), etag: randomText(ETAG_LENGTH), expiresAt: envelope.expiresAt };
}

function tombstoneExpiry(current: Current | undefined, time: number): Date {
  return new Date(Math.max(current?.expiresAt?.getTime() ?? 0, time + tombstoneMs));
}

/**
 * Settles a write that rejected. Trying again is safe while the record is the one that the guard expects: the first
 * request, should it land late, meets the same guard, and at most one of the two gets through; both carry one etag.
 */
async function repair(transaction: Transaction, write: Write, cause: unknown): Promise<boolean> {
  for (let attempt = 1; attempt <= maxRepairs; attempt++) {
    await backOff(transaction, attempt);
    const fate = await repairOnce(transaction, write).catch(() => 'unknown' as const);
    if (fate === 'written') return true;
    // Somebody wrote over the expected record, or over ours: whoever guesses may spend a code twice.
    if (fate === 'overtaken') break;
  }
  return failStore('did not confirm a write', cause);
}

async function repairOnce(
  { store, key }: Transaction,
  { next, expected }: Write,
): Promise<'written' | 'overtaken' | 'unknown'> {
  const etag = (await store.read(key))?.etag ?? null;
  if (etag === next.etag) return 'written';
  if (etag !== expected) return 'overtaken';
  return assertAnswer(await store.write(key, next, expected)) ? 'written' : 'unknown';
}

/** An adapter that forgets to answer must not look like a conflict, nor like a success. */
function assertAnswer(written: unknown): boolean {
  if (typeof written === 'boolean') return written;
  throw new CountersignError('ERR_STORE_FAILED', 'the store answered neither true nor false');
}

/** Full jitter: rivals that collided once must not collide again in step. */
async function backOff({ sleep = timer, random = Math.random }: Transaction, attempt: number): Promise<void> {
  await sleep(random() * Math.min(100, 2 ** attempt));
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function failStore(what: string, cause: unknown): never {
  throw new CountersignError('ERR_STORE_FAILED', `the store ${what}`, { cause });
}
