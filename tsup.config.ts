import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'tsup';
import { keepConstants } from './tools/keep-constants.js';
import manifest from './package.json' with { type: 'json' };

// Built aside and then moved into place, so that nobody who reads `dist` meanwhile meets a half-written one.
const temporary = `node_modules/.cache/countersign-build-${process.pid}`;
const staging = join(temporary, 'dist');
process.once('exit', () => {
  rmSync(temporary, { recursive: true, force: true });
});

export default defineConfig({
  entry: entryPoints(),
  outDir: staging,
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  splitting: false,
  treeshake: true,
  sourcemap: false,
  silent: true,
  onSuccess: finish,
});

/** One source file for each sub-path of package.json's `exports`, which point at its namesake in `dist`. */
function entryPoints(): string[] {
  return Object.values(manifest.exports)
    .filter((entry) => typeof entry !== 'string')
    .map((entry) => entry.import.default.replace(/^\.\/dist\/(.+)\.js$/, 'src/$1.ts'));
}

function finish(): Promise<void> {
  for (const file of filesIn(staging, /\.c?js$/)) {
    writeFileSync(file, keepConstants(readFileSync(file, 'utf8')));
  }
  writeDeclarations();
  replaceDist();
  return Promise.resolve();
}

/**
 * Declarations come from the compiler, a file for each source file: a bundler of declarations exported
 * names that did not exist at run time. CommonJS needs the same files under `.d.cts`.
 */
function writeDeclarations(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', staging], {
    stdio: 'inherit',
  });
  for (const file of filesIn(staging, /\.d\.ts$/)) writeCommonJsTwin(file);
}

function writeCommonJsTwin(file: string): void {
  const text = readFileSync(file, 'utf8').replace(
    /((?:from|import\() ?['"]\.{1,2}\/[^'"]+)\.js(['"])/g,
    '$1.cjs$2',
  );
  writeFileSync(file.replace(/\.d\.ts$/, '.d.cts'), text);
}

function filesIn(folder: string, pattern: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => pattern.test(file)).map((file) => join(folder, file));
}

function replaceDist(): void {
  if (existsSync('dist')) renameSync('dist', join(temporary, 'previous'));
  renameSync(staging, 'dist');
}
