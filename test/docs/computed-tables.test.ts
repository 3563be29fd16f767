import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/index.js';
import { decisionsTable } from './decisions-table.js';
import { pagesWithTables, readTables } from './page-tables.js';
import { percent, policyTables } from './policy-tables.js';

const computed = new Map([...policyTables(), ['decisions', decisionsTable()]]);

describe.each(pagesWithTables)('%s', (page) => {
  const shown = readTables(page);

  it('shows a computed table', () => {
    expect(shown.size).toBeGreaterThan(0);
  });

  it.each([...shown.keys()])('shows what is computed: %s', (name) => {
    // If this fails: npx tsx test/docs/write-tables.ts
    expect(shown.get(name)).toEqual(computed.get(name));
  });
});

it('says in the README what the defaults are worth', () => {
  const { account } = explainPolicy();
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`at most ${percent(account.chancePerYear)} of accounts`);
});
