/** Bundles the package with a mark at each branch, so that the fuzzer sees which inputs reach new code. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
import ts from 'typescript';
import type * as entry from './entry.js';

/** What the instrumented bundle exports. */
export type Package = typeof entry;

/** An instrumented copy of the package. */
export interface Instrumented {
  readonly exports: Package;
  readonly branches: BranchLog;
}

/** Which branches of the package were taken. */
export class BranchLog {
  /** How many different ones since the last reset. */
  taken = 0;
  readonly #marks: Uint8Array;

  constructor(branches: number) {
    this.#marks = new Uint8Array(branches);
  }

  /** How many branches there are. */
  get total(): number {
    return this.#marks.length;
  }

  readonly mark = (branch: number): void => {
    if (this.#marks[branch] === 1) return;
    this.#marks[branch] = 1;
    this.taken++;
  };

  reset(): void {
    this.#marks.fill(0);
    this.taken = 0;
  }
}

/** Builds an instrumented copy of the package, and imports it. */
export async function importInstrumented(): Promise<Instrumented> {
  const counter = { branches: 0 };
  const folder = await mkdtemp(join(tmpdir(), 'countersign-fuzz-'));
  const outfile = join(folder, 'package.mjs');
  try {
    await bundle({
      entryPoints: [new URL('entry.ts', import.meta.url).pathname],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
      banner: { js: `const ${MARK} = globalThis.${MARK};` },
      plugins: [marking(counter)],
    });
    const branches = new BranchLog(counter.branches);
    Object.assign(globalThis, { [MARK]: branches.mark });
    return { exports: (await import(outfile)) as Package, branches };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const MARK = 'markCountersignBranch';

function marking(counter: { branches: number }): Plugin {
  return {
    name: 'marking',
    setup: (build) => {
      build.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
        const source = ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.ES2022, true);
        const { transformed } = ts.transform(source, [marker(() => counter.branches++)]);
        const [marked = source] = transformed;
        return { contents: ts.createPrinter().printFile(marked), loader: 'ts' };
      });
    },
  };
}

/** Puts a mark into each block, each arm of `?:`, and the right side of each `&&`, `||` and `??`. */
function marker(nextBranch: () => number): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = ts;
  const mark = (): ts.Expression =>
    factory.createCallExpression(factory.createIdentifier(MARK), undefined, [
      factory.createNumericLiteral(nextBranch()),
    ]);
  const marked = (value: ts.Expression): ts.Expression =>
    factory.createParenthesizedExpression(factory.createComma(mark(), value));
  const markNode = (node: ts.Node): ts.Node => {
    if (ts.isBlock(node)) {
      const statements = [factory.createExpressionStatement(mark()), ...node.statements];
      return factory.updateBlock(node, statements);
    }
    if (ts.isConditionalExpression(node)) {
      const [yes, no] = [marked(node.whenTrue), marked(node.whenFalse)];
      return factory.updateConditionalExpression(
        node,
        node.condition,
        node.questionToken,
        yes,
        node.colonToken,
        no,
      );
    }
    if (ts.isBinaryExpression(node) && choices.has(node.operatorToken.kind)) {
      return factory.updateBinaryExpression(node, node.left, node.operatorToken, marked(node.right));
    }
    if (ts.isIfStatement(node)) {
      const other = node.elseStatement && inBlock(node.elseStatement, mark);
      return factory.updateIfStatement(node, node.expression, inBlock(node.thenStatement, mark), other);
    }
    return node;
  };
  return (context) => (file) => {
    const visit = (node: ts.Node): ts.Node => markNode(ts.visitEachChild(node, visit, context));
    return ts.visitEachChild(file, visit, context);
  };
}

const choices: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

function inBlock(statement: ts.Statement, mark: () => ts.Expression): ts.Statement {
  if (ts.isBlock(statement)) return statement;
  return ts.factory.createBlock([ts.factory.createExpressionStatement(mark()), statement]);
}
