import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

/** A sub-path of `exports`, as an import names it, and the files that it leads to. */
export interface EntryPoint {
  specifier: string;
  import: { types: string; default: string };
  require: { types: string; default: string };
}

export type Format = 'import' | 'require';

/** The folder of an application that has installed the packed package. */
export const application: string = inject('application');
export const tarball: string = inject('tarball');
export const packageFolder: string = join(application, 'node_modules', manifest.name);

/** All of them, read from package.json: a sub-path is tested from its first day. */
export const entryPoints: EntryPoint[] = Object.entries(manifest.exports).flatMap(([subPath, target]) =>
  typeof target === 'string' ? [] : [{ specifier: subPath.replace('.', manifest.name), ...target }],
);

/** Source text that imports every entry point and lists them as `entryPoints`. */
export const importEveryEntryPoint: string = [
  ...entryPoints.map(({ specifier }, index) => `import * as entryPoint${index} from '${specifier}';`),
  `const entryPoints = [${entryPoints.map((_, index) => `entryPoint${index}`).join(', ')}];`,
].join('\n');

/** The files of the installed `dist` with one of these endings, as absolute paths. */
export function distFiles(...endings: string[]): string[] {
  const dist = join(packageFolder, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .map((file) => join(dist, file));
}

/** Runs a module in the application's folder, in a process of its own, and returns the JSON that it prints. */
export function run(source: string, format: 'module' | 'commonjs' = 'module'): unknown {
  const args = [`--input-type=${format}`, '--eval', source];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: application, encoding: 'utf8' }));
}

/** The names that each entry point exports at run time, by specifier. */
export function exportedNames(format: Format): Record<string, string[]> {
  const load = format === 'import' ? 'await import' : 'require';
  const entries = entryPoints.map(
    ({ specifier: name }) => `'${name}': Object.keys(${load}('${name}')).sort()`,
  );
  const source = `console.log(JSON.stringify({ ${entries.join(', ')} }))`;
  return run(source, format === 'import' ? 'module' : 'commonjs') as Record<string, string[]>;
}

// ---- the names that size.test.ts uses -------------------------------------------------------------------------------

export type Door = EntryPoint;
export const doors = entryPoints;
export function runtimeNames({ specifier }: EntryPoint, format: Format): unknown {
  return exportedNames(format)[specifier];
}
