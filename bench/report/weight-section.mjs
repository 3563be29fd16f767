import { quantile, ratio } from '../harness/statistics.mjs';
import { short, table, whole } from './format.mjs';

/** What it weighs in a bundle, at a start and in node_modules. */
export function weightSection({ bundles, imports, installs }) {
  const bundleRows = Object.entries(bundles).map(([name, { minified, gzipped }]) => [
    name,
    whole(minified),
    whole(gzipped),
  ]);
  const importRows = Object.entries(imports).map(([name, samples]) => [
    name,
    short(quantile(samples)),
    `${short(ratio(samples, imports.countersign).median)}×`,
  ]);
  const installRows = Object.entries(installs).map(([name, { packages, files, bytes }]) => [
    name,
    whole(packages),
    whole(files),
    whole(bytes),
  ]);
  return `## Weight

Bundled by esbuild for a browser, minified, in bytes: secrets from Base32, generate, verify, and the URI.

${table(['', 'minified', 'gzipped'], bundleRows)}

Importing the whole package in a fresh process:

${table(['', 'ms', 'compared with countersign'], importRows)}

Installed, dependencies included:

${table(['', 'packages', 'files', 'bytes'], installRows)}`;
}
