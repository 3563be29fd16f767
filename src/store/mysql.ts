/**
 * The store for MySQL and MariaDB.
 *
 * @module countersign/mysql
 */
import { failUnsuitable, hasErrorCode, hasMethod } from './client.js';
import { columns, defaultTable, firstRecord, sqlOptions, tableName } from './sql.js';
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
 * @param pool - a pool (or connection) of `mysql2/promise`, to the primary, outside any transaction
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; call its `setup()` once where no migration creates the table
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `pool` has no `execute`, or is mysql2's callback pool;
 *   `ERR_UNKNOWN_OPTION` or `ERR_INVALID_ARGUMENT` for options that are not as described
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
  // mysql2's callback pool has execute() too, and would never answer; only that one offers promise().
  if (!hasMethod(pool, 'execute') || hasMethod(pool, 'promise')) {
    failUnsuitable('mysqlStore', "a pool of 'mysql2/promise'");
  }
  const { table, now } = sqlOptions(options);
  const sql = statements(table);

  async function read(key: string): Promise<StoredRecord | undefined> {
    const [rows] = await pool.execute(sql.read, [key, now()]);
    return firstRecord(rows as unknown[]);
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

/** Every write changes the etag: without found rows MySQL counts the rows that changed, not those that matched. */
function statements(table: string): Statements {
  const live = '(expires_at IS NULL OR expires_at > ?)';
  const update = `UPDATE ${table} SET value = ?, etag = ?, expires_at = ?`;
  return {
    read: `SELECT value, etag FROM ${table} WHERE id = ? AND ${live}`,
    insert: `INSERT INTO ${table} (value, etag, expires_at, id) VALUES (?, ?, ?, ?)`,
    replaceExpired: `${update} WHERE id = ? AND expires_at <= ?`,
    replace: `${update} WHERE id = ? AND etag = ? AND ${live}`,
    remove: `DELETE FROM ${table} WHERE id = ? AND etag = ? AND ${live}`,
    expire: `DELETE FROM ${table} WHERE expires_at <= ?`,
  };
}

// ER_CHECKREAD, ER_DUP_ENTRY and ER_LOCK_DEADLOCK: a rival was in the way, and the statement was taken back whole.
const rolledBack = [1020, 1062, 1213];

async function changes(pool: MysqlPool, text: string, params: SqlValue[]): Promise<boolean> {
  try {
    const [result] = await pool.execute(text, params);
    return (result as { affectedRows: number }).affectedRows === 1;
  } catch (error) {
    if (hasErrorCode(error, 'errno', rolledBack)) return false;
    throw error;
  }
}
