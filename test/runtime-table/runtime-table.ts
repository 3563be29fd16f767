/**
 * Runs the suite on every runtime and writes the table: `npm run build && npx tsx test/runtime-table/runtime-table.ts`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApplication } from './application.js';
import { isInstalled, type Runtime, runtimes } from './runtimes.js';
import type { Check } from './suite.js';

/** A row of the table. */
export interface Row {
  readonly runtime: string;
  readonly version: string;
  readonly checks: readonly Check[];
}

/** Runs the suite on those that are installed, one after another. */
export async function runEverywhere(chosen: readonly Runtime[]): Promise<Row[]> {
  const application = await openApplication();
  try {
    const rows: Row[] = [];
    for (const runtime of chosen) {
      const checks = await runtime.run(application);
      rows.push({ runtime: runtime.name, version: await runtime.version(), checks });
    }
    return rows;
  } finally {
    application.close();
  }
}

/** The table as Markdown. */
export function renderRuntimeTable(rows: readonly Row[]): string {
  const texts = [
    ['runtime', 'version', 'checks passed'],
    ...rows.map(({ runtime, version, checks }) => [
      runtime,
      version,
      `${checks.filter(({ problem }) => problem === null).length} of ${checks.length}`,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const lines = texts.map((row) => line(row.map((text, column) => text.padEnd(widths[column] ?? 0))));
  lines.splice(1, 0, line(widths.map((width) => '-'.repeat(width))));
  return lines.join('\n');
}

function line(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}

const page = fileURLToPath(new URL('../../docs/runtimes.md', import.meta.url));

const head = `# Runtimes

The same checks run on the packed package wherever it promises to run: the codes of the RFCs, otpauth URIs, a login by
mail, by app and by recovery code, rotated keys, and two requests with one code. Written by \`npm run runtimes\`.`;

async function main(): Promise<void> {
  const rows = await runEverywhere(runtimes.filter(isInstalled));
  const missing = runtimes.filter((runtime) => !isInstalled(runtime)).map(({ name }) => name);
  const table = renderRuntimeTable(rows);
  process.stdout.write(`${table}\n`);
  for (const { runtime, checks } of rows) {
    for (const { name, problem } of checks) {
      if (problem !== null) process.stdout.write(`${runtime}: ${name}: ${problem}\n`);
    }
  }
  if (missing.length > 0)
    process.stdout.write(`Not installed, so the page stays as it is: ${missing.join(', ')}\n`);
  else writeFileSync(page, `${head}\n\n${table}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
