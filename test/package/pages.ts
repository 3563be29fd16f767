import { readdirSync, readFileSync } from 'node:fs';

/** The Markdown files below a folder, by their paths in it. */
export function pagesBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.md')).sort();
}

/** The text of a page without its blocks of code. */
export function readPage(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(/^```[^]*?^```/gm, '');
}
