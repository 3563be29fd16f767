import type { D1Client } from 'countersign/d1';
import { COMPLETION_MS, type Completions } from '../../framework-login/completions.js';
import type { Customers } from '../../framework-login/customers.js';

/** Runs a statement, and returns its rows. */
export type Query = <Row>(text: string, ...params: (string | number)[]) => Promise<Row[]>;

/** Statements on a D1 binding. */
export function queryOf(database: D1Client): Query {
  return async <Row>(text: string, ...params: (string | number)[]) => {
    const { results } = await database
      .prepare(text)
      .bind(...params)
      .all();
    return results as Row[];
  };
}

/** The customers' table. */
export function d1Customers(query: Query): Customers {
  interface Row {
    readonly email: string;
    readonly password_hash: string;
    readonly has_app: number;
    readonly generation: number;
  }
  return {
    async find(number) {
      const [row] = await query<Row>('SELECT * FROM customers WHERE number = ?1', number);
      if (row === undefined) return undefined;
      const { email, generation, password_hash: passwordHash, has_app: hasApp } = row;
      return { number, email, passwordHash, hasApp: hasApp === 1, generation };
    },
    async noteApp(number, hasApp) {
      await query('UPDATE customers SET has_app = ?2 WHERE number = ?1', number, hasApp ? 1 : 0);
    },
    async endSessions(number) {
      const text = 'UPDATE customers SET generation = generation + 1 WHERE number = ?1 RETURNING generation';
      const [row] = await query<Pick<Row, 'generation'>>(text, number);
      return row?.generation ?? 0;
    },
  };
}

/** Completions in a table, since the second click may meet another isolate. */
export function d1Completions(query: Query, now: () => number): Completions {
  return {
    async note(key) {
      await query('DELETE FROM completions WHERE expires_at <= ?1', now());
      const text = 'INSERT INTO completions (id, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING';
      await query(text, key, now() + COMPLETION_MS);
    },
    async has(key) {
      const text = 'SELECT id FROM completions WHERE id = ?1 AND expires_at > ?2';
      return (await query(text, key, now())).length > 0;
    },
  };
}
