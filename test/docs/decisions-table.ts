import { readdirSync, readFileSync } from 'node:fs';
import type { Table } from './page-tables.js';

const folder = new URL('../../docs/decisions/', import.meta.url);

/** The decisions, each with what its page says of its state between the heading and the context. */
export function decisionsTable(): Table {
  const files = readdirSync(folder).filter((file) => /^\d{4}-/.test(file));
  return [['number', 'decision', 'state'], ...files.sort().map(rowOf)];
}

function rowOf(file: string): readonly string[] {
  const [heading = '', ...lines] = readFileSync(new URL(file, folder), 'utf8').split('\n');
  const title = heading.replace(/^# \d+[.:] /, '');
  const [above = ''] = lines.join(' ').split('## ');
  const state = above.trim().replaceAll(/\s+/g, ' ');
  return [
    file.slice(0, 4),
    `[${capitalised(title)}](${file})`,
    /^$|^Overturns/.test(state) ? `Stands. ${state}`.trim() : state,
  ];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
