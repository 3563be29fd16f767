/**
 * The store for PostgreSQL.
 *
 * @module countersign/postgres
 */
import { failUnsuitable, hasErrorCode, hasMethod } from './client.js';
import { returningStore } from './returning-store.js';
import { defaultTable, sqlOptions, tableName } from './sql.js';
import type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';

export type { SqlStore, SqlStoreOptions, SqlValue } from './sql.js';

/** What {@link postgresStore} uses of a pg or Neon Pool, and of PGlite. */
export interface PostgresPool {
  query(text: string, params?: SqlValue[]): Promise<{ rows: unknown[] }>;
}

/** What {@link postgresStore} uses of postgres.js. */
export interface PostgresJs {
  unsafe(text: string, params?: SqlValue[]): PromiseLike<readonly unknown[]>;
}

/**
 * A store in a PostgreSQL table.
 *
 * @param pool - a pg or Neon Pool, PGlite or postgres.js. It must reach the primary, and run each statement in its own
 *   transaction: a client inside `BEGIN` would take accepted codes back with its `ROLLBACK`
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; call its `setup()` once where no migration creates the table
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `pool` has neither `query` nor `unsafe`; `ERR_UNKNOWN_OPTION` or
 *   `ERR_INVALID_ARGUMENT` for options that are not as described
 * @example
 * ```ts
 * import { postgresStore } from 'countersign/postgres';
 * import pg from 'pg';
 *
 * const store = postgresStore(new pg.Pool({ connectionString: 'postgres://localhost/app' }));
 * await store.setup();
 * ```
 */
export function postgresStore(pool: PostgresPool | PostgresJs, options: SqlStoreOptions = {}): SqlStore {
  const run = runnerOf(pool);
  const settings = sqlOptions(options);
  const numbered = numbering();
  const query = (text: string, params: SqlValue[]): Promise<readonly unknown[]> =>
    run(numbered(text), params);
  const setup = async (): Promise<void> => {
    for (const statement of schema(settings.table)) await createOnce(() => run(statement, []));
  };
  // serialization_failure and deadlock_detected: a pool that defaults to SERIALIZABLE gives these instead of no row.
  const isRolledBack = (error: unknown): boolean => hasErrorCode(error, 'code', ['40001', '40P01']);
  return returningStore({ query, setup, isRolledBack }, settings);
}

/**
 * The schema's text, for an application with migrations of its own.
 *
 * @param table - 1 to 40 characters of `a-z 0-9 _`, no digit first; default `countersign_records`
 * @returns SQL statements, each ended by a semicolon
 * @throws CountersignError `ERR_INVALID_ARGUMENT` for any other name
 * @example
 * ```ts
 * import { postgresSchema } from 'countersign/postgres';
 *
 * console.log(postgresSchema()); // CREATE TABLE IF NOT EXISTS countersign_records (…
 * ```
 */
export function postgresSchema(table: string = defaultTable): string {
  return schema(tableName(table))
    .map((statement) => `${statement};\n`)
    .join('');
}

type Run = (text: string, params: SqlValue[]) => Promise<readonly unknown[]>;

function runnerOf(pool: PostgresPool | PostgresJs): Run {
  if (hasMethod(pool, 'query'))
    return async (text, params) => (await (pool as PostgresPool).query(text, params)).rows;
  if (hasMethod(pool, 'unsafe')) return async (text, params) => (pool as PostgresJs).unsafe(text, params);
  return failUnsuitable('postgresStore', 'a client with query(text, params), or postgres.js');
}

/** Gives each `?` its number, once for each of the few texts. */
function numbering(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let count = 0;
    const numbered = known.get(text) ?? text.replaceAll('?', () => `$${++count}`);
    known.set(text, numbered);
    return numbered;
  };
}

function schema(table: string): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n` +
      '  id text COLLATE "C" PRIMARY KEY,\n' +
      '  value text NOT NULL,\n' +
      '  etag text COLLATE "C" NOT NULL,\n' +
      '  expires_at bigint\n)',
    `CREATE INDEX IF NOT EXISTS ${table}_expires_at ON ${table} (expires_at)`,
  ];
}

/** Two processes that start at once both miss the table, and one of them trips over the other's catalogue entry. */
async function createOnce(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!hasErrorCode(error, 'code', ['23505', '42P07', '42710'])) throw error;
    await create();
  }
}
