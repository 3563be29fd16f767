/** What the adapters ask of a client, how they refuse the wrong one, and what may be said of a driver's error. */
import { CountersignError } from '../internal/errors.js';

/** Tells whether `client` has a method of that name; never throws. */
export function hasMethod(client: unknown, name: string): boolean {
  return hasProperty(client, name) && typeof (client as Record<string, unknown>)[name] === 'function';
}

/** Throws the one error of an adapter that was given the wrong thing. */
export function failUnsuitable(store: string, needs: string): never {
  throw new CountersignError('ERR_STORE_UNSUITABLE', `${store} needs ${needs}`);
}

/** Throws for an engine's reply of another shape: to take it for "not written" would hide a write that happened. */
export function failReply(what: string): never {
  throw new CountersignError('ERR_STORE_FAILED', `the store's client returned ${what}`);
}

/** Tells whether a driver's error carries one of `codes` in its property `property`. */
export function hasErrorCode(error: unknown, property: string, codes: readonly unknown[]): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return codes.includes((error as Record<string, unknown>)[property]);
}

/** The engines that have an adapter with a client of its own kind. */
export type ClientEngine = 'postgres' | 'mysql' | 'sqlite' | 'redis';

/**
 * Refuses what is often passed in place of a client, and names what to pass.
 *
 * Several of these have the very method that an adapter calls, and answer in a shape of their own; others may be inside
 * a transaction, whose rollback would make a used code valid again.
 *
 * @param engine - the adapter's engine
 * @param client - what the application passed
 * @throws {@link CountersignError} `ERR_STORE_UNSUITABLE`
 */
export function refuseMistaken(engine: ClientEngine, client: unknown): void {
  const mistake = mistakes.find(({ isSeen }) => isSeen(client));
  if (mistake === undefined) return;
  const pass = mistake.pass[engine] ?? own[engine];
  failUnsuitable(`${engine}Store`, `another client: you passed ${mistake.name}; pass ${pass}`);
}

interface Mistake {
  /** What was passed, as its documentation calls it. */
  readonly name: string;
  readonly isSeen: (client: unknown) => boolean;
  /** What to pass in its place; without one, a client of the store's own. */
  readonly pass: Partial<Record<ClientEngine, string>>;
}

const own: Readonly<Record<ClientEngine, string>> = {
  postgres: 'a pg.Pool of its own, with the same connection string',
  mysql: "a pool of 'mysql2/promise' of its own, with the same connection options",
  sqlite: 'a connection of its own: a database of better-sqlite3 or node:sqlite on the same file',
  redis: 'a client of node-redis or ioredis',
};

const noStore =
  'the client of an engine that countersign has a store for, or write a store (docs/guides/stores.md)';
const everywhere = { postgres: noStore, mysql: noStore, sqlite: noStore, redis: noStore };

// The first that matches counts: Prisma's client answers to names that it does not have.
const mistakes: readonly Mistake[] = [
  {
    name: "Prisma's client or adapter",
    isSeen: (client) => hasMethod(client, '$queryRawUnsafe') || hasProperty(client, 'adapterName'),
    pass: { postgres: 'the pg.Pool that you give to PrismaPg, or one of its own' },
  },
  {
    name: "Drizzle's db",
    isSeen: (client) => hasProperty(client, '$client'),
    pass: {
      postgres: 'db.$client',
      mysql: "db.$client, if that is a pool of 'mysql2/promise', and else db.$client.promise()",
      sqlite: 'db.$client',
    },
  },
  { name: 'Knex', isSeen: (client) => hasMethod(client, 'batchInsert'), pass: {} },
  {
    name: 'Kysely',
    isSeen: (client) => hasMethod(client, 'selectFrom'),
    pass: {
      postgres: 'the pool that you give to its dialect',
      mysql: 'the pool that you give to its dialect, as pool.promise()',
    },
  },
  {
    name: "TypeORM's DataSource, EntityManager or QueryRunner",
    isSeen: (client) =>
      hasMethod(client, 'getRepository') ||
      (hasMethod(client, 'startTransaction') && hasMethod(client, 'query')),
    pass: {
      postgres: 'dataSource.driver.master, after dataSource.initialize()',
      mysql: 'dataSource.driver.pool.promise(), after dataSource.initialize()',
    },
  },
  { name: 'Sequelize', isSeen: (client) => hasMethod(client, 'getQueryInterface'), pass: {} },
  {
    name: "pg-promise's db",
    isSeen: (client) => hasProperty(client, '$pool'),
    pass: { postgres: 'db.$pool' },
  },
  {
    name: "Neon's HTTP function",
    isSeen: (client) =>
      typeof client === 'function' && ['query', 'transaction'].every((name) => hasMethod(client, name)),
    pass: { postgres: "a Pool of '@neondatabase/serverless'" },
  },
  {
    name: 'a single pg Client, which may be inside a transaction',
    isSeen: (client) => hasProperty(client, 'connectionParameters'),
    pass: { postgres: 'a pg.Pool' },
  },
  {
    name: 'the sql of a transaction or a reserved connection of postgres.js',
    isSeen: (client) =>
      hasMethod(client, 'unsafe') && ['savepoint', 'release'].some((name) => hasMethod(client, name)),
    pass: { postgres: 'the sql that postgres() returned' },
  },
  {
    name: 'a transaction of PGlite',
    isSeen: (client) =>
      hasMethod(client, 'query') && hasMethod(client, 'rollback') && !hasMethod(client, 'execute'),
    pass: { postgres: 'the PGlite itself' },
  },
  {
    name: 'a single connection of mysql2, which may be inside a transaction',
    isSeen: (client) => hasMethod(client, 'beginTransaction'),
    pass: { mysql: "a pool of 'mysql2/promise'" },
  },
  {
    name: 'a callback pool of mysql2',
    isSeen: (client) => hasMethod(client, 'execute') && hasMethod(client, 'promise'),
    pass: { mysql: "a pool of 'mysql2/promise', or pool.promise()" },
  },
  {
    name: 'the asynchronous database of sqlite3',
    isSeen: (client) => hasMethod(client, 'parallelize') || hasMethod(client, 'getDatabaseInstance'),
    pass: {},
  },
  {
    name: 'a D1 database',
    isSeen: (client) => hasMethod(client, 'prepare') && hasMethod(client, 'batch'),
    pass: { sqlite: "it to d1Store of 'countersign/d1'" },
  },
  {
    name: 'the Upstash client',
    isSeen: (client) => hasMethod(client, 'createScript'),
    pass: { redis: "a client of node-redis or ioredis, with the database's rediss:// address" },
  },
  {
    name: 'a handle of MongoDB or mongoose',
    isSeen: (client) =>
      ['startSession', 'collection', 'findOneAndUpdate'].some((name) => hasMethod(client, name)),
    pass: everywhere,
  },
];

function hasProperty(client: unknown, name: string): boolean {
  const isObject = (typeof client === 'object' && client !== null) || typeof client === 'function';
  return isObject && name in client;
}

/**
 * Describes an error by its name, message and code alone.
 *
 * Drivers attach the command (ioredis `command.args`, postgres.js `parameters`, mysql2 `sql`, pg `detail`), and some
 * repeat values in the message. Of the message only the first line is kept, and no quoted text but identifiers, such
 * as a table's name.
 *
 * @param error - what a store rejected with
 * @returns an error that is safe to log
 */
export function safeCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('the store failed with a value that is no Error');
  const cause = new Error(safeMessage(error.message));
  // The stack of the driver's error begins with its message.
  cause.stack = `${cause.name}: ${cause.message}`;
  return Object.assign(cause, safeField('name', error), safeField('code', error), safeField('errno', error));
}

const IDENTIFIER = /^[\w.$-]{1,64}$/;
const MAX_MESSAGE = 200;

function safeField(property: 'name' | 'code' | 'errno', error: Error): object {
  const value = (error as unknown as Record<string, unknown>)[property];
  const isSafe = typeof value === 'number' || (typeof value === 'string' && IDENTIFIER.test(value));
  return isSafe ? { [property]: value } : {};
}

function safeMessage(message: unknown): string {
  const [line = ''] = typeof message === 'string' ? message.split(/[\r\n]/, 1) : [];
  return withoutValues(line).slice(0, MAX_MESSAGE);
}

/**
 * Cuts quoted values out. A value may itself hold quotes, so everything from its opening quote to the line's last quote
 * of that kind goes.
 */
function withoutValues(line: string): string {
  const opening = /["'`]/.exec(line);
  if (opening === null) return line;
  const quote = opening[0];
  const start = opening.index;
  const next = line.indexOf(quote, start + 1);
  if (next > 0 && IDENTIFIER.test(line.slice(start + 1, next)))
    return line.slice(0, next + 1) + withoutValues(line.slice(next + 1));
  const last = line.lastIndexOf(quote);
  const rest = last > start ? line.slice(last + 1) : '';
  return `${line.slice(0, start)}${quote}…${quote}${withoutValues(rest)}`;
}
