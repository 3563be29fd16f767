import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStore } from '../../src/store/postgres.js';
import { recordKey, type RecordKind } from '../../src/store/record.js';
import { transact, type Transition } from '../../src/store/transact.js';
import { describeWith } from '../support/engines/external.js';
import { isListening, uniqueName } from '../support/engines/engines.js';

const server = { host: '127.0.0.1', user: 'postgres', database: 'test' };

describeWith('PostgreSQL on port 5432', await isListening(5432), 'a code, while connections are cut', () => {
  const table = uniqueName();
  const operator = new pg.Client(server);
  const pool = new pg.Pool({ ...server, application_name: table });
  const store = postgresStore(pool, { table });

  beforeAll(async () => {
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    await operator.connect();
    await postgresStore({ query: (text) => operator.query(text) }, { table }).setup();
  });
  afterAll(async () => {
    await operator.query(`DROP TABLE ${table}`);
    await Promise.all([pool.end(), operator.end()]);
  });

  const kind: RecordKind<{ readonly isOpen: boolean }> = {
    empty: { isOpen: false },
    parse: (value) => ({ isOpen: value === 'open' }),
    format: () => 'open',
    expiresAt: ({ isOpen }) => (isOpen ? Infinity : 0),
  };
  const open: Transition<{ readonly isOpen: boolean }, null> = () => ({
    state: { isOpen: true },
    outcome: null,
  });
  const redeem: Transition<{ readonly isOpen: boolean }, 'yes' | 'no'> = (state) =>
    state.isOpen ? { state: { isOpen: false }, outcome: 'yes' } : { state, outcome: 'no' };
  const cut = (): Promise<unknown> =>
    operator.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
      table,
    ]);

  it('is accepted at most once, and no failure is a yes', async () => {
    const seen = { yes: 0, no: 0, error: 0 };
    for (let round = 0; round < 40; round++) {
      const transaction = { store, kind, key: recordKey('test', String(round)), now: Date.now };
      await transact(transaction, open).catch(() => null);
      const attempts = Array.from({ length: 20 }, () =>
        transact(transaction, redeem).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'ERR_STORE_FAILED' });
          return 'error' as const;
        }),
      );
      if (round % 2 === 0) await cut();
      const answers = await Promise.all(attempts);
      for (const answer of answers) seen[answer]++;
      expect(answers.filter((answer) => answer === 'yes').length).toBeLessThan(2);
    }
    expect(seen.error).toBeGreaterThan(0);
    expect(seen.yes).toBeGreaterThan(20);
  });
});
