import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { entryPoints, exportedNames, type Format, packageFolder, run } from './installed.js';

const formats: readonly Format[] = ['import', 'require'];
const runtime = { import: exportedNames('import'), require: exportedNames('require') };
const typed = { import: typedNames('import'), require: typedNames('require') };

describe.each(entryPoints)('$specifier', (entryPoint) => {
  const { specifier } = entryPoint;

  it('exports the same names to import and to require', () => {
    expect(runtime.import[specifier]).not.toEqual([]);
    expect(runtime.require[specifier]).toEqual(runtime.import[specifier]);
  });

  it.each(formats)('promises %s in its types just what exists at run time', (format) => {
    expect(typed[format][specifier]).toEqual(runtime[format][specifier]);
  });

  it('is a single file: each further one costs an import about a millisecond', () => {
    for (const { default: file } of [entryPoint.import, entryPoint.require]) {
      const text = readFileSync(join(packageFolder, file), 'utf8');
      expect(/^(?:import|export)\b.*\bfrom ['"]|^import ['"]|= require\(/m.test(text)).toBe(false);
    }
  });
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

/** For every entry point but the main one, a call that it refuses. */
const mistakes: Readonly<Record<string, string>> = {
  'countersign/qr': "qrSvg('')",
  'countersign/redis': 'redisStore({})',
  'countersign/postgres': 'postgresStore({})',
  'countersign/sqlite': 'sqliteStore({})',
  'countersign/mysql': 'mysqlStore({})',
  'countersign/d1': 'd1Store({})',
  'countersign/durable-object': 'durableObjectStore({})',
  'countersign/dynamodb': 'dynamodbStore({})',
  'countersign/testing': "testClock('now')",
};

it('has a mistake to make at every entry point', () => {
  const [, ...others] = entryPoints.map(({ specifier }) => specifier);
  expect(Object.keys(mistakes).sort()).toEqual(others.sort());
});

it.each(Object.entries(mistakes))('knows the errors of %s as its own', (specifier, mistake) => {
  const report = run(`
    import { CountersignError } from 'countersign';
    import * as entryPoint from '${specifier}';
    try {
      entryPoint.${mistake};
    } catch (error) {
      console.log(JSON.stringify(error instanceof CountersignError && error.code));
    }
  `);
  expect(report).toMatch(/^ERR_/);
});

/** The exports of each entry point's declarations that stand for a value, by specifier. */
function typedNames(format: Format): Record<string, string[]> {
  const files = entryPoints.map((entryPoint) => join(packageFolder, entryPoint[format].types));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: [],
  });
  const names = files.map((file) => valuesOf(file, program));
  return Object.fromEntries(entryPoints.map(({ specifier }, index) => [specifier, names[index] ?? []]));
}

function valuesOf(file: string, program: ts.Program): string[] {
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
