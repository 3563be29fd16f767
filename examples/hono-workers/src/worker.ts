import { createTwoFactor, type Send } from 'countersign';
import { type D1Client, d1Store } from 'countersign/d1';
import { noteApps } from '../../framework-login/customers.js';
import { type AppServices, createApp } from './app.js';
import { createSessions } from './sessions.js';
import { d1Completions, d1Customers, queryOf } from './tables.js';

/** What wrangler.jsonc and `wrangler secret put` give the Worker. */
interface Bindings {
  readonly DB: D1Client;
  /** 32 random bytes as base64: `openssl rand -base64 32`. */
  readonly COUNTERSIGN_KEY: string;
  /** The names that browsers reach the Worker by, with commas between them. */
  readonly HOSTS: string;
}

export default {
  fetch(request: Request, bindings: Bindings): Response | Promise<Response> {
    return createApp(servicesOf(bindings)).fetch(request);
  },
};

function servicesOf({ DB, COUNTERSIGN_KEY, HOSTS }: Bindings): AppServices {
  const query = queryOf(DB);
  const now = Date.now;
  const customers = d1Customers(query);
  const twoFactor = createTwoFactor({
    store: d1Store(DB),
    keys: [COUNTERSIGN_KEY],
    issuer: 'Example Hosting',
    send: print,
    onEvent: noteApps(customers),
  });
  const completions = d1Completions(query, now);
  const sessions = createSessions(query, now);
  return { twoFactor, customers, completions, sessions, now, hosts: HOSTS.split(',') };
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
