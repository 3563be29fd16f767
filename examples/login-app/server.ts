import { serve, type ServerType } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import { type AppOptions, createApp } from './app.js';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the app and its style sheet from Node, to this machine only. */
export function startServer(options: AppOptions, port: number): Promise<RunningServer> {
  const assets = fileURLToPath(new URL('assets', import.meta.url));
  const whole = new Hono()
    .use(
      '/assets/*',
      serveStatic({ root: assets, rewriteRequestPath: (path) => path.slice('/assets'.length) }),
    )
    .route('/', createApp(options))
    // A route's own answer to an unknown page is not taken over by `route`.
    .notFound((c) => c.redirect('/login', 303));
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch: whole.fetch, port, hostname: '127.0.0.1' }, (address) => {
      resolve({ url: `http://localhost:${portOf(address)}`, close: () => closed(server) });
    });
    server.once('error', reject);
  });
}

function portOf(address: AddressInfo): number {
  return address.port;
}

function closed(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
