import { describe, expect, it } from 'vitest';
import { decisionsTable } from './decisions-table.js';
import { pagesWithTables, readTables } from './page-tables.js';
import { policyTables } from './policy-tables.js';

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
