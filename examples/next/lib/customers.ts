import { scrypt, timingSafeEqual } from 'node:crypto';
import type { TwoFactorEvent } from 'countersign';

/** Stands for a row of the customers' table that your application has already. */
export interface Customer {
  readonly number: string;
  readonly email: string;
  /** Salt and scrypt hash, in hexadecimal. */
  readonly passwordHash: string;
}

const ada: Customer = {
  number: '12345',
  email: 'customer@example.com',
  // correct horse battery staple
  passwordHash:
    '037b5cbec5337a97b12b7f0779683e56:45f7774a1704b80c4b5bb39e0cf4684bf6b06622126ec3339fc2ce14c028250c',
};

const customers = new Map([[ada.number, ada]]);

declare global {
  var exampleApps: Set<string> | undefined;
}

/** The application's own note of who has an app, so that a lost record of countersign is noticed. A column of yours. */
const withApp = (globalThis.exampleApps ??= new Set());

/** Tells whether the customer has an app, as far as the application knows. */
export function hasApp(number: string): boolean {
  return withApp.has(number);
}

/** Takes a note of what happened to a factor: the `onEvent` of the flow. */
export function noteApp(event: TwoFactorEvent): void {
  const { type, userId } = event;
  if (type === 'activated' || type === 'replaced' || type === 'adopted') withApp.add(userId);
  if (type === 'erased' || (type === 'deactivated' && event.isLast)) withApp.delete(userId);
}

/** Finds the customer of a number. */
export function findCustomer(number: string): Customer | undefined {
  return customers.get(number);
}

/** Finds the customer if the password is right. An unknown number costs the same work, so that time does not tell it. */
export async function checkPassword(number: string, password: string): Promise<Customer | null> {
  const customer = findCustomer(number);
  const isRight = await matches(password, customer?.passwordHash ?? matchesNothing);
  return isRight && customer !== undefined ? customer : null;
}

const matchesNothing = `${'0'.repeat(32)}:${'0'.repeat(64)}`;

function matches(password: string, passwordHash: string): Promise<boolean> {
  const [salt = '', hash = ''] = passwordHash.split(':');
  return new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'hex'), 32, { N: 2 ** 14, r: 8, p: 5 }, (error, key) => {
      if (error) reject(error);
      else resolve(timingSafeEqual(key, Buffer.from(hash, 'hex')));
    });
  });
}
