import { existsSync } from 'node:fs';
import { runtimes } from '../support/runtimes.js';

/** A Node that has node:sqlite: this one, or the one of `npm ci --prefix test/runtimes`. */
export function nodeWithSqlite(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 5)) return process.execPath;
  return existsSync(runtimes.node24) ? runtimes.node24 : undefined;
}
