import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { page, renderPage } from './feature-page.js';
import { features, renderFeatureTable, subjects } from './feature-table.js';

it('has a cell for every package in every row, and says in the row where a peer is better', () => {
  for (const { cells } of features) expect(Object.keys(cells).sort()).toEqual([...subjects].sort());
  expect(features.filter(({ cells }) => cells.countersign.mark === 'no').length).toBeGreaterThan(1);
});

it('renders a row for each feature below the two of the heading', () => {
  expect(renderFeatureTable().split('\n')).toHaveLength(features.length + 2);
});

it('is in its page as the code has it: `npx tsx test/peers/feature-page.ts` writes it', () => {
  const text = readFileSync(page, 'utf8');
  expect(text).toBe(renderPage(text));
});
