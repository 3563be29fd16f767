import { transform } from 'esbuild';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';

/** A block of TypeScript in a page or in a docstring. */
export interface CodeBlock {
  readonly file: string;
  /** The line of its fence. */
  readonly line: number;
  /** The heading above it; empty in a docstring. */
  readonly heading: string;
  readonly code: string;
  /** False if the fence says `no-run`, or the code imports what a block has not got: then only its types are checked. */
  readonly runs: boolean;
}

/** Writes blocks to files below the package's root, so that `countersign` resolves to `dist`, and runs them. */
export interface BlockRunner {
  /** What the compiler says of each block, all of them in one program. */
  typeErrors(blocks: readonly CodeBlock[]): ReadonlyMap<CodeBlock, readonly string[]>;
  /** Runs a block as a program of its own and tells where it does not print what its comments say. */
  mismatches(block: CodeBlock): Promise<string[]>;
  close(): void;
}

/** All blocks of the README, of the guides, and of the docstrings under `src`. */
export function readCodeBlocks(root: string): CodeBlock[] {
  const pages = ['README.md', ...filesBelow(root, 'docs/guides', '.md')];
  const sources = filesBelow(root, 'src', '.ts');
  return [
    ...pages.flatMap((file) => blocksOfPage(file, readFileSync(join(root, file), 'utf8'))),
    ...sources.flatMap((file) => blocksOfSource(file, readFileSync(join(root, file), 'utf8'))),
  ];
}

/** The blocks of a Markdown text. */
export function blocksOfPage(file: string, text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let heading = '';
  let open: { line: number; fence: string; lines: string[] } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    if (open === null) {
      heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading;
      if (line.startsWith('```')) open = { line: index + 1, fence: line, lines: [] };
    } else if (line.startsWith('```')) {
      const { fence, lines } = open;
      if (/^```ts\b/.test(fence)) {
        const code = `${lines.join('\n')}\n`;
        blocks.push({
          file,
          line: open.line,
          heading,
          code,
          runs: !fence.includes('no-run') && standsAlone(code),
        });
      }
      open = null;
    } else {
      open.lines.push(line);
    }
  }
  return blocks;
}

/** The blocks in the docstrings of a TypeScript text: what is left of it is a page with nothing else on it. */
export function blocksOfSource(file: string, text: string): CodeBlock[] {
  const page = text.split('\n').map((line) => /^ *\* ?(.*)$/.exec(line)?.[1] ?? '');
  return blocksOfPage(file, page.join('\n').replaceAll(/^#+ /gm, ''));
}

/** Makes a folder for the blocks of this process; the package in `root` must be built. */
export function openRunner(root: string): BlockRunner {
  if (!existsSync(join(root, 'dist/index.js'))) {
    throw new Error('dist is missing: code blocks import the built package, so run `npm run build` first');
  }
  // A folder for each process: two test runs in one tree do not meet.
  const folder = join(root, 'test/.blocks', String(process.pid));
  mkdirSync(folder, { recursive: true });
  return {
    typeErrors: (blocks) => typeErrors(root, folder, blocks),
    mismatches: (block) => mismatches(folder, block),
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function filesBelow(root: string, folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => `${folder}/${file}`);
}

/** No file of the reader's own, no server to connect to, no test runner around it, nothing that Node 20 lacks. */
function standsAlone(code: string): boolean {
  return !/ from '(\.|(pg|postgres|mysql2|redis|ioredis|vitest|node:sqlite)\b)/.test(code);
}

function fileName({ file, line }: CodeBlock): string {
  return `${file.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${line}`;
}

// ---- types ---------------------------------------------------------------------------------------------------------

function typeErrors(
  root: string,
  folder: string,
  blocks: readonly CodeBlock[],
): ReadonlyMap<CodeBlock, readonly string[]> {
  const paths = new Map(blocks.map((block) => [block, join(folder, `${fileName(block)}.ts`)]));
  // Without this line a block that imports nothing would share its names with the next one.
  for (const [block, path] of paths) writeFileSync(path, `${block.code}export {};\n`);
  const program = ts.createProgram([...paths.values()], compilerOptions(root));
  return new Map(
    Array.from(paths, ([block, path]) => {
      const file = program.getSourceFile(path);
      const found = [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ].filter((diagnostic) => !isOutOfReach(diagnostic));
      return [block, found.map((diagnostic) => describeDiagnostic(block, diagnostic))];
    }),
  );
}

/** The repository's own, but a block may introduce what it does not go on to use. */
function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
}

/** A relative import is a file of the reader's own, and the types of Node 20 know nothing of `node:sqlite`. */
function isOutOfReach({ messageText }: ts.Diagnostic): boolean {
  return /^Cannot find (module|name) '(\.|node:sqlite')/.test(
    ts.flattenDiagnosticMessageText(messageText, ' '),
  );
}

function describeDiagnostic(block: CodeBlock, { file, start, messageText }: ts.Diagnostic): string {
  const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
  return `${block.file}:${block.line + line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}

// ---- output --------------------------------------------------------------------------------------------------------

/** A `console.log` of a block. */
interface PrintSite {
  /** Where `console.log` begins and ends. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** What its comment says; null without one. */
  readonly expected: string | null;
}

async function mismatches(folder: string, block: CodeBlock): Promise<string[]> {
  const sites = printSites(block.code);
  const printed = await run(folder, block, sites);
  return sites.flatMap(({ expected, line }, index) => {
    const place = `${block.file}:${block.line + line}`;
    const actual = printed.filter((print) => print.site === index);
    if (expected === null) return [];
    if (actual.length === 0) return [`${place}: never printed, but expected ${expected}`];
    return actual
      .filter(({ text }) => !fits(text, expected))
      .map(({ text }) => `${place}: printed ${text}, but expected ${expected}`);
  });
}

function printSites(code: string): PrintSite[] {
  const source = ts.createSourceFile('block.ts', code, ts.ScriptTarget.Latest);
  const lines = code.split('\n');
  const sites: PrintSite[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === 'console.log') {
      const end = source.getLineAndCharacterOfPosition(node.end);
      const rest = lines[end.line]?.slice(end.character) ?? '';
      const expected = behind(rest) ?? below(rest, lines[end.line + 1] ?? '');
      const line = end.line + 1;
      sites.push({ start: node.expression.getStart(source), end: node.expression.end, line, expected });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sites;
}

/** `// 42` behind a call. */
function behind(rest: string): string | null {
  return /^[;,) ]*\/\/ (.*)$/.exec(rest)?.[1] ?? null;
}

/** `// 42` alone on the line below. */
function below(rest: string, next: string): string | null {
  return /^;?$/.test(rest) ? (/^ *\/\/ (.*)$/.exec(next)?.[1] ?? null) : null;
}

/** `…` in a comment stands for whatever is printed there. */
function fits(text: string, expected: string): boolean {
  const parts = expected.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

interface Print {
  readonly site: number;
  readonly text: string;
}

/** Stands above the block in the program that runs; `$print` says which `console.log` it was. */
const prelude = `import { formatWithOptions as $format } from 'node:util';
const $print = (site, ...values) => {
  const text = $format({ breakLength: Infinity }, ...values);
  process.stdout.write(JSON.stringify({ site, text }) + '\\n');
};
`;

async function run(folder: string, block: CodeBlock, sites: readonly PrintSite[]): Promise<Print[]> {
  const path = join(folder, `${fileName(block)}.mjs`);
  const { code } = await transform(markSites(block.code, sites), { loader: 'ts', target: 'node20' });
  writeFileSync(path, prelude + code);
  const { stdout, failure } = await runProgram(path);
  if (failure !== null) throw new Error(`${block.file}:${block.line}: the block failed\n${failure}`);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"site":'))
    .map((line) => JSON.parse(line) as Print);
}

/** Writes `$print.bind(null, 3)` for the fourth `console.log`, from the end so that the positions stay right. */
function markSites(code: string, sites: readonly PrintSite[]): string {
  return sites.reduceRight(
    (text, { start, end }, index) => `${text.slice(0, start)}$print.bind(null, ${index})${text.slice(end)}`,
    code,
  );
}

const TIMEOUT_MS = 20_000;

function runProgram(path: string): Promise<{ stdout: string; failure: string | null }> {
  // Somewhere else, so that a block which writes a file leaves none in the repository.
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-block-'));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path],
      { cwd, timeout: TIMEOUT_MS, env: environment() },
      (error, stdout, stderr) => {
        rmSync(cwd, { recursive: true, force: true });
        resolve({ stdout, failure: error === null ? null : stderr || error.message });
      },
    );
  });
}

/** Vitest's own settings would make the program speak to Vitest. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_|VITEST|FORCE_COLOR)/.test(name)),
  );
}
