/** The Worker with the clock and the mail service of a test, which are two services that it is bound to. */
import { createTwoFactor, type Send } from 'countersign';
import { type D1Client, d1Store } from 'countersign/d1';
import { createApp, type Services } from './src/app.js';
import { createSessions } from './src/sessions.js';

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

function servicesOf({ DB, COUNTERSIGN_KEY, MAIL }: Bindings): Services {
  const send: Send = async (mail) => {
    const { ok } = await MAIL.fetch('http://mail/', { method: 'POST', body: JSON.stringify(mail) });
    if (!ok) throw new Error('the mail service refused the mail');
  };
  const store = d1Store(DB, { now });
  const keys = [COUNTERSIGN_KEY];
  const twoFactor = createTwoFactor({ store, keys, issuer: 'Example Hosting', send, now });
  return { twoFactor, sessions: createSessions(DB, now), now };
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
