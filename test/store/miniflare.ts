import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(new URL('../engines/package.json', import.meta.url));

/** What `describeWith` says is missing where {@link hasMiniflare} is false. */
export const miniflareNeeds = 'miniflare (npm ci --prefix test/engines)';

/** Whether workerd can be run. */
export const hasMiniflare = existsSync(new URL('../engines/node_modules/miniflare', import.meta.url));

/** What the tests use of miniflare, whose types are installed with it. */
export interface Miniflare {
  dispatchFetch(url: string): Promise<Response>;
  getD1Database(name: string): Promise<unknown>;
  dispose(): Promise<void>;
}

/** Starts workerd with a Worker of this folder. */
export async function startWorker(file: string, options: object): Promise<Miniflare> {
  const path = pathToFileURL(require.resolve('miniflare')).href;
  const { Miniflare } = (await import(path)) as { Miniflare: new (options: object) => Miniflare };
  const script = await bundle(file);
  return new Miniflare({ modules: true, script, compatibilityDate: '2026-04-01', ...options });
}

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    ...{ bundle: true, write: false, format: 'esm', target: 'es2022' },
    external: ['cloudflare:workers'],
  });
  return outputFiles.map(({ text }) => text).join('');
}
