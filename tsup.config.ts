import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'tsup';

/** One entry per sub-path of package.json's `exports`. */
const doors = ['index', 'qr/index'];

export default defineConfig({
  entry: doors.map((door) => `src/${door}.ts`),
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  treeshake: true,
  sourcemap: false,
  clean: true,
  silent: true,
  onSuccess: writeDeclarations,
});

/**
 * Declarations come from the compiler, a file for each source file: a bundler of declarations exported
 * names that did not exist at run time. CommonJS needs the same files under `.d.cts`.
 */
function writeDeclarations(): Promise<void> {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
  for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.d.ts')) writeCommonJsTwin(join('dist', file));
  }
  return Promise.resolve();
}

function writeCommonJsTwin(file: string): void {
  const text = readFileSync(file, 'utf8').replace(/((?:from|import\() ?['"]\.{1,2}\/[^'"]+)\.js(['"])/g, '$1.cjs$2');
  writeFileSync(file.replace(/\.d\.ts$/, '.d.cts'), text);
}
