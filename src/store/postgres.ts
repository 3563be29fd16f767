/**
 * The store for PostgreSQL.
 *
 * @module countersign/postgres
 */
import { failReply, failUnsuitable, hasErrorCode, hasMethod, refuseMistaken } from './client.js';
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
 *   transaction: the `ROLLBACK` of a single client would make used codes valid again
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; call its `setup()` once where no migration creates the table
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `pool` is something else, such as Drizzle's db or a single pg Client
 *   (the message says what to pass); `ERR_UNKNOWN_OPTION` or `ERR_INVALID_ARGUMENT` for options that are not as described
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
  const query = (text: string, params: SqlValue[]): Promise<unknown> => run(numbered(text), params);
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

type Run = (text: string, params: SqlValue[]) => Promise<unknown>;

function runnerOf(pool: PostgresPool | PostgresJs): Run {
  refuseMistaken('postgres', pool);
  if (hasMethod(pool, 'query'))
    return async (text, params) => rowsOf(text, await (pool as PostgresPool).query(text, params));
  if (hasMethod(pool, 'unsafe')) return async (text, params) => (pool as PostgresJs).unsafe(text, params);
  return failUnsuitable('postgresStore', 'a client with query(text, params), or postgres.js');
}

/** The rows of pg's reply. A write whose reply counts a row but does not show it has happened. */
function rowsOf(text: string, reply: unknown): unknown {
  const { rows, rowCount } = Object(reply) as { rows?: unknown; rowCount?: unknown };
  const isCounted = text.endsWith('RETURNING id') && typeof rowCount === 'number';
  if (!Array.isArray(rows) || (isCounted && rowCount !== rows.length))
    failReply('no rows, or fewer than it counted');
  return rows;
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
