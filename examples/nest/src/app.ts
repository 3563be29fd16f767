import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { memoryStore, type Send } from 'countersign';
import { type Customers, memoryCustomers } from '../../framework-login/customers.js';
import { MAX_FORM_BYTES } from '../../framework-login/guard.js';
import { pageHeaders } from '../../framework-login/pages.js';
import { AppModule } from './app.module.js';
import { sessions } from './session.js';

/** What a caller may put in place of the usual. */
export interface AppOptions {
  readonly send?: Send;
  readonly now?: () => number;
  readonly customers?: Customers;
  /** Believes the proxy in front that a request came over https, so that cookies are Secure. */
  readonly behindProxy?: boolean;
}

/** Makes the application, which does not listen yet. */
export async function createApp({
  send = print,
  now = Date.now,
  customers = memoryCustomers(),
  behindProxy = false,
}: AppOptions = {}): Promise<NestExpressApplication> {
  const options = {
    store: memoryStore({ now }), // The line that changes, to a store that outlives the process: docs/guides/stores.md
    keys: [randomBytes(32)], // From your configuration, or no app works after a restart: docs/guides/keys.md
    issuer: 'Example Hosting',
    send,
    now,
  };
  const module = AppModule.register(options, customers);
  // The parser comes after the headers, so that a form that is too long is answered with them as well.
  const settings = { logger: ['error', 'warn'] as ['error', 'warn'], bodyParser: false };
  const app = await NestFactory.create<NestExpressApplication>(module, settings);
  app.disable('x-powered-by');
  app.set('trust proxy', behindProxy);
  app.use((_req: unknown, res: { set(headers: object): void }, next: () => void) => {
    res.set({ ...pageHeaders, 'Content-Type': 'text/html; charset=utf-8' });
    next();
  }, sessions());
  app.useBodyParser('urlencoded', { extended: false, limit: MAX_FORM_BYTES });
  return app;
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
