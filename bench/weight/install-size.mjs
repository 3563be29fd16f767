import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What installing a package brings: itself and all its dependencies.
 *
 * @param {string} name
 * @param {string} folder with `node_modules` in it
 * @returns {{ packages: number, bytes: number, files: number }}
 */
export function installSize(name, folder) {
  const homes = [...closure(name, folder, new Set())];
  const files = homes.flatMap(filesOf);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return { packages: homes.length, files: files.length, bytes };
}

/** The version that is installed. */
export function versionOf(name, folder) {
  return manifestOf(find(name, folder)).version;
}

function closure(name, from, homes) {
  const home = find(name, from);
  if (homes.has(home)) return homes;
  homes.add(home);
  for (const dependency of Object.keys(manifestOf(home).dependencies ?? {})) closure(dependency, home, homes);
  return homes;
}

function find(name, from) {
  const home = join(from, 'node_modules', name);
  if (existsSync(home)) return home;
  const above = dirname(from);
  if (above === from) throw new Error(`${name} is not installed`);
  return find(name, above);
}

function manifestOf(home) {
  return JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
}

/** Without nested packages, which the closure finds if they are used. */
function filesOf(home) {
  return readdirSync(home, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(join(home, entry.name));
    return [join(home, entry.name)];
  });
}
