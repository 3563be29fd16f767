/** The Worker with the clock and the mail service of a test, which are two services that it is bound to. */
import { createTwoFactor, type Send } from 'countersign';
import { type D1Client, d1Store } from 'countersign/d1';
import { noteApps } from '../framework-login/customers.js';
import { type AppServices, createApp } from './src/app.js';
import { createSessions } from './src/sessions.js';
import { d1Completions, d1Customers, queryOf } from './src/tables.js';

interface Service {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

interface Bindings {
  readonly DB: D1Client;
  readonly COUNTERSIGN_KEY: string;
  readonly CLOCK: Service;
  readonly MAIL: Service;
}

let time = 0;
const now = (): number => time;

function servicesOf({ DB, COUNTERSIGN_KEY, MAIL }: Bindings): AppServices {
  const send: Send = async (mail) => {
    const { ok } = await MAIL.fetch('http://mail/', { method: 'POST', body: JSON.stringify(mail) });
    if (!ok) throw new Error('the mail service refused the mail');
  };
  const query = queryOf(DB);
  const customers = d1Customers(query);
  const twoFactor = createTwoFactor({
    store: d1Store(DB, { now }),
    keys: [COUNTERSIGN_KEY],
    issuer: 'Example Hosting',
    onEvent: noteApps(customers),
    ...{ send, now },
  });
  const completions = d1Completions(query, now);
  return { twoFactor, customers, completions, sessions: createSessions(query, now), now };
}

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    time = Number(await (await bindings.CLOCK.fetch('http://clock/')).text());
    // A deployed Worker sees the address that the browser sees.
    const isHttps = request.headers.get('X-Forwarded-Proto') === 'https';
    const seen = isHttps ? new Request(request.url.replace(/^http:/, 'https:'), request) : request;
    return createApp(servicesOf(bindings)).fetch(seen);
  },
};
