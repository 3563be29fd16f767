import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { application, importEveryEntryPoint, tarball } from './installed.js';

const { ModuleKind, ModuleResolutionKind } = ts;

it.each([
  [
    'ES modules and CommonJS files under node16',
    ['module.mts', 'commonjs.cts'],
    ModuleKind.Node16,
    ModuleResolutionKind.Node16,
  ],
  ['a bundled application', ['bundled.ts'], ModuleKind.ESNext, ModuleResolutionKind.Bundler],
])('compiles in %s, strictly and without the types of Node', (_, names, module, moduleResolution) => {
  const files = names.map((name) => join(application, name));
  for (const file of files) writeFileSync(file, applicationSource());
  expect(compile(files, { module, moduleResolution })).toEqual([]);
});

it('gives publint nothing to say', async () => {
  const packed = Uint8Array.from(readFileSync(tarball)).buffer;
  const { messages } = await publint({ pack: { tarball: packed }, strict: true });
  expect(messages).toEqual([]);
});

it('resolves to the right types through every entry point', () => {
  const attw = spawnSync('node_modules/.bin/attw', [tarball, '--profile', 'node16'], { encoding: 'utf8' });
  expect(attw.status, attw.stdout + attw.stderr).toBe(0);
});

/** Imports every entry point, and uses the main one as an application does. */
function applicationSource(): string {
  return `
    import { generateTotp, isCountersignError, Secret, type TotpMatch, verifyTotp } from 'countersign';
    ${importEveryEntryPoint}
    export const everything: object[] = entryPoints;
    export const secret: Secret = Secret.generate();
    export const match: TotpMatch | null = verifyTotp(secret, generateTotp(secret), { lastTimeStep: 0 });
    export const code = (error: unknown): string => (isCountersignError(error) ? error.code : 'unknown');
  `;
}

function compile(files: string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram(files, {
    ...options,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: [],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
