/**
 * The store for Cloudflare D1.
 *
 * @module countersign/d1
 */
import { failReply, failUnsuitable, hasMethod } from './client.js';
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

/** What {@link d1Store} uses of a prepared statement. */
export interface D1Statement {
  bind(...params: SqlValue[]): D1Statement;
  all(): Promise<{ results: unknown[] }>;
}

/** What {@link d1Store} uses of a D1 binding. */
export interface D1Client {
  prepare(text: string): D1Statement;
}

/**
 * A store in a table of Cloudflare D1.
 *
 * Each call is one statement on the primary, even if the database has read replicas.
 *
 * @param database - the binding itself, such as `env.DB`; a session of `withSession()` may read a replica and is refused
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; call its `setup()` once where no migration creates the table
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `database` has no `prepare` or is a session; `ERR_UNKNOWN_OPTION`
 *   or `ERR_INVALID_ARGUMENT` for options that are not as described
 * @example
 * ```ts
 * import { createTwoFactor, type Send } from 'countersign';
 * import { type D1Client, d1Store } from 'countersign/d1';
 *
 * // Bindings come with the request, so make the store there.
 * function twoFactorOf(env: { DB: D1Client; KEY: string }, send: Send) {
 *   return createTwoFactor({ store: d1Store(env.DB), keys: [env.KEY], issuer: 'Example Hosting', send });
 * }
 * ```
 */
export function d1Store(database: D1Client, options: SqlStoreOptions = {}): SqlStore {
  if (!hasMethod(database, 'prepare') || hasMethod(database, 'getBookmark'))
    failUnsuitable('d1Store', 'the D1 binding itself, such as env.DB, and no session of withSession()');
  const settings = sqlOptions(options);
  const query = async (text: string, params: SqlValue[]): Promise<unknown> => {
    const reply: unknown = await database
      .prepare(text)
      .bind(...params)
      .all();
    const { results } = Object(reply) as { results?: unknown };
    return Array.isArray(results) ? results : failReply('no rows');
  };
  const setup = async (): Promise<void> => {
    for (const statement of sqliteSchema(settings.table).split(';\n')) {
      if (statement !== '') await query(statement, []);
    }
  };
  return returningStore({ query, setup }, settings);
}

/**
 * The schema's text, for an application with migrations of its own.
 *
 * @param table - 1 to 40 characters of `a-z 0-9 _`, no digit first; default `countersign_records`
 * @returns SQL statements, each ended by a semicolon
 * @throws CountersignError `ERR_INVALID_ARGUMENT` for any other name
 * @example
 * ```ts
 * import { d1Schema } from 'countersign/d1';
 *
 * console.log(d1Schema()); // CREATE TABLE IF NOT EXISTS countersign_records (…
 * ```
 */
export function d1Schema(table: string = defaultTable): string {
  return sqliteSchema(table);
}
