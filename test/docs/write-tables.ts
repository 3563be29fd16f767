/** Writes the computed tables into the pages: `npx tsx test/docs/write-tables.ts`. */
import { decisionsTable } from './decisions-table.js';
import { pagesWithTables, writeTables } from './page-tables.js';
import { policyTables } from './policy-tables.js';

const tables = new Map([...policyTables(), ['decisions', decisionsTable()]]);
for (const page of pagesWithTables) await writeTables(page, tables);
