import { existsSync, readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import categories from '../../docs/typedoc/categories.json' with { type: 'json' };

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const { projectDocuments, categoryOrder } = JSON.parse(read('typedoc.json')) as {
  projectDocuments: string[];
  categoryOrder: string[];
};

/** The names that the main entry point exports, types included. */
function exportedNames(): string[] {
  const source = ts.createSourceFile('index.ts', read('src/index.ts'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause) return [];
    return ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [];
  });
}

describe('the API reference', () => {
  it('groups every export of the main entry point by what one wants to do, once', () => {
    const grouped = Object.values(categories).flat();
    expect(grouped.length).toBeGreaterThan(60);
    expect(grouped.sort()).toEqual(exportedNames().sort());
  });

  it('has a place for every group in its navigation', () => {
    expect(categoryOrder).toEqual(expect.arrayContaining(Object.keys(categories)));
  });

  it('lists pages that exist', () => {
    const named = projectDocuments.filter((page) => !/[*(]/.test(page));
    expect(named.filter((page) => !existsSync(new URL(page, root)))).toEqual([]);
  });
});

describe('a guide', () => {
  const guides = readdirSync(new URL('docs/guides', root)).filter((file) => file.endsWith('.md'));

  it.each(guides)('can be found in the README, in llms.txt and in the API reference: %s', (guide) => {
    const page = `docs/guides/${guide}`;
    expect(read('README.md')).toContain(`(${page})`);
    expect(read('llms.txt')).toContain(`(${page})`);
    expect(projectDocuments).toContain(page);
  });
});
