import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export interface Customer {
  readonly number: string;
  readonly name: string;
  readonly email: string;
  readonly timeZone: string;
}

/** The customer, if the password is right. An unknown number costs the same work and gets the same answer. */
export async function checkPassword(number: string, password: string): Promise<Customer | null> {
  const account = accounts.get(number.trim());
  const right = await isPassword(password, account?.passwordHash ?? nobody);
  return right && account !== undefined ? account.customer : null;
}

/** A customer who is known to exist. */
export function findCustomer(number: string): Customer {
  const account = accounts.get(number);
  if (account === undefined) throw new Error('a session of a customer who does not exist');
  return account.customer;
}

/** The one customer of the demonstration; their password is "correct horse battery staple". */
const accounts = new Map([
  [
    '12345',
    {
      customer: {
        number: '12345',
        name: 'Ada Example',
        email: 'ada@example.com',
        timeZone: 'Europe/Berlin',
      },
      passwordHash: {
        salt: 'G894U6DzsMytcfo4crmf7A==',
        key: 'vp4XSpgTU+z803xwPbS1jaDZ2lhYwx4+vkc4D+TPYKs=',
      },
    },
  ],
]);

/** What a password is compared with if there is no customer. */
const nobody = { salt: 'bm9ib2R5', key: Buffer.alloc(32).toString('base64') };

/** OWASP Password Storage Cheat Sheet, scrypt: N = 2^17, r = 8, p = 1. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };

const derive = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

async function isPassword(password: string, hash: { salt: string; key: string }): Promise<boolean> {
  const key = Buffer.from(hash.key, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(hash.salt, 'base64'), key.length, cost), key);
}
