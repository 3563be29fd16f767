import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

/** A way into the package: a sub-path of `exports`, what one writes to import it, and where it leads. */
export interface Door {
  specifier: string;
  import: { types: string; default: string };
  require: { types: string; default: string };
}

export const application: string = inject('application');
export const tarball: string = inject('tarball');
export const packageFolder: string = join(application, 'node_modules', manifest.name);

/** Every door, so that a new one is tested from its first day. */
export const doors: Door[] = Object.entries(manifest.exports).flatMap(([subPath, target]) =>
  typeof target === 'string' ? [] : [{ specifier: subPath.replace('.', manifest.name), ...target }],
);

/** Source text that imports each door and lists them as `everyDoor`. */
export const openEveryDoor: string = [
  ...doors.map((door, index) => `import * as door${index} from '${door.specifier}';`),
  `const everyDoor = [${doors.map((_, index) => `door${index}`).join(', ')}];`,
].join('\n');

/** The files of the installed `dist` with one of these endings, as absolute paths. */
export function distFiles(...endings: string[]): string[] {
  const dist = join(packageFolder, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .map((file) => join(dist, file));
}

/** Runs a module in the application's folder, in a process of its own, and returns the JSON it prints. */
export function run(
  source: string,
  format: 'module' | 'commonjs' = 'module',
  node = process.execPath,
): unknown {
  const args = [`--input-type=${format}`, '--eval', source];
  return JSON.parse(execFileSync(node, args, { cwd: application, encoding: 'utf8' }));
}

/** The names that a door exports at run time. */
export function runtimeNames(door: Door, format: 'import' | 'require'): unknown {
  const load = `${format === 'import' ? 'await import' : 'require'}(${JSON.stringify(door.specifier)})`;
  const source = `console.log(JSON.stringify(Object.keys(${load}).sort()))`;
  return run(source, format === 'import' ? 'module' : 'commonjs');
}
