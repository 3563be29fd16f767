/**
 * The store for SQLite.
 *
 * @module countersign/sqlite
 */
import { failUnsuitable, hasErrorCode, hasMethod, refuseMistaken } from './client.js';
import {
  defaultTable,
  returningStore,
  sqlOptions,
  type SqlStore,
  type SqlStoreOptions,
  type SqlValue,
  tableName,
} from './sql.js';

export type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';

/** What {@link sqliteStore} uses of a prepared statement. */
export interface SqliteStatement {
  all(...params: SqlValue[]): unknown[];
  run(...params: SqlValue[]): unknown;
}

/** What {@link sqliteStore} uses of node:sqlite, better-sqlite3, bun:sqlite and libsql. */
export interface SqliteDatabase {
  prepare(text: string): SqliteStatement;
  /** Whether a transaction is open: in better-sqlite3, bun:sqlite and libsql. */
  readonly inTransaction?: boolean;
  /** The same in node:sqlite, from Node 22.16 on. */
  readonly isTransaction?: boolean;
  /** False once a database of better-sqlite3 or libsql is closed. */
  readonly open?: boolean;
}

/**
 * A store in an SQLite table, for one machine. SQLite 3.35 (2021) or later.
 *
 * Several processes may share the file; then set `busy_timeout`, and WAL, as for any such database.
 *
 * A call fails with `ERR_STORE_UNSUITABLE` while the application has a transaction open on the same connection: its
 * `ROLLBACK` would make a used code valid again. Give the store a connection of its own if yours spans an `await`.
 *
 * @param database - an open database of node:sqlite, better-sqlite3, bun:sqlite or libsql
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; call its `setup()` once where no migration creates the table
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `database` is something else, such as Drizzle's db (the message says
 *   what to pass); `ERR_UNKNOWN_OPTION` or `ERR_INVALID_ARGUMENT` for options that are not as described
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
  refuseMistaken('sqlite', database);
  if (!hasMethod(database, 'prepare'))
    failUnsuitable('sqliteStore', 'a database with a synchronous prepare(text)');
  const settings = sqlOptions(options);
  const prepare = cached((text) => database.prepare(text));
  const alone = outsideTransactions(database, prepare);
  const run = (text: string, params: SqlValue[]): unknown =>
    // better-sqlite3 refuses all() for a statement without rows.
    returnsRows(text) ? prepare(text).all(...params) : prepare(text).run(...params);
  const query = (text: string, params: SqlValue[]): Promise<unknown> => {
    const act = (): unknown => alone(text, () => run(text, params));
    // A guarded write that met another one counts as a conflict, which `transact` tries again from its read.
    return text.endsWith('RETURNING id') ? promised(act) : patiently(act);
  };
  const setup = async (): Promise<void> => {
    for (const text of schema(settings.table)) await patiently(() => database.prepare(text).run());
  };
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

/** Preparing costs more than running, and there are only five texts. */
function cached(prepare: (text: string) => SqliteStatement): (text: string) => SqliteStatement {
  const statements = new Map<string, SqliteStatement>();
  return (text) => {
    const statement = statements.get(text) ?? prepare(text);
    statements.set(text, statement);
    return statement;
  };
}

function returnsRows(text: string): boolean {
  return /^SELECT|RETURNING/.test(text);
}

/** Runs a statement, and fails while the application has a transaction open. */
type Alone = <T>(text: string, act: () => T) => T;

function outsideTransactions(database: SqliteDatabase, prepare: (text: string) => SqliteStatement): Alone {
  return (text, act) => {
    // The closed database of libsql ends the process when it is asked for more than this.
    if (database.open === false) return act();
    const isBegun = database.inTransaction ?? database.isTransaction;
    if (isBegun === undefined) return inOwnTransaction(prepare, text, act);
    if (isBegun) failInTransaction();
    return act();
  };
}

/** For a database that cannot say whether one is open: SQLite refuses a transaction within another one. */
function inOwnTransaction<T>(prepare: (text: string) => SqliteStatement, text: string, act: () => T): T {
  try {
    prepare(text.startsWith('SELECT') ? 'BEGIN' : 'BEGIN IMMEDIATE').run();
  } catch (error) {
    if (error instanceof Error && error.message.includes('within a transaction')) failInTransaction();
    throw error;
  }
  try {
    const result = act();
    prepare('COMMIT').run();
    return result;
  } catch (error) {
    prepare('ROLLBACK').run();
    throw error;
  }
}

function failInTransaction(): never {
  return failUnsuitable(
    'sqliteStore',
    'a connection on which nobody has a transaction open; give it one of its own',
  );
}

const MAX_TRIES = 32;
const MAX_PATIENCE_MS = 10_000;

/**
 * Tries an act again while the database is busy, 32 times or for ten seconds: a reader may find it locked although it
 * waits for `busy_timeout`, for instance while another process recovers or checkpoints the log.
 */
async function patiently<T>(act: () => T): Promise<T> {
  const start = Date.now();
  for (let tries = 1; ; tries++) {
    try {
      return act();
    } catch (error) {
      if (!isBusy(error) || tries === MAX_TRIES || Date.now() - start > MAX_PATIENCE_MS) throw error;
    }
    const pauseMs = Math.random() * Math.min(100, 2 ** tries);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
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
