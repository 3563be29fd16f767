import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { durableObjectSchema, durableObjectStore } from '../../src/store/durable-object.js';
import { sqliteSchema } from '../../src/store/sqlite.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import { itPasses } from '../support/harness/it-passes.js';

describe('durableObjectStore over the SQLite of libsql, in place of an object’s own', () => {
  const database = new Database(':memory:');
  const clock = testClock();
  const exec = (text: string, ...params: unknown[]): { toArray: () => unknown[] } => {
    const statements = text.split(';\n').filter((statement) => statement !== '');
    const rows = statements.map((statement) => {
      const prepared = database.prepare(statement);
      if (prepared.reader) return prepared.all(...params);
      prepared.run(...params);
      return [];
    });
    const last = rows.at(-1) ?? [];
    return { toArray: () => last };
  };
  const storage = { sql: { exec } };

  beforeAll(() => durableObjectStore(storage).setup());
  afterAll(() => {
    database.close();
  });

  testStore({
    create: () => durableObjectStore(storage, { now: clock.now }),
    createUnreachable: () => durableObjectStore(storage, { table: 'absent' }),
    it: itPasses,
    clock,
  });
});

describe('durableObjectStore', () => {
  it.each([null, undefined, {}, { sql: null }, { exec: () => null }, { sql: { exec: () => [] } }])(
    'refuses %o as a storage',
    (storage) => {
      // @ts-expect-error: no storage with SQL
      expect(() => durableObjectStore(storage)).toThrow(
        expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }),
      );
    },
  );

  it('refuses the storage of a class without SQLite, whose sql throws', () => {
    const exec = (): never => {
      throw new Error('SQL is not enabled for this Durable Object class');
    };
    expect(() => durableObjectStore({ sql: { exec } })).toThrow(/new_sqlite_classes/);
  });

  it('sets up with the text of the schema, and binds nothing', async () => {
    const sent: unknown[][] = [];
    const exec = (...args: unknown[]): { toArray: () => unknown[] } => {
      sent.push(args);
      return { toArray: () => [] };
    };
    await durableObjectStore({ sql: { exec } }, { table: 'factors' }).setup();
    expect(sent).toEqual([['SELECT 1'], [durableObjectSchema('factors')]]);
  });

  it('rejects, and does not throw, when a statement fails', async () => {
    const exec = (text: string): { toArray: () => unknown[] } => {
      if (text === 'SELECT 1') return { toArray: () => [] };
      throw new Error('no such table');
    };
    const store = durableObjectStore({ sql: { exec } });
    await expect(store.read('key')).rejects.toThrow('no such table');
    await expect(store.write('key', null, 'a1')).rejects.toThrow('no such table');
  });
});

describe('durableObjectSchema', () => {
  it('is the schema of SQLite', () => {
    expect(durableObjectSchema('second_factor')).toBe(sqliteSchema('second_factor'));
  });
});
