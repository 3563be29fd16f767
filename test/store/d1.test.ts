import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { d1Schema, d1Store } from '../../src/store/d1.js';
import type { D1Statement } from '../../src/store/d1.js';
import { sqliteSchema } from '../../src/store/sqlite.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import { itPasses } from '../support/harness/it-passes.js';

/** A database that answers every statement with the same thing. */
function answering(answer: unknown): { prepare: () => D1Statement } {
  const statement = { bind: () => statement, all: () => Promise.resolve(answer) } as D1Statement;
  return { prepare: () => statement };
}

describe('d1Store over the SQLite of libsql, in place of a binding', () => {
  const database = new Database(':memory:');
  const clock = testClock();
  const run = (text: string, params: unknown[]): { results: unknown[] } => {
    const statement = database.prepare(text);
    if (statement.reader) return { results: statement.all(...params) };
    statement.run(...params);
    return { results: [] };
  };
  const prepare = (text: string, params: unknown[] = []): D1Statement => ({
    bind: (...bound) => prepare(text, bound),
    all: async () => Promise.resolve(run(text, params)),
  });

  beforeAll(() => d1Store({ prepare }).setup());
  afterAll(() => {
    database.close();
  });

  testStore({
    create: () => d1Store({ prepare }, { now: clock.now }),
    createUnreachable: () => d1Store({ prepare }, { table: 'absent' }),
    it: itPasses,
    clock,
  });
});

describe('d1Store', () => {
  it.each([null, undefined, 'DB', {}, { DB: answering({ results: [] }) }])(
    'refuses %o as a binding',
    (database) => {
      // @ts-expect-error: not a binding
      expect(() => d1Store(database)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
    },
  );

  it('refuses a session, whose reads may go to a replica', () => {
    const session = { ...answering({ results: [] }), getBookmark: () => null };
    expect(() => d1Store(session)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });

  it.each([undefined, null, [], { rows: [] }, { results: null }])(
    'rejects a reply of another shape, such as %o, instead of taking it for a refusal',
    async (answer) => {
      const store = d1Store(answering(answer));
      const write = store.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null);
      await expect(write).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
      await expect(store.read('key')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
      await expect(store.setup()).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
      await expect(store.deleteExpired()).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    },
  );

  it('refuses a table name that would need quoting', () => {
    expect(() => d1Store(answering({ results: [] }), { table: 'a b' })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  });
});

describe('d1Schema', () => {
  it('is the schema of SQLite', () => {
    expect(d1Schema('second_factor')).toBe(sqliteSchema('second_factor'));
  });
});
