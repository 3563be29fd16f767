import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const pages = ['.', 'docs', 'examples'].flatMap(pagesBelow);

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });
});

it('finds a link that leads nowhere', () => {
  expect(leadsSomewhere('README.md', 'docs/guides/no-such-page.md')).toBe(false);
  expect(leadsSomewhere('README.md', 'SECURITY.md#no-such-heading')).toBe(false);
  expect(leadsSomewhere('README.md', 'SECURITY.md#reporting-a-vulnerability')).toBe(true);
  expect(leadsSomewhere('SECURITY.md', '#reporting-a-vulnerability')).toBe(true);
});

/**
 * The pages of a folder, and of those below it unless it is the root. Left out are generated and installed ones: some
 * examples link to this package, so a walk that follows links would never end.
 */
function pagesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return path.endsWith('.md') ? [path] : [];
    const isWalked = folder !== '.' && entry.isDirectory() && !/^(api|node_modules|\..+)$/.test(entry.name);
    return isWalked ? pagesBelow(path) : [];
  });
}

/** The targets of the page's links, but for those to other sites. */
function linksOf(page: string): string[] {
  const prose = read(page).replaceAll(/^```[^]*?^```/gm, '');
  const targets = Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(root, resolve(root, dirname(page), path));
  if (!existsSync(join(root, target))) return false;
  if (anchor === undefined) return true;
  return statSync(join(root, target)).isFile() && anchorsOf(target).includes(anchor);
}

/** The anchors that GitHub and TypeDoc make of headings. */
function anchorsOf(page: string): string[] {
  return Array.from(read(page).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}
