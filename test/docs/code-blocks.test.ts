import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlockRunner, type CodeBlock, openRunner, readCodeBlocks } from './code-blocks.js';

const root = new URL('../..', import.meta.url).pathname;
const blocks = readCodeBlocks(root);

let runner: BlockRunner;
let typeErrors: ReadonlyMap<CodeBlock, readonly string[]>;

beforeAll(() => {
  runner = openRunner(root);
  typeErrors = runner.typeErrors(blocks);
});

afterAll(() => {
  runner.close();
});

describe.each([...new Set(blocks.map(({ file }) => file))])('%s', (file) => {
  const own = blocks.filter((block) => block.file === file);
  it.concurrent.each(own)('has at line $line ($heading) a block that does what it says', async (block) => {
    expect(typeErrors.get(block)).toEqual([]);
    if (block.runs) expect(await runner.mismatches(block)).toEqual([]);
  });
});
