import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** A table of a page: its header and its rows, cell by cell. */
export type Table = readonly (readonly string[])[];

const root = new URL('../..', import.meta.url);
const MARK = /^<!-- table: ([\w ]+) -->\n+((?:\|.*\n)*)\n*/gm;

/** The pages that show a computed table, below a comment `<!-- table: name -->`. */
export const pagesWithTables: readonly string[] = [
  'docs/guides/rate-limits.md',
  'SECURITY.md',
  'docs/decisions/README.md',
];

/** The tables of a page by the names in the comments above them. */
export function readTables(page: string): ReadonlyMap<string, Table> {
  const found = readFileSync(new URL(page, root), 'utf8').matchAll(MARK);
  return new Map(Array.from(found, ([, name = '', text = '']) => [name, parseTable(text)]));
}

/** Writes the tables of a page again. */
export async function writeTables(page: string, tables: ReadonlyMap<string, Table>): Promise<void> {
  const url = new URL(page, root);
  const text = readFileSync(url, 'utf8').replaceAll(MARK, (_, name: string) => {
    return `<!-- table: ${name} -->\n\n${formatTable(tables.get(name) ?? [])}\n`;
  });
  const config = await resolveConfig(url);
  writeFileSync(url, await format(text, { ...config, parser: 'markdown' }));
}

function parseTable(text: string): Table {
  const rows = text.split('\n').filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line));
  return rows.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function formatTable([header = [], ...rows]: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('');
}
