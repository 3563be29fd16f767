import { serve, type ServerType } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Context } from 'hono';
import { fileURLToPath } from 'node:url';
import { type AppOptions, createApp } from './app.js';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the app and its style sheet from Node, to this machine only. */
export function startServer(
  options: Omit<AppOptions, 'assets' | 'addressOf'>,
  port: number,
): Promise<RunningServer> {
  const root = fileURLToPath(new URL('assets', import.meta.url));
  const assets = serveStatic({ root, rewriteRequestPath: (path) => path.slice('/assets'.length) });
  const addressOf = options.origin === undefined ? peerOf : forwardedFor;
  const { fetch } = createApp({ ...options, assets, addressOf });
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch, port, hostname: '127.0.0.1' }, ({ port: chosen }) => {
      resolve({ url: `http://localhost:${chosen}`, close: () => closed(server) });
    });
    server.once('error', reject);
  });
}

function peerOf(c: Context): string {
  return getConnInfo(c).remote.address ?? 'unknown';
}

/** The last one, which our proxy wrote: a client can write those before it. */
function forwardedFor(c: Context): string {
  return c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? peerOf(c);
}

function closed(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
