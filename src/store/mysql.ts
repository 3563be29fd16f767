/**
 * The store for MySQL and MariaDB.
 *
 * @module countersign/mysql
 */
import { failReply, failUnsuitable, hasErrorCode, hasMethod, refuseMistaken } from './client.js';
import { columns, defaultTable, firstRecord, onlyRow, sqlOptions, tableName } from './sql.js';
import type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';
import type { NextRecord, StoredRecord } from './store.js';

export type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';

/** What {@link mysqlStore} uses of mysql2's promise pool. */
export interface MysqlPool {
  execute(text: string, params: SqlValue[]): Promise<[unknown, ...unknown[]]>;
}

/**
 * A store in a table of MySQL (5.7 or later) or MariaDB, through the `mysql2/promise` pool.
 *
 * A call is one statement, except that a key whose record has expired takes a second: the insert is refused, and an
 * update replaces the expired row. `ON DUPLICATE KEY UPDATE` would do it in one, but drivers that ask for found rows
 * (mysql2 does) report one row both when it inserted and when it changed nothing.
 *
 * Each statement checks its connection's `autocommit`, and fails with `ERR_STORE_UNSUITABLE` where that is off: its
 * write would be lost when the process ends. So does a write on a connection that is inside a transaction.
 *
 * @param pool - a pool of `mysql2/promise`, to the primary
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; call its `setup()` once where no migration creates the table
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `pool` is something else, such as Drizzle's db or a single
 *   connection (the message says what to pass); `ERR_UNKNOWN_OPTION` or `ERR_INVALID_ARGUMENT` for options that are not as described
 * @example
 * ```ts
 * import { mysqlStore } from 'countersign/mysql';
 * import { createPool } from 'mysql2/promise';
 *
 * const store = mysqlStore(createPool('mysql://localhost/app'));
 * await store.setup();
 * ```
 */
export function mysqlStore(pool: MysqlPool, options: SqlStoreOptions = {}): SqlStore {
  refuseMistaken('mysql', pool);
  if (!hasMethod(pool, 'execute')) failUnsuitable('mysqlStore', "a pool of 'mysql2/promise'");
  const { table, now } = sqlOptions(options);
  const sql = statements(table);

  async function read(key: string): Promise<StoredRecord | undefined> {
    const row = onlyRow(replyOf(await pool.execute(sql.read, [key, now()])));
    const { value, etag, autocommit } = Object(row) as Row;
    if (Number(autocommit) !== 1) failAutocommit(autocommit);
    // The row is there for the sake of its last column: without a record the others are null.
    return value === null && etag === null ? undefined : firstRecord([row]);
  }

  async function write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    if (next === null) return changes(pool, sql.remove, [key, expected, now()]);
    if (expected !== null) return changes(pool, sql.replace, [...columns(next), key, expected, now()]);
    const isNew = await changes(pool, sql.insert, [...columns(next), key]);
    return isNew || changes(pool, sql.replaceExpired, [...columns(next), key, now()]);
  }

  async function setup(): Promise<void> {
    await pool.execute(schema(table), []);
  }

  async function deleteExpired(): Promise<void> {
    await pool.execute(sql.expire, [now()]);
  }

  return { read, write, setup, deleteExpired };
}

/**
 * The schema's text, for an application with migrations of its own.
 *
 * @param table - 1 to 40 characters of `a-z 0-9 _`, no digit first; default `countersign_records`
 * @returns one SQL statement, ended by a semicolon
 * @throws CountersignError `ERR_INVALID_ARGUMENT` for any other name
 * @example
 * ```ts
 * import { mysqlSchema } from 'countersign/mysql';
 *
 * console.log(mysqlSchema()); // CREATE TABLE IF NOT EXISTS countersign_records (…
 * ```
 */
export function mysqlSchema(table: string = defaultTable): string {
  return `${schema(tableName(table))};\n`;
}

/** Binary collations: the default one takes `A` for `a`, so that one key or etag would pass for another. */
function schema(table: string): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${table} (\n` +
    '  id varchar(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,\n' +
    '  value mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,\n' +
    '  etag varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,\n' +
    '  expires_at bigint NULL,\n' +
    `  KEY ${table}_expires_at (expires_at)\n` +
    ') ENGINE = InnoDB'
  );
}

interface Statements {
  read: string;
  insert: string;
  replaceExpired: string;
  replace: string;
  remove: string;
  expire: string;
}

interface Row {
  value: unknown;
  etag: unknown;
  autocommit: unknown;
}

/** Every write changes the etag: without found rows MySQL counts the rows that changed, not those that matched. */
function statements(table: string): Statements {
  const live = '(expires_at IS NULL OR expires_at > ?)';
  const update = `UPDATE ${table} SET value = ?, etag = ?, expires_at = ?`;
  return {
    read:
      'SELECT value, etag, @@autocommit AS autocommit FROM (SELECT 1 AS one) AS one_row ' +
      `LEFT JOIN ${table} ON id = ? AND ${live}`,
    insert:
      `INSERT INTO ${table} (value, etag, expires_at, id) ` +
      'SELECT ?, ?, ?, ? FROM (SELECT 1 AS one) AS one_row WHERE @@autocommit = 1',
    replaceExpired: `${update} WHERE id = ? AND expires_at <= ? AND @@autocommit = 1`,
    replace: `${update} WHERE id = ? AND etag = ? AND ${live} AND @@autocommit = 1`,
    remove: `DELETE FROM ${table} WHERE id = ? AND etag = ? AND ${live} AND @@autocommit = 1`,
    expire: `DELETE FROM ${table} WHERE expires_at <= ?`,
  };
}

// ER_CHECKREAD, ER_DUP_ENTRY and ER_LOCK_DEADLOCK: another writer was in the way, and the statement was rolled back
// whole.
const rolledBack = [1020, 1062, 1213];

// SERVER_STATUS_IN_TRANS and SERVER_STATUS_AUTOCOMMIT of the protocol, in the reply to every write.
const IN_TRANSACTION_FLAG = 1;
const AUTOCOMMIT_FLAG = 2;

async function changes(pool: MysqlPool, text: string, params: SqlValue[]): Promise<boolean> {
  let reply: unknown;
  try {
    reply = replyOf(await pool.execute(text, params));
  } catch (error) {
    if (hasErrorCode(error, 'errno', rolledBack)) return false;
    throw error;
  }
  const { affectedRows, serverStatus } = Object(reply) as { affectedRows?: unknown; serverStatus?: unknown };
  if (typeof serverStatus === 'number') assertCommitted(serverStatus);
  return affectedRows === 1 || (affectedRows === 0 ? false : failReply('no count of one row or none'));
}

/** A write inside somebody's transaction is undone by its ROLLBACK, and a used code would be good again. */
function assertCommitted(serverStatus: number): void {
  if ((serverStatus & AUTOCOMMIT_FLAG) === 0) failAutocommit(0);
  if ((serverStatus & IN_TRANSACTION_FLAG) !== 0)
    failUnsuitable(
      'mysqlStore',
      'connections outside a transaction; this one would lose what it wrote at a ROLLBACK',
    );
}

/** The first of the two things that mysql2 resolves to. */
function replyOf(replies: unknown): unknown {
  return Array.isArray(replies) ? (replies as unknown[])[0] : failReply('no list');
}

function failAutocommit(autocommit: unknown): never {
  if (Number(autocommit) !== 0 || autocommit === null) failReply('no row that tells of autocommit');
  return failUnsuitable('mysqlStore', 'connections with autocommit = 1; this one would lose what it wrote');
}
