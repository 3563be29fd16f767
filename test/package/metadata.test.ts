import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import jsr from '../../jsr.json' with { type: 'json' };
import { packageFolder } from './installed.js';
import { pagesBelow, readPage } from './pages.js';

const subPaths = Object.entries(manifest.exports).flatMap(([subPath, target]) =>
  typeof target === 'string' ? [] : [{ subPath, types: target.import.types, file: target.import.default }],
);

it('names one repository everywhere', () => {
  const { homepage, bugs, repository } = manifest;
  const address = repository.url.replace(/^git\+|\.git$/g, '');
  expect(homepage).toBe(`${address}#readme`);
  expect(bugs.url).toBe(`${address}/issues`);
});

it('tells compilers that know no exports where the types of each sub-path are', () => {
  const older = Object.entries(manifest.typesVersions['*']);
  const expected = subPaths
    .filter(({ subPath }) => subPath !== '.')
    .map(({ subPath, types }) => [subPath.slice(2), [types]]);
  expect(older).toEqual(expected);
  for (const [, [types = '']] of older) expect(existsSync(join(packageFolder, types)), types).toBe(true);
});

it('is on JSR what it is on npm', () => {
  expect([jsr.version, jsr.license]).toEqual([manifest.version, manifest.license]);
  const sources = subPaths.map(({ subPath, file }) => [
    subPath,
    file.replace(/^\.\/dist\/(.+)\.js$/, './src/$1.ts'),
  ]);
  expect(Object.entries(jsr.exports)).toEqual(sources);
  const bundled = Object.entries(jsr.imports).map(([name, from]) => [name, from.replace(`npm:${name}@`, '')]);
  const { '@noble/hashes': noble, uqr } = manifest.devDependencies;
  expect(bundled).toEqual([
    ['@noble/hashes', noble],
    ['uqr', uqr],
  ]);
});

describe.each(pagesBelow(packageFolder))('%s of the packed package', (page) => {
  const links = Array.from(
    readPage(join(packageFolder, page)).matchAll(/\]\(([^)\s]+)\)/g),
    ([, link = '']) => link,
  );
  const pathOf = (link: string): string => link.replace(/#.*$/, '');

  it('has relative links to packed files only', () => {
    const relative = links.map(pathOf).filter((path) => path !== '' && !/^[a-z]+:/.test(path));
    const missing = relative.filter((path) => !existsSync(join(packageFolder, dirname(page), path)));
    expect(missing).toEqual([]);
  });

  it('has links into the repository to files that exist', () => {
    const inside = `${manifest.homepage.replace('#readme', '')}/blob/main/`;
    const paths = links.map(pathOf).filter((link) => link.startsWith(inside));
    expect(paths.filter((path) => !existsSync(path.slice(inside.length)))).toEqual([]);
  });
});

it('packs the licence and the change log beside the guides', () => {
  for (const file of ['LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'docs/guides/getting-started.md']) {
    expect(readFileSync(join(packageFolder, file), 'utf8').length, file).toBeGreaterThan(500);
  }
});
