import { readFileSync } from 'node:fs';
import { Linter } from 'eslint';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { distFiles } from './installed.js';

// What Node, Bun, Deno, workerd and browsers all have. Adding to it is a decision about where the package runs.
const webGlobals = [
  'crypto',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'atob',
  'btoa',
  'setTimeout',
  'clearTimeout',
  'performance',
];

it('refers to nothing outside itself, in code or in types', () => {
  for (const file of distFiles('.js', '.cjs', '.d.ts', '.d.cts')) {
    expect(outsideReferences(readFileSync(file, 'utf8')), file).toEqual([]);
  }
});

it.each([
  ['.js', 'module'],
  ['.cjs', 'commonjs'],
] as const)('uses only ES2022 and the globals of every platform (%s)', (ending, sourceType) => {
  for (const file of distFiles(ending)) {
    expect(foreignGlobals(readFileSync(file, 'utf8'), sourceType), file).toEqual([]);
  }
});

function outsideReferences(text: string): string[] {
  const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(text, true, true);
  return [...importedFiles, ...typeReferenceDirectives]
    .map((reference) => reference.fileName)
    .filter((name) => !name.startsWith('.'));
}

function foreignGlobals(text: string, sourceType: 'module' | 'commonjs'): string[] {
  const globals = Object.fromEntries(webGlobals.map((name) => [name, 'readonly' as const]));
  const languageOptions = { ecmaVersion: 2022, sourceType, globals } as const;
  const messages = new Linter().verify(text, [{ languageOptions, rules: { 'no-undef': 'error' } }]);
  return messages.map((message) => message.message);
}
