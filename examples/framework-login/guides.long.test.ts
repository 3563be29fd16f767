import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeWith } from '../../test/support/engines/external.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A guide, the example whose packages its blocks need, and how its framework's starter compiles them. */
const guides = [
  {
    guide: 'nextjs.md',
    example: 'next',
    options: { lib: ['dom', 'esnext'], jsx: 'react-jsx', moduleResolution: 'bundler', module: 'esnext' },
  },
  {
    guide: 'nestjs.md',
    example: 'nest',
    options: { module: 'nodenext', experimentalDecorators: true, emitDecoratorMetadata: true },
  },
  {
    guide: 'hono-workers.md',
    example: 'hono-workers',
    options: {
      lib: ['esnext'],
      moduleResolution: 'bundler',
      module: 'esnext',
      types: ['@cloudflare/workers-types'],
    },
  },
];

for (const { guide, example, options } of guides) {
  const folder = join(root, 'examples', example);
  const isInstalled = existsSync(join(folder, 'node_modules/countersign'));
  describeWith(`npm ci --prefix examples/${example}`, isInstalled, `the guide ${guide}`, () => {
    it('has blocks that compile in an application of its framework', () => {
      const application = join(folder, '.guide');
      try {
        expect(writeFiles(join(root, 'docs/guides', guide), application)).toBeGreaterThan(3);
        expect(compile(application, options)).toBe('');
      } finally {
        rmSync(application, { recursive: true, force: true });
      }
    });
  });
}

/** Writes every block that has a path above it, and returns how many there are. */
function writeFiles(guide: string, application: string): number {
  const blocks = readFileSync(guide, 'utf8').matchAll(/^`([\w./+-]+)`\n\n```\w+\n([^]*?)\n```$/gm);
  let count = 0;
  for (const [, path = '', code = ''] of blocks) {
    const file = join(application, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${code}\n`);
    count++;
  }
  return count;
}

/** What the compiler says. */
function compile(application: string, options: object): string {
  const compilerOptions = {
    ...{ target: 'es2023', strict: true, skipLibCheck: true, noEmit: true, isolatedModules: true },
    paths: { '@/*': ['./*'] },
    ...options,
  };
  const config = join(application, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ['**/*.ts', '**/*.tsx'] }));
  try {
    return execFileSync('npx', ['tsc', '-p', config], { cwd: root, encoding: 'utf8' });
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return stdout;
  }
}
