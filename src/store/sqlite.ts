/**
 * The store for SQLite.
 *
 * @module countersign/sqlite
 */
import { failUnsuitable, hasErrorCode, hasMethod } from './client.js';
import { returningStore } from './returning-store.js';
import { defaultTable, sqlOptions, tableName } from './sql.js';
import type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';

export type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';

/** What {@link sqliteStore} uses of a prepared statement. */
export interface SqliteStatement {
  all(...params: SqlValue[]): unknown[];
  run(...params: SqlValue[]): unknown;
}

/** What {@link sqliteStore} uses of node:sqlite, better-sqlite3, bun:sqlite and libsql. */
export interface SqliteDatabase {
  prepare(text: string): SqliteStatement;
}

/**
 * A store in an SQLite table, for one machine. SQLite 3.35 (2021) or later.
 *
 * Several processes may share the file; then set `busy_timeout`, and WAL, as for any such database.
 *
 * @param database - an open database of node:sqlite, better-sqlite3, bun:sqlite or libsql, not inside a transaction
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; call its `setup()` once where no migration creates the table
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `database` has no `prepare`; `ERR_UNKNOWN_OPTION` or
 *   `ERR_INVALID_ARGUMENT` for options that are not as described
 * @example
 * ```ts
 * import { sqliteStore } from 'countersign/sqlite';
 * import { DatabaseSync } from 'node:sqlite';
 *
 * const store = sqliteStore(new DatabaseSync('app.db'));
 * await store.setup();
 * ```
 */
export function sqliteStore(database: SqliteDatabase, options: SqlStoreOptions = {}): SqlStore {
  if (!hasMethod(database, 'prepare'))
    failUnsuitable('sqliteStore', 'a database with a synchronous prepare(text)');
  const settings = sqlOptions(options);
  const prepare = cached((text) => database.prepare(text));
  // better-sqlite3 refuses all() for a statement without rows.
  const query = (text: string, params: SqlValue[]): Promise<unknown[]> =>
    promised(() =>
      /^SELECT|RETURNING/.test(text) ? prepare(text).all(...params) : [prepare(text).run(...params)],
    );
  const setup = (): Promise<void> =>
    promised(() => {
      for (const statement of schema(settings.table)) database.prepare(statement).run();
    });
  return returningStore({ query, setup, isRolledBack: isBusy }, settings);
}

/**
 * The schema's text, for an application with migrations of its own.
 *
 * @param table - 1 to 40 characters of `a-z 0-9 _`, no digit first; default `countersign_records`
 * @returns SQL statements, each ended by a semicolon
 * @throws CountersignError `ERR_INVALID_ARGUMENT` for any other name
 * @example
 * ```ts
 * import { sqliteSchema } from 'countersign/sqlite';
 *
 * console.log(sqliteSchema('second_factor')); // CREATE TABLE IF NOT EXISTS second_factor (…
 * ```
 */
export function sqliteSchema(table: string = defaultTable): string {
  return schema(tableName(table))
    .map((statement) => `${statement};\n`)
    .join('');
}

function schema(table: string): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n` +
      '  id TEXT NOT NULL PRIMARY KEY,\n' +
      '  value TEXT NOT NULL,\n' +
      '  etag TEXT NOT NULL,\n' +
      '  expires_at INTEGER\n)',
    `CREATE INDEX IF NOT EXISTS ${table}_expires_at ON ${table} (expires_at)`,
  ];
}

/** Preparing costs more than running, and the texts are five. */
function cached(prepare: (text: string) => SqliteStatement): (text: string) => SqliteStatement {
  const statements = new Map<string, SqliteStatement>();
  return (text) => {
    const statement = statements.get(text) ?? prepare(text);
    statements.set(text, statement);
    return statement;
  };
}

/** What a synchronous act returns or throws, as a promise. */
function promised<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(act());
  });
}

/** SQLITE_BUSY: another process held the lock for longer than the timeout, and nothing was written. */
function isBusy(error: unknown): boolean {
  return (
    hasErrorCode(error, 'code', ['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT']) ||
    hasErrorCode(error, 'errcode', [5, 517])
  );
}
