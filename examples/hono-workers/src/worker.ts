import { createTwoFactor, type Send } from 'countersign';
import { type D1Client, d1Store } from 'countersign/d1';
import { createApp, type Services } from './app.js';
import { createSessions } from './sessions.js';

/** What wrangler.jsonc and `wrangler secret put` give the Worker. */
interface Bindings {
  readonly DB: D1Client;
  /** 32 random bytes as base64: `openssl rand -base64 32`. */
  readonly COUNTERSIGN_KEY: string;
}

export default {
  fetch(request: Request, bindings: Bindings): Response | Promise<Response> {
    return createApp(servicesOf(bindings)).fetch(request);
  },
};

function servicesOf({ DB, COUNTERSIGN_KEY }: Bindings): Services {
  const store = d1Store(DB);
  const twoFactor = createTwoFactor({
    store,
    keys: [COUNTERSIGN_KEY],
    issuer: 'Example Hosting',
    send: print,
  });
  return { twoFactor, sessions: createSessions(DB, Date.now), now: Date.now };
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
