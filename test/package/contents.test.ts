import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { application, distFiles, packageFolder, tarball } from './installed.js';

it('installs as one package and brings no other', () => {
  const installed = readdirSync(join(application, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(installed).toEqual(['countersign']);
});

it('holds the built files, the guides, the documents beside them and nothing else', () => {
  const documents = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'THIRD-PARTY-NOTICES.md',
    'package.json',
  ];
  const files = packedFiles();
  const others = files.filter((file) => !/^dist\/|^docs\/guides\/.+\.(md|svg)$/.test(file));
  expect(others.sort()).toEqual(documents);
  expect(files.filter((file) => file.startsWith('dist/') && !/\.(js|cjs|d\.ts|d\.cts)$/.test(file))).toEqual(
    [],
  );
});

it('gives the licence and the version of each package whose code it contains', () => {
  const notices = readFileSync(join(packageFolder, 'THIRD-PARTY-NOTICES.md'), 'utf8');
  const bundled = bundledPackages().sort();
  expect(bundled).toEqual(['@noble/hashes', 'uqr']);
  for (const name of bundled) {
    expect(notices).toContain(`## ${name} ${versionOf(name)}\n`);
    expect(notices).toContain(readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim());
  }
});

function packedFiles(): string[] {
  const listing = execFileSync('tar', ['--list', '--file', tarball], { encoding: 'utf8' });
  return listing
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''));
}

/** The bundler writes the origin of each piece of code above it. */
function bundledPackages(): string[] {
  const origins = distFiles('.js', '.cjs').flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm),
  ]);
  return [...new Set(origins.flatMap(([, name]) => name ?? []))];
}

function versionOf(name: string): string {
  const manifest = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
