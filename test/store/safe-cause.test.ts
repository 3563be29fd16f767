import { inspect } from 'node:util';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { recordKey, type RecordKind } from '../../src/store/record.js';
import { hasErrorCode, hasMethod, safeCause } from '../../src/store/client.js';
import { sqliteStore } from '../../src/store/sqlite.js';
import type { Store } from '../../src/store/store.js';
import { transact } from '../../src/store/transact.js';

const address = 'ada@example.com';
const value = `live - - {"v":1,"to":"${address}","name":"o'brien"}`;

const failure = (message: string, properties: object = {}): Error =>
  Object.assign(new Error(message), properties);

/** Errors as the drivers make them: an error, and what may be kept of its message. */
const errors: [string, Error, string][] = [
  [
    'ioredis',
    failure('ERR server', { command: { name: 'evalsha', args: ['sha', '1', 'key', value] } }),
    'ERR server',
  ],
  [
    'Redis, of a command that it does not know',
    failure(`ERR unknown command 'evalsha', with args beginning with: 'sha' '1' 'app:key' 'etag ${value}' `),
    "ERR unknown command 'evalsha', with args beginning with: 'sha' '1' '…' ",
  ],
  [
    'postgres.js',
    failure('connection ended', { query: `… '${value}'`, parameters: [value] }),
    'connection ended',
  ],
  [
    'pg, of a value',
    failure(`invalid input syntax for type bigint: "${value}"`, {
      detail: `Key (id)=(${value})`,
      where: value,
    }),
    'invalid input syntax for type bigint: "…"',
  ],
  [
    'pg, of a table',
    failure('relation "countersign_records" does not exist'),
    'relation "countersign_records" does not exist',
  ],
  [
    'mysql2',
    failure(`Incorrect integer value: '${value}' for column 'expires_at' at row 1`, {
      sql: value,
      sqlMessage: value,
    }),
    "Incorrect integer value: '…' at row 1",
  ],
  [
    'Drizzle',
    failure(`Failed query: insert into t values ($1)\nparams: ${value}`),
    'Failed query: insert into t values ($1)',
  ],
  ['an error with a cause', new Error('failed', { cause: failure(value) }), 'failed'],
  ['a backtick that is never closed', failure('near `' + value), 'near `…`'],
];

describe('safeCause', () => {
  it.each(errors)(
    'keeps of the error of %s what was said, and nothing of the record',
    (_, error, message) => {
      const cause = safeCause(error);
      expect(cause.message).toBe(message);
      const shown = [
        inspect(cause, { depth: 9, showHidden: true }),
        JSON.stringify(cause),
        cause.stack,
      ].join();
      for (const secret of [address, 'brien', '"v"', 'app:key']) expect(shown).not.toContain(secret);
    },
  );

  it('keeps name, code and errno', () => {
    const error = failure('Deadlock found', { name: 'DatabaseError', code: 'ER_LOCK_DEADLOCK', errno: 1213 });
    expect(safeCause(error)).toMatchObject({ name: 'DatabaseError', code: 'ER_LOCK_DEADLOCK', errno: 1213 });
  });

  it('keeps no code or name that is a sentence or an object', () => {
    const cause = safeCause(failure('failed', { code: { value }, errno: value, name: value }));
    expect(inspect(cause)).not.toContain(address);
    expect(cause.name).toBe('Error');
    expect(cause).not.toHaveProperty('code');
  });

  it.each([value, null, undefined, { message: value }])('says of %o only that it is no Error', (thrown) => {
    expect(safeCause(thrown).message).toBe('the store failed with a value that is no Error');
  });
});

const kind: RecordKind<string> = {
  empty: '',
  parse: (text) => text,
  format: (state) => state,
  expiresAt: () => Infinity,
};

describe('the cause of ERR_STORE_FAILED', () => {
  const actOn = (store: Store): Promise<unknown> =>
    transact(
      { store, key: recordKey('test', 'a'), now: Date.now, kind, sleep: () => Promise.resolve() },
      () => ({
        state: address,
        outcome: null,
      }),
    );

  it('tells what SQLite said, and no record', async () => {
    const database = new Database(':memory:');
    const store = sqliteStore(database);
    await expect(actOn(store)).rejects.toMatchObject({
      code: 'ERR_STORE_FAILED',
      cause: { message: 'no such table: countersign_records' },
    });
    await store.setup();
    database.exec(
      `CREATE TRIGGER t BEFORE INSERT ON countersign_records BEGIN SELECT RAISE(ABORT, 'bad "${address}"'); END`,
    );
    const error = await actOn(store).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_STORE_FAILED', cause: { message: 'bad "…"' } });
    expect(inspect(error, { depth: 9 })).not.toContain(address);
  });
});

describe('the parts of an error', () => {
  it('are told up to 200 characters, and only as texts and numbers', () => {
    const long = safeCause(new Error('x'.repeat(300)));
    expect(long.message).toBe('x'.repeat(200));
    const odd = Object.assign(new Error('m'), { code: { to: 'ada@example.com' }, errno: true, name: ['a'] });
    const cause = safeCause(odd);
    expect(cause).not.toHaveProperty('code');
    expect(cause).not.toHaveProperty('errno');
    expect(cause.name).toBe('Error');
    expect(safeCause(Object.assign(new Error('m'), { message: { a: 1 } })).message).toBe('');
  });

  it('that are quoted with nothing between the quotes are cut like any other', () => {
    expect(safeCause(new Error(`no '' here '${address}'`)).message).not.toContain('ada');
  });
});

describe('a driver’s error', () => {
  it('has a code only if it is an object that has one', () => {
    expect(hasErrorCode({ code: 'X' }, 'code', ['X'])).toBe(true);
    for (const value of [null, undefined, 'X', 5, {}, { code: 'Y' }])
      expect(hasErrorCode(value, 'code', ['X'])).toBe(false);
  });

  it('comes from a client that has a method, and not just a property of its name', () => {
    expect(hasMethod({ get: () => 1 }, 'get')).toBe(true);
    for (const client of [{ get: 1 }, {}, null, undefined, 'get'])
      expect(hasMethod(client, 'get')).toBe(false);
  });
});
