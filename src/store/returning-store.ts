import { failReply } from './client.js';
import { columns, firstRecord, onlyRow } from './sql.js';
import type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';
import type { NextRecord, StoredRecord } from './store.js';

/** What an engine brings to {@link returningStore}. */
export interface ReturningEngine {
  /** Runs one statement with its parameters in place of the `?`; resolves to what should be the rows. */
  query(text: string, params: SqlValue[]): Promise<unknown>;
  /** Creates the table and its index where they are missing. */
  setup(): Promise<void>;
  /** True for an error that proves that the engine took the statement back because of a rival. */
  isRolledBack(error: unknown): boolean;
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
      if (engine.isRolledBack(error)) return false;
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
