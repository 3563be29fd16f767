import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

describe('the files of src', () => {
  it('import each other in no circle', () => {
    expect(circleIn(new Map(files.map((file) => [file, importsOf(file)])))).toBeNull();
  });

  it('have names of their own, index.ts aside', () => {
    expect(repeated(files.map((file) => basename(file)))).toEqual([]);
  });

  it('lie in the folders whose imports are linted', () => {
    const folders = new Set(files.map((file) => file.split('/')[0]));
    expect([...folders].sort()).toEqual([...Object.keys(mayImport), 'index.ts'].sort());
  });
});

describe('the searches of the tests above', () => {
  it('find a circle, and none where there is none', () => {
    expect(
      circleIn(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
    const tree = new Map([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', []],
    ]);
    expect(circleIn(tree)).toBeNull();
  });

  it('read every kind of import', () => {
    expect(importsOf('index.ts')).toContain('otp/secret.ts');
    expect(importsOf('testing/outbox.ts')).toContain('email-token/settings.ts');
  });

  it('find a name that is given twice', () => {
    expect(repeated(['a.ts', 'b.ts', 'a.ts', 'index.ts', 'index.ts'])).toEqual(['a.ts']);
  });
});

/** The arrows of CONTRIBUTING.md. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  internal: [],
  otp: ['internal'],
  qr: ['internal'],
  store: ['internal'],
  'email-token': ['internal', 'otp', 'store'],
  'two-factor': ['internal', 'otp', 'store', 'email-token'],
  testing: ['internal', 'store', 'email-token'],
};

describe.each(Object.entries(mayImport))('the lint rules of src/%s', (folder, allowed) => {
  it.each(Object.keys(mayImport))('judge an import from src/%s', async (other) => {
    const isAllowed = other === folder || allowed.includes(other);
    const from = other === folder ? './x.js' : `../${other}/x.js`;
    expect(await complaints(`src/${folder}/x.ts`, `export * from '${from}';`)).toEqual(
      isAllowed ? [] : ['no-restricted-imports'],
    );
    const fromBelow = other === folder ? '../x.js' : `../../${other}/x.js`;
    expect(await complaints(`src/${folder}/below/x.ts`, `export * from '${fromBelow}';`)).toEqual(
      isAllowed ? [] : ['no-restricted-imports'],
    );
  });

  it('refuse the entry point, and every package but those that this folder bundles', async () => {
    const bundled: Readonly<Record<string, string>> = { '@noble/hashes/sha2.js': 'internal otp', uqr: 'qr' };
    for (const name of ['../index.js', 'node:crypto', 'pg', 'countersign', '@noble/hashes/sha2.js', 'uqr']) {
      const isBundled = bundled[name]?.split(' ').includes(folder) === true;
      expect(await complaints(`src/${folder}/x.ts`, `import '${name}';`), name).toEqual(
        isBundled ? [] : ['no-restricted-imports'],
      );
    }
  });
});

describe('the lint rules of src', () => {
  const lines = (count: number): string => Array.from({ length: count }, () => '  f();').join('\n');

  it.each([
    ['an import at run time', `void import('./y.js');`, 'no-restricted-syntax'],
    ['a global of Node', `Buffer.from('a');`, 'no-restricted-globals'],
    [
      'five positional parameters',
      'export const f = (a, b, c, d, e) => [a, b, c, d, e];',
      '@typescript-eslint/max-params',
    ],
    ['a function of 41 lines', `function f() {\n${lines(39)}\n}\nf();`, 'max-lines-per-function'],
    ['a fourth level of nesting', 'if (a) { if (a) { if (a) { if (a) { f(); } } } }', 'max-depth'],
  ])('refuse %s', async (_, code, rule) => {
    expect(await complaints('src/otp/x.ts', code)).toContain(rule);
  });

  it.each([
    ['four positional parameters', 'export const f = (a, b, c, d) => [a, b, c, d];'],
    ['a function of 40 lines', `function f() {\n${lines(38)}\n}\nf();`],
    ['three levels of nesting', 'if (a) { if (a) { if (a) { f(); } } }'],
  ])('allow %s', async (_, code) => {
    const found = await complaints('src/otp/x.ts', code);
    expect(found.filter((rule) => !rule.startsWith('@typescript-eslint/explicit'))).toEqual([]);
  });
});

// Without the rules that need types, which take seconds to load and are about something else.
const untyped = [
  tseslint.configs.disableTypeChecked,
  { languageOptions: { parserOptions: { projectService: false } } },
];
const eslint = new ESLint({ cwd: root, overrideConfig: untyped });

/** The rules that a file of this text breaks. */
async function complaints(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, filePath) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

/** The files of src that a file of src imports, types included. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, 'src', file), 'utf8'), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => normalize(join(dirname(file), fileName)).replace(/\.js$/, '.ts'));
}

/** A path through a graph that ends where it began; null if there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const follow = (path: readonly string[], node: string): string[] | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const circle = follow([...path, node], next);
      if (circle !== null) return circle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const circle = follow([], node);
    if (circle !== null) return circle;
  }
  return null;
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => name !== 'index.ts' && names.indexOf(name) < index);
}
