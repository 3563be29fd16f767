import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlockRunner, blocksOfPage, blocksOfSource, type CodeBlock, openRunner } from './code-blocks.js';

const root = new URL('../..', import.meta.url).pathname;
const block = (line: number, code: string): CodeBlock => ({
  file: 'page.md',
  line,
  heading: '',
  code: `${code}\n`,
  runs: true,
});

describe('the search for code blocks', () => {
  it('finds the ts blocks of a page with their headings and lines, and no others', () => {
    const page = '# One\n\n```ts\na;\n```\n\n## Two\n\n```sh\nls\n```\n\n```ts no-run\n# no heading\n```\n';
    expect(blocksOfPage('page.md', page)).toEqual([
      { file: 'page.md', line: 3, heading: 'One', code: 'a;\n', runs: true },
      { file: 'page.md', line: 13, heading: 'Two', code: '# no heading\n', runs: false },
    ]);
  });

  it('leaves blocks unrun that need a file of the reader, a server or a test runner', () => {
    for (const module of ['./mine.js', 'pg', 'redis', 'mysql2/promise', 'vitest', 'node:sqlite']) {
      const page = `\`\`\`ts\nimport { x } from '${module}';\n\`\`\`\n`;
      expect(blocksOfPage('page.md', page)).toMatchObject([{ runs: false }]);
    }
    const page = "```ts\nimport { redisStore } from 'countersign/redis';\n```\n";
    expect(blocksOfPage('page.md', page)).toMatchObject([{ runs: true }]);
  });

  it('finds the blocks of docstrings, indented or not', () => {
    const source = '/**\n * @example\n * ```ts\n * a;\n *\n *   b;\n * ```\n */\nconst c = 1;\n';
    const indented = source.replaceAll(/^(?=.)/gm, '  ');
    for (const text of [source, indented]) {
      expect(blocksOfSource('x.ts', text)).toEqual([
        { file: 'x.ts', line: 3, heading: '', code: 'a;\n\n  b;\n', runs: true },
      ]);
    }
  });
});

describe('the runner of code blocks', () => {
  let runner: BlockRunner;
  beforeAll(() => {
    runner = openRunner(root);
  });
  afterAll(() => {
    runner.close();
  });

  it.each([
    ['a comment behind the call', 'console.log(1 + 1); // 2'],
    ['a comment on the next line', "console.log('long');\n// long"],
    ['several values', "console.log('a', 1, null); // a 1 null"],
    [
      'an object, on one line however long',
      `console.log({ a: '${'x'.repeat(90)}' }); // { a: '${'x'.repeat(90)}' }`,
    ],
    ['an ellipsis where anything may stand', "console.log('a\\nb', Math.random(), '(c)'); // a…(c)"],
    ['a call inside a function', "const say = (): void => { console.log('hi'); // hi\n};\nsay();"],
    ['a call that waits', "await Promise.resolve();\nconsole.log('late'); // late"],
    ['no comment, whatever is printed', 'console.log(Math.random());'],
    ['a remark behind an empty line', 'console.log(Math.random());\n\n// A remark.'],
    ['no call', 'const a = 1;'],
  ])('is content with %s', async (_, code) => {
    expect(await runner.mismatches(block(1, code))).toEqual([]);
  });

  it('reports a wrong comment, with its line', async () => {
    expect(await runner.mismatches(block(10, '\nconsole.log(1 + 1); // 3'))).toEqual([
      'page.md:12: printed 2, but expected 3',
    ]);
    expect(await runner.mismatches(block(10, 'console.log(1 + 1);\n// 3'))).toEqual([
      'page.md:11: printed 2, but expected 3',
    ]);
  });

  it('takes an ellipsis for nothing but the part it stands for', async () => {
    expect(await runner.mismatches(block(10, "console.log('abc'); // a…d"))).toHaveLength(1);
    expect(await runner.mismatches(block(10, "console.log('a.c'); // .…c"))).toHaveLength(1);
  });

  it('reports a comment whose call is never reached', async () => {
    expect(await runner.mismatches(block(20, 'if (Date.now() < 0) console.log(1); // 1'))).toEqual([
      'page.md:21: never printed, but expected 1',
    ]);
  });

  it('fails when a block throws', async () => {
    await expect(runner.mismatches(block(30, "throw new Error('oh');"))).rejects.toThrow('oh');
  });

  it('resolves the package itself to what is built', async () => {
    const code = "import { Secret } from 'countersign';\nconsole.log(Secret.generate().byteLength); // 20";
    expect(await runner.mismatches(block(40, code))).toEqual([]);
  });

  it('reports type errors for the block that has them', () => {
    const good = block(50, 'const name: string = "a";');
    const bad = block(60, "import { Secret } from 'countersign';\nconst name: number = Secret.generate();");
    const errors = runner.typeErrors([good, bad]);
    expect(errors.get(good)).toEqual([]);
    expect(errors.get(bad)).toEqual(["page.md:62: Type 'Secret' is not assignable to type 'number'."]);
  });

  it('says what to do when the package is not built', () => {
    expect(() => openRunner(import.meta.dirname)).toThrow('npm run build');
  });
});
