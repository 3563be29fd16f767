import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodeBlock, openWorkshop, readCodeBlocks, type Workshop } from './code-blocks.js';

const root = new URL('../..', import.meta.url).pathname;
const blocks = readCodeBlocks(root);

let workshop: Workshop;
let typeErrors: ReadonlyMap<CodeBlock, readonly string[]>;

beforeAll(() => {
  workshop = openWorkshop(root);
  typeErrors = workshop.typeErrors(blocks);
});

afterAll(() => {
  workshop.close();
});

describe.each([...new Set(blocks.map(({ file }) => file))])('%s', (file) => {
  const own = blocks.filter((block) => block.file === file);
  it.concurrent.each(own)('has at line $line ($heading) a block that does what it says', async (block) => {
    expect(typeErrors.get(block)).toEqual([]);
    if (block.runs) expect(await workshop.mismatches(block)).toEqual([]);
  });
});
