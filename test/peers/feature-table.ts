import { type Cell, type Feature, type Subject, subjects } from './features/cell.js';
import { codes } from './features/codes.js';
import { login } from './features/login.js';
import { secrets } from './features/secrets.js';
import manifest from './package.json' with { type: 'json' };

export { type Cell, type Feature, type Subject, subjects };

/** Every row, in the table's order. */
export const features: readonly Feature[] = [...codes, ...secrets, ...login];

/** The column's heading: the package, and the version that the lines were run with. */
export function headingOf(subject: Subject): string {
  return subject === 'countersign' ? subject : `${subject} ${manifest.dependencies[subject]}`;
}

/** The table as Markdown, for the README. */
export function renderFeatureTable(): string {
  const heading = ['', ...subjects.map(headingOf)];
  const rows = features.map(({ name, cells }) => [
    name,
    ...subjects.map((subject) => describe(cells[subject])),
  ]);
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map((texts) => texts[column]?.length ?? 0)),
  );
  const rule = widths.map((width) => '-'.repeat(width));
  return [heading, rule, ...rows].map((texts) => row(texts, widths)).join('\n');
}

/** Every line that shows that a package lacks or breaks something, with what it comes to, as Markdown. */
export function renderEvidence(): string {
  return subjects.flatMap((subject) => [`## ${headingOf(subject)}`, evidenceOf(subject)]).join('\n\n');
}

const symbols: Readonly<Record<Cell['mark'], string>> = { yes: '✓', partly: '(✓)', no: '–' };

function describe({ mark, note }: Cell): string {
  return note === '' ? symbols[mark] : `${symbols[mark]} ${note}`;
}

function row(texts: readonly string[], widths: readonly number[]): string {
  return `| ${texts.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
}

function evidenceOf(subject: Subject): string {
  const lines = features
    .filter(({ cells }) => cells[subject].mark !== 'yes')
    .map(({ name, cells }) => evidence(name, cells[subject]));
  return ['```js', lines.join('\n\n'), '```'].join('\n');
}

function evidence(name: string, { note, line, prints }: Cell): string {
  const title = note === '' ? name : `${name}: ${note}`;
  return `// ${title}\n${line};\n// ${prints}`;
}
