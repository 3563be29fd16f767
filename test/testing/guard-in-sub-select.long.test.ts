import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStore } from '../../src/store/postgres.js';
import { isListening, postgresServer, uniqueName } from '../support/engines/engines.js';
import { describeWith } from '../support/engines/external.js';
import { failuresOf } from './run-suite.js';

const isUp = await isListening(postgresServer.port);

describeWith(
  'PostgreSQL on port 5432',
  isUp,
  'testStore on PostgreSQL with the guard in a sub-select',
  () => {
    const pool = new pg.Pool(postgresServer);
    const table = uniqueName();
    // What postgresStore says, but for the place of the guard.
    const guard = /WHERE (id = \$\d AND etag = \$\d AND \(.*\)) RETURNING/;
    const store = postgresStore(
      {
        query: (text, params) =>
          pool.query(text.replace(guard, `WHERE id = (SELECT id FROM ${table} WHERE $1) RETURNING`), params),
      },
      { table },
    );

    beforeAll(() => store.setup());
    afterAll(async () => {
      await pool.query(`DROP TABLE ${table}`);
      await pool.end();
    });

    it('fails it, because both of two rivals win', async () => {
      const failures = await failuresOf({ create: () => store });
      expect(Object.keys(failures)).toEqual(
        expect.arrayContaining([
          'lets exactly one of 64 parallel replacements win',
          'loses no update of 8 writers that read, add one and write',
        ]),
      );
      expect(failures).not.toHaveProperty([
        'refuses to replace a record that has another etag, and loses nothing',
      ]);
    });
  },
);
