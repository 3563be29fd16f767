import { assertString, readOptions, readStoreClock } from '../internal/asserts.js';
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
  const { table = defaultTable, now = Date.now } = readOptions('options', options, ['table', 'now']);
  return { table: tableName(table), now: readStoreClock('options.now', now) };
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

/** What an engine brings to {@link returningStore}. */
export interface ReturningEngine {
  /** Runs one statement with its parameters in place of the `?`; resolves to what should be the rows. */
  query(text: string, params: SqlValue[]): Promise<unknown>;
  /** Creates the table and its index where they are missing. */
  setup(): Promise<void>;
  /** True for an error that proves that the engine rolled the statement back because of another writer; default: none does. */
  isRolledBack?(error: unknown): boolean;
}

/**
 * The store for engines that know `ON CONFLICT … WHERE` and `RETURNING`: one statement a call, its guard in the
 * outermost WHERE, and the row it returns as the proof that it wrote.
 */
export function returningStore(engine: ReturningEngine, { table, now }: Required<SqlStoreOptions>): SqlStore {
  const sql = statements(table);

  async function read(key: string): Promise<StoredRecord | undefined> {
    return firstRecord(await engine.query(sql.read, [key, now()]));
  }

  async function write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    if (next === null) return writes(key, sql.remove, [key, expected, now()]);
    if (expected === null) return writes(key, sql.create, [...columns(next), key, now()]);
    return writes(key, sql.replace, [...columns(next), key, expected, now()]);
  }

  async function writes(key: string, text: string, params: SqlValue[]): Promise<boolean> {
    try {
      return hasWritten(key, await engine.query(text, params));
    } catch (error) {
      if (engine.isRolledBack?.(error) === true) return false;
      throw error;
    }
  }

  async function deleteExpired(): Promise<void> {
    await engine.query(sql.expire, [now()]);
  }

  return { read, write, setup: () => engine.setup(), deleteExpired };
}

/** The row that a write returned names the key, and nothing else counts as an answer. */
function hasWritten(key: string, rows: unknown): boolean {
  const row = onlyRow(rows);
  if (row === undefined) return false;
  return (row as { id?: unknown }).id === key || failReply('the row of another statement');
}

interface Statements {
  read: string;
  create: string;
  replace: string;
  remove: string;
  expire: string;
}

function statements(table: string): Statements {
  const live = '(expires_at IS NULL OR expires_at > ?)';
  const assignExcluded = 'value = excluded.value, etag = excluded.etag, expires_at = excluded.expires_at';
  return {
    read: `SELECT value, etag FROM ${table} WHERE id = ? AND ${live}`,
    create:
      `INSERT INTO ${table} (value, etag, expires_at, id) VALUES (?, ?, ?, ?) ` +
      `ON CONFLICT (id) DO UPDATE SET ${assignExcluded} WHERE ${table}.expires_at <= ? RETURNING id`,
    replace:
      `UPDATE ${table} SET value = ?, etag = ?, expires_at = ? ` +
      `WHERE id = ? AND etag = ? AND ${live} RETURNING id`,
    remove: `DELETE FROM ${table} WHERE id = ? AND etag = ? AND ${live} RETURNING id`,
    expire: `DELETE FROM ${table} WHERE expires_at <= ?`,
  };
}
