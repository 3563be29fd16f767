import { assertOptions, assertString, failType } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import { failReply } from './client.js';
import type { NextRecord, Store, StoredRecord } from './store.js';

/** Options of the stores that keep their records in a table. */
export interface SqlStoreOptions {
  /** The table's name: 1 to 40 characters of `a-z 0-9 _`, no digit first. Default: `countersign_records`. */
  table?: string;
  /** The clock by which records expire, in ms since 1970; the database's own is not asked. Default: `Date.now`. */
  now?: () => number;
}

/** A {@link Store} in a table. */
export interface SqlStore extends Store {
  /** Creates the table and its index if they do not exist; an application with migrations takes the schema's text instead. */
  setup(): Promise<void>;
  /** Deletes the rows of expired records. Nothing depends on it but the size of the table: call it daily. */
  deleteExpired(): Promise<void>;
}

/** A value that every SQL driver binds. */
export type SqlValue = string | number | null;

/** The table that is used if no other is named. */
export const defaultTable = 'countersign_records';

/** Options with their defaults; throws for a misspelt option, and for a table name that would need quoting. */
export function sqlOptions(options: SqlStoreOptions): Required<SqlStoreOptions> {
  assertOptions('options', options, ['table', 'now']);
  const { table = defaultTable, now = Date.now } = options;
  if (typeof now !== 'function') failType('options.now', 'a function', now);
  return { table: tableName(table), now };
}

/** The name itself, if it is one: it becomes part of the SQL text, so anything else would be an injection. */
export function tableName(table: string): string {
  assertString('table', table);
  if (/^[a-z_][a-z0-9_]{0,39}$/.test(table)) return table;
  throw new CountersignError(
    'ERR_INVALID_ARGUMENT',
    'table must be 1 to 40 characters of a-z, 0-9 and _, no digit first',
  );
}

/** A record's columns, in the order of the tables: value, etag, expires_at. */
export function columns({ value, etag, expiresAt }: NextRecord): [string, string, number | null] {
  return [value, etag, expiresAt?.getTime() ?? null];
}

/** The record in a query's only row; undefined without a row. */
export function firstRecord(rows: unknown): StoredRecord | undefined {
  const row = onlyRow(rows);
  if (row === undefined) return undefined;
  const { value, etag } = row as Partial<StoredRecord>;
  if (typeof value === 'string' && typeof etag === 'string') return { value, etag };
  return failReply('a row that is not a record');
}

/** A reply's only row; undefined without a row. */
export function onlyRow(rows: unknown): object | undefined {
  if (!Array.isArray(rows) || rows.length > 1) return failReply('no list of at most one row');
  const [row] = rows as unknown[];
  if (row === undefined) return undefined;
  return typeof row === 'object' && row !== null ? row : failReply('a row that is no object');
}
