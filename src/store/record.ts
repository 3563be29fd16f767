/** What a record is: its key, the envelope around its text, and the reading of that text. */
import { digestTexts, toHex } from '../internal/bytes.js';
import { CountersignError } from '../internal/errors.js';

/** How one kind of record keeps a state. Instants are in ms. */
export interface RecordKind<State> {
  /** The state of an account without a record. */
  readonly empty: State;
  /** Reads the text of a record; throws `ERR_RECORD_UNREADABLE` for a text that is not one. */
  readonly parse: (text: string) => State;
  readonly format: (state: State) => string;
  /** When nothing in a state matters any more: `Infinity` for never, an instant that has passed for now. */
  readonly expiresAt: (state: State, now: number) => number;
}

/**
 * The key of a record: a readable kind, and a digest of what the record belongs to.
 *
 * Hashing keeps user ids apart whatever they contain and wherever they are stored: `('a', 'b:c')` and `('a:b', 'c')`
 * do not meet at a separator, `Ann` and `ann` do not meet in a column that folds case, and every key has one length.
 *
 * @param kind - what kind of record it is: a constant of 1 to 32 characters of `a-z 0-9 -`
 * @param parts - what it belongs to, in order; any strings
 * @returns `kind:` and 64 lower-case hexadecimal digits
 */
export function recordKey(kind: string, ...parts: string[]): string {
  return `${kind}:${toHex(digestTexts(parts))}`;
}

/** What a stored value says: `value` is undefined for a tombstone. */
export interface Envelope {
  readonly value: string | undefined;
  readonly expiresAt: Date | null;
  /** The etags of the writes before this one, the newest first: so a write that was overwritten is still recognised. */
  readonly lineage: readonly string[];
}

/** How many earlier writes a record names. */
export const MAX_LINEAGE = 8;

/**
 * Formats the text that goes into a store: the value, with its expiry and its lineage in front.
 *
 * The expiry travels inside the value because a store may judge it late (a TTL monitor, another clock, a restored
 * backup), and a late yes is a replay.
 */
export function formatEnvelope({ value, expiresAt, lineage }: Envelope): string {
  const expiry = expiresAt === null ? '-' : String(expiresAt.getTime());
  const head = `${expiry} ${lineage.length === 0 ? '-' : lineage.join(',')}`;
  return value === undefined ? `gone ${head} ` : `live ${head} ${value}`;
}

/** Reads {@link formatEnvelope}'s text back; throws `ERR_STORE_FAILED` if it is anything else. */
export function parseEnvelope(text: string): Envelope {
  const match = /^(live|gone) (-|\d{1,16}) (-|[\w-]+(?:,[\w-]+)*) ([^]*)$/.exec(text);
  const [, state, expiry = '-', lineage = '-', value] = match ?? [];
  const expiresAt = expiry === '-' ? null : new Date(Number(expiry));
  if (match === null || Number.isNaN(expiresAt?.getTime())) {
    // Never "absent": a damaged record would start again with a full set of attempts.
    throw new CountersignError(
      'ERR_STORE_FAILED',
      'the store returned a value that countersign did not write',
    );
  }
  return {
    value: state === 'live' ? value : undefined,
    expiresAt,
    lineage: lineage === '-' ? [] : lineage.split(','),
  };
}

/** Reads one value of a record; throws `ERR_RECORD_UNREADABLE` if it is anything else. */
export type Reader<T> = (value: unknown) => T;

/** Throws. Never an empty state instead: a damaged record would start again with all its attempts. */
export function failUnreadable(): never {
  throw new CountersignError(
    'ERR_RECORD_UNREADABLE',
    'a stored record is damaged, of another version of countersign, or sealed with a key that is not among keys',
  );
}

/** Reads a record's text: JSON of an object that names its version. */
export function readRecord<T>(text: string, version: number, read: Reader<T>): T {
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null || (parsed as { v?: unknown }).v !== version)
    failUnreadable();
  return read(parsed);
}

/** Formats a state of plain data so that {@link readRecord} reads it. */
export function formatRecord(state: object, version: number): string {
  return JSON.stringify({ v: version, ...state });
}

/** Reads a text of at most `maxLength` characters. */
export function text(maxLength: number): Reader<string> {
  return (value) => (typeof value === 'string' && value.length <= maxLength ? value : failUnreadable());
}

/** Reads one of a few texts. */
export function oneOf<T extends string>(...texts: readonly T[]): Reader<T> {
  return (value) => texts.find((each) => each === value) ?? failUnreadable();
}

/** Reads an integer in a range, both ends included. */
export function integer(min: number, max: number): Reader<number> {
  return (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : failUnreadable();
}

/** Reads an instant in ms since 1970. */
export const instant: Reader<number> = (value) => integer(0, MAX_INSTANT)(value);

/** Reads null, or what `read` reads. */
export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : read(value));
}

/** Reads a list of at most `maxLength` items. */
export function list<T>(read: Reader<T>, maxLength: number): Reader<readonly T[]> {
  return (value) =>
    Array.isArray(value) && value.length <= maxLength
      ? value.map((item: unknown) => read(item))
      : failUnreadable();
}

/** Reads an object's fields; others are dropped. */
export function fields<T extends object>(readers: {
  readonly [Name in keyof T]: Reader<T[Name]>;
}): Reader<T> {
  const names = Object.keys(readers) as (keyof T & string)[];
  return (value) => {
    if (typeof value !== 'object' || value === null) return failUnreadable();
    const read = (name: keyof T & string): [string, unknown] => [
      name,
      readers[name](Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined),
    ];
    return Object.fromEntries(names.map(read)) as T;
  };
}

const MAX_INSTANT = 8.64e15;

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The cause is left out: its message repeats the text.
    return failUnreadable();
  }
}
