import { describe, expect, it } from 'vitest';
import { pagesWithTables, readTables } from './page-tables.js';
import { policyTables } from './policy-tables.js';

const computed = policyTables();

describe.each(pagesWithTables)('%s', (page) => {
  const shown = readTables(page);

  it('shows a table of computed figures', () => {
    expect(shown.size).toBeGreaterThan(0);
  });

  it.each([...shown.keys()])('shows what explainPolicy computes: %s', (name) => {
    // If this fails: npx tsx test/docs/write-tables.ts
    expect(shown.get(name)).toEqual(computed.get(name));
  });
});
