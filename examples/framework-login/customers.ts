import { scrypt, timingSafeEqual } from 'node:crypto';
import type { TwoFactorEvent } from 'countersign';

/** Stands for a row of the customers' table that your application has already. */
export interface Customer {
  readonly number: string;
  readonly email: string;
  /** The costs of scrypt (N, r and p), the salt and the hash, in hexadecimal. */
  readonly passwordHash: string;
  /** The application's own note, so that a lost record of countersign is noticed. */
  readonly hasApp: boolean;
  /** Goes up when a factor changes: a session of an older generation has ended. */
  readonly generation: number;
}

/** What the login needs of your customers' table. */
export interface Customers {
  find(number: string): Promise<Customer | undefined>;
  noteApp(number: string, hasApp: boolean): Promise<void>;
  /** Ends every session of the customer, and returns the generation of those that begin from now on. */
  endSessions(number: string): Promise<number>;
}

/** The one customer of the examples. */
export const ada: Customer = {
  number: '12345',
  email: 'customer@example.com',
  // correct horse battery staple
  passwordHash:
    '16384:8:5:037b5cbec5337a97b12b7f0779683e56:45f7774a1704b80c4b5bb39e0cf4684bf6b06622126ec3339fc2ce14c028250c',
  hasApp: false,
  generation: 1,
};

/** Customers who are forgotten when the process ends. */
export function memoryCustomers(customer = ada): Customers {
  const rows = new Map([[customer.number, customer]]);
  const change = (number: string, changed: (row: Customer) => Partial<Customer>): Customer | undefined => {
    const row = rows.get(number);
    const next = row && { ...row, ...changed(row) };
    if (next !== undefined) rows.set(number, next);
    return next;
  };
  return {
    find: (number) => Promise.resolve(rows.get(number)),
    noteApp: (number, hasApp) => {
      change(number, () => ({ hasApp }));
      return Promise.resolve();
    },
    endSessions: (number) =>
      Promise.resolve(change(number, ({ generation }) => ({ generation: generation + 1 }))?.generation ?? 0),
  };
}

/** The `onEvent` of the flow: keeps the note of who has an app. */
export function noteApps(customers: Customers): (event: TwoFactorEvent) => Promise<void> | undefined {
  return (event) => {
    const { type, userId } = event;
    if (type === 'activated' || type === 'replaced' || type === 'adopted')
      return customers.noteApp(userId, true);
    if (type === 'erased' || (type === 'deactivated' && event.isLast))
      return customers.noteApp(userId, false);
    return undefined;
  };
}

/** Finds the customer if the password is right. An unknown number costs the same work, so that time does not tell it. */
export async function checkPassword(
  customers: Customers,
  number: string,
  password: string,
): Promise<Customer | null> {
  const customer = await customers.find(number);
  const isRight = await matches(password, customer?.passwordHash ?? matchesNothing);
  return isRight && customer !== undefined ? customer : null;
}

/** A constant: a Worker may draw no randomness before its first request. */
const matchesNothing = `16384:8:5:${'0'.repeat(32)}:${'0'.repeat(64)}`;

function matches(password: string, passwordHash: string): Promise<boolean> {
  const [N, r, p, salt = '', hash = ''] = passwordHash.split(':');
  const costs = { N: Number(N), r: Number(r), p: Number(p) };
  return new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'hex'), 32, costs, (error, key) => {
      if (error) reject(error);
      else resolve(timingSafeEqual(key, Buffer.from(hash, 'hex')));
    });
  });
}
