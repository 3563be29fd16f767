import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderEvidence, renderFeatureTable } from './feature-table.js';

/** The page that holds the table and its evidence. */
export const page = fileURLToPath(new URL('../../docs/guides/coming-from/feature-table.md', import.meta.url));

/** The page's text, with the prose of the one there is and the table and the evidence of the code. */
export function renderPage(text: string): string {
  return between(between(text, 'table', renderFeatureTable()), 'evidence', renderEvidence());
}

/** Puts `content` between the two comments that name the part. */
function between(text: string, part: string, content: string): string {
  const [begin, end] = [`<!-- ${part} -->`, `<!-- end of ${part} -->`];
  const [head, rest = ''] = text.split(begin);
  const tail = rest.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`the page has no part ${part}`);
  return `${head}${begin}\n\n${content}\n\n${end}${tail}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(page, renderPage(readFileSync(page, 'utf8')));
}
