import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type Door, doors, packageFolder, run, runtimeNames } from './installed.js';

describe.each(doors)('$specifier', (door: Door) => {
  it('exports the same names to import and to require', () => {
    const names = runtimeNames(door, 'import');
    expect(names).not.toEqual([]);
    expect(runtimeNames(door, 'require')).toEqual(names);
  });

  it.each(['import', 'require'] as const)(
    'promises %s in its types just what exists at run time',
    (format) => {
      expect(typedNames(join(packageFolder, door[format].types))).toEqual(runtimeNames(door, format));
    },
  );
});

it('lets each module format recognise the errors of the other', () => {
  const report = run(`
    import { createRequire } from 'node:module';
    import * as imported from 'countersign';
    const required = createRequire(import.meta.url)('countersign');
    const thrownBy = ({ Secret }) => {
      try {
        Secret.fromBase32('!');
      } catch (error) {
        return error;
      }
    };
    console.log(JSON.stringify({
      separate: imported.CountersignError !== required.CountersignError,
      ofRequired: imported.isCountersignError(thrownBy(required)),
      ofImported: thrownBy(imported) instanceof required.CountersignError,
    }));
  `);
  expect(report).toEqual({ separate: true, ofRequired: true, ofImported: true });
});

it.each([
  ['countersign/qr', "qrSvg('')"],
  ['countersign/redis', 'redisStore({})'],
  ['countersign/postgres', 'postgresStore({})'],
  ['countersign/sqlite', 'sqliteStore({})'],
  ['countersign/mysql', 'mysqlStore({})'],
  ['countersign/testing', "testClock('now')"],
])('knows the errors of %s as its own', (specifier, mistake) => {
  const report = run(`
    import { CountersignError } from 'countersign';
    import * as door from '${specifier}';
    try {
      door.${mistake};
    } catch (error) {
      console.log(JSON.stringify(error instanceof CountersignError && error.code));
    }
  `);
  expect(report).toMatch(/^ERR_/);
});

it.each(doors)(
  'is a single file for $specifier: each further one costs an import about a millisecond',
  (door) => {
    for (const { default: file } of [door.import, door.require]) {
      const text = readFileSync(join(packageFolder, file), 'utf8');
      expect(/^(?:import|export)\b.*\bfrom ['"]|^import ['"]|= require\(/m.test(text)).toBe(false);
    }
  },
);

/** The exports of a declaration file that stand for a value. */
function typedNames(file: string): string[] {
  const options = {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: [],
  };
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is not a module`);
  return checker
    .getExportsOfModule(module)
    .filter((symbol) => isValue(symbol, checker))
    .map((symbol) => symbol.name)
    .sort();
}

function isValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  if (symbol.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration)) return false;
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.flags & ts.SymbolFlags.Value) !== 0;
}
