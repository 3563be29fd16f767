import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

/** A folder in which an application has installed the packed package, with the suite as programs. */
export interface Application {
  readonly folder: string;
  /** Prints the checks' results: a module that imports the package by its name. */
  readonly program: string;
  /** The same as one file without imports. It sets `globalThis.runSuite`. */
  readonly bundle: string;
  close(): void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Packs the package, which must be built, and installs it where nothing else of this repository is in reach. */
export async function openApplication(): Promise<Application> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-runtimes-'));
  const report = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [packed] = JSON.parse(report) as [{ filename: string }];
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  npm(['install', '--offline', '--ignore-scripts', join(folder, packed.filename)], folder);
  const source = readFileSync(new URL('suite.ts', import.meta.url), 'utf8');
  const { code: suite } = await transform(source, { loader: 'ts', target: 'es2022' });
  writeFileSync(join(folder, 'suite.mjs'), suite);
  writeFileSync(join(folder, 'program.mjs'), `${importSuite}\n${printResults}`);
  await bundle(folder);
  return {
    folder,
    program: 'program.mjs',
    bundle: 'bundle.js',
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const importSuite = `import { runSuite } from './suite.mjs';`;
const printResults = `console.log(JSON.stringify(await runSuite()));`;

async function bundle(folder: string): Promise<void> {
  const contents = `${importSuite}\nglobalThis.runSuite = runSuite;`;
  const outfile = join(folder, 'bundle.js');
  await build({ stdin: { contents, resolveDir: folder }, bundle: true, format: 'esm', outfile });
}

function npm(args: string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8' });
}
