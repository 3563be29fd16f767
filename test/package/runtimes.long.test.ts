import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { hasRuntimes, runtimes, runtimesNeeded } from '../support/runtimes.js';
import { describeWith } from '../support/engines/external.js';
import { application, importEveryEntryPoint } from './installed.js';

/** Imports every entry point, draws randomness and computes a code of RFC 6238, appendix B. */
const program = `
  ${importEveryEntryPoint}
  import { generateTotp, Secret } from 'countersign';
  const isThere = (entryPoint) => Object.keys(entryPoint).length > 0;
  const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const code = generateTotp(secret, { at: new Date(59_000), digits: 8 });
  const main = () => console.log(entryPoints.every(isThere), Secret.generate().byteLength, code);
`;
const expected = 'true 20 94287082\n';

describeWith(runtimesNeeded, hasRuntimes, 'the package', () => {
  it.each([
    ['this Node', process.execPath, []],
    ['Node 24', runtimes.node24, []],
    ['Bun', runtimes.bun, ['run']],
    ['Deno', runtimes.deno, ['run']],
  ])('runs on %s', (_, executable, args) => {
    writeFileSync(join(application, 'program.mjs'), `${program} main();`);
    expect(execute(executable, [...args, 'program.mjs'])).toBe(expected);
  });

  it('runs on workerd', async () => {
    const contents = `${program} export default { test: main };`;
    const outfile = join(application, 'worker.js');
    await build({ stdin: { contents, resolveDir: application }, bundle: true, format: 'esm', outfile });
    writeFileSync(join(application, 'worker.capnp'), workerdConfig('worker.js'));
    expect(execute(runtimes.workerd, ['test', 'worker.capnp'])).toBe(expected);
  });
});

function execute(executable: string, args: string[]): string {
  return execFileSync(executable, args, {
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
