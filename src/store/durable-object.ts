/**
 * The store for Cloudflare Durable Objects.
 *
 * @module countersign/durable-object
 */
import { failUnsuitable, hasMethod } from './client.js';
import {
  defaultTable,
  returningStore,
  sqlOptions,
  type SqlStore,
  type SqlStoreOptions,
  type SqlValue,
} from './sql.js';
import { sqliteSchema } from './sqlite.js';

export type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';

/** What {@link durableObjectStore} uses of `ctx.storage.sql`. */
export interface DurableObjectSql {
  exec(text: string, ...params: SqlValue[]): DurableObjectCursor;
}

/** What {@link durableObjectStore} uses of the cursor that `exec` returns. */
export interface DurableObjectCursor {
  /** Every row that the cursor has left. */
  toArray(): unknown[];
}

/** What {@link durableObjectStore} uses of `ctx.storage`. */
export interface DurableObjectStorageWithSql {
  /** The object's own SQLite database. */
  readonly sql: DurableObjectSql;
}

/**
 * A store in the SQLite database of one Durable Object, for code that runs inside this object.
 *
 * The runtime holds back what leaves the object, answers and mails alike, until its writes are on disk. Do not call
 * countersign inside `ctx.storage.transaction()`: its rollback would make a used code valid again.
 *
 * @param storage - `ctx.storage` of a class under `new_sqlite_classes`
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; call its `setup()` in the object's constructor, within `ctx.blockConcurrencyWhile`
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `storage` has no SQL; `ERR_UNKNOWN_OPTION` or
 *   `ERR_INVALID_ARGUMENT` for options that are not as described
 * @example
 * ```ts
 * import { durableObjectStore, type DurableObjectStorageWithSql, type SqlStore } from 'countersign/durable-object';
 *
 * interface State {
 *   storage: DurableObjectStorageWithSql;
 *   blockConcurrencyWhile(task: () => Promise<void>): void;
 * }
 *
 * export class Accounts {
 *   readonly store: SqlStore;
 *   constructor(ctx: State) {
 *     this.store = durableObjectStore(ctx.storage);
 *     ctx.blockConcurrencyWhile(() => this.store.setup());
 *   }
 * }
 * ```
 */
export function durableObjectStore(
  storage: DurableObjectStorageWithSql,
  options: SqlStoreOptions = {},
): SqlStore {
  const sql = sqlOf(storage);
  const settings = sqlOptions(options);
  const query = (text: string, params: SqlValue[]): Promise<unknown[]> =>
    new Promise((resolve) => {
      resolve(sql.exec(text, ...params).toArray());
    });
  const setup = async (): Promise<void> => {
    await query(sqliteSchema(settings.table), []);
  };
  return returningStore({ query, setup }, settings);
}

/**
 * The schema's text, for an object that creates its tables itself.
 *
 * @param table - 1 to 40 characters of `a-z 0-9 _`, no digit first; default `countersign_records`
 * @returns SQL statements, each ended by a semicolon
 * @throws CountersignError `ERR_INVALID_ARGUMENT` for any other name
 * @example
 * ```ts
 * import { durableObjectSchema } from 'countersign/durable-object';
 *
 * console.log(durableObjectSchema()); // CREATE TABLE IF NOT EXISTS countersign_records (…
 * ```
 */
export function durableObjectSchema(table: string = defaultTable): string {
  return sqliteSchema(table);
}

function sqlOf(storage: DurableObjectStorageWithSql): DurableObjectSql {
  if (hasSql(storage)) return storage.sql;
  return failUnsuitable('durableObjectStore', 'ctx.storage of a class under new_sqlite_classes');
}

/** A class without SQLite has a `sql` too, which throws when it is used. */
function hasSql(storage: unknown): boolean {
  try {
    const { sql } = Object(storage) as { sql?: unknown };
    return hasMethod(sql, 'exec') && Array.isArray((sql as DurableObjectSql).exec('SELECT 1').toArray());
  } catch {
    return false;
  }
}
