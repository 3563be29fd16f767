import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const guides = readdirSync(new URL('docs/guides', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/guides/${file}`);
const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/releasing.md', ...guides];

/** People are "they", and the project has no private words. */
const avoided = /\b(whoever|anew|besides|he|his|him|somebody|workshop|crew|doors?|rooms|contenders?)\b/gi;

it('knows the words to avoid', () => {
  expect('Whoever he is, he comes anew.'.match(avoided)).toEqual(['Whoever', 'he', 'he', 'anew']);
});

it.each(pages)('keeps to plain words: %s', (page) => {
  const prose = readFileSync(new URL(page, root), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  expect(prose.match(avoided) ?? []).toEqual([]);
});
