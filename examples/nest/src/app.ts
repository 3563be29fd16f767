import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { memoryStore, type Send } from 'countersign';
import * as pages from '../../framework-login/pages.js';
import { AppModule } from './app.module.js';
import { sessions } from './session.js';

/** What a caller may put in place of the usual. */
export interface AppOptions {
  readonly send?: Send;
  readonly now?: () => number;
  /** Believes the proxy in front that a request came over https, so that cookies are Secure. */
  readonly behindProxy?: boolean;
}

/** Makes the application, which does not listen yet. */
export async function createApp({
  send = print,
  now = Date.now,
  behindProxy = false,
}: AppOptions = {}): Promise<NestExpressApplication> {
  const module = AppModule.register({
    store: memoryStore({ now }), // The line that changes, to a store that outlives the process: docs/guides/stores.md
    keys: [randomBytes(32)], // From your configuration, or no app works after a restart: docs/guides/keys.md
    issuer: 'Example Hosting',
    send,
    now,
  });
  const app = await NestFactory.create<NestExpressApplication>(module, { logger: ['error', 'warn'] });
  app.disable('x-powered-by');
  app.set('trust proxy', behindProxy);
  app.use((_req: unknown, res: { set(headers: object): void }, next: () => void) => {
    res.set({ ...pages.pageHeaders, 'Content-Type': 'text/html; charset=utf-8' });
    next();
  }, sessions());
  return app;
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
