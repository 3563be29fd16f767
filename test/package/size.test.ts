import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { application, doors, runtimeNames } from './installed.js';

const verification = `
  import { formatOtpauthUri, generateTotp, Secret, verifyTotp } from 'countersign';
  console.log(formatOtpauthUri, generateTotp, Secret, verifyTotp);
`;

describe('an application that only verifies app codes', () => {
  it('pays at most 8000 bytes', async () => {
    const size = gzipSync(await bundle(verification), { level: 9 }).length;
    expect(size).toBeLessThanOrEqual(8000);
  });

  it('carries nothing of the other doors', async () => {
    const text = await bundle(verification, { minify: false });
    const [main, ...others] = doors.map((door) => runtimeNames(door, 'import') as string[]);
    const foreign = others.flat().filter((name) => !main?.includes(name));
    expect(foreign.filter((name) => new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  it.each(['<svg', 'text/html', 'AES-GCM', 'createEmailTokens', 'createTwoFactor', 'memoryStore'])(
    'carries no %s',
    async (mark) => {
      expect(await bundle(verification, { minify: false })).not.toContain(mark);
    },
  );
});

it.each(doors)(
  'leaves nothing of $specifier in an application that uses nothing of it',
  async ({ specifier }) => {
    expect(await bundle(`import '${specifier}';`)).toBe('');
  },
);

async function bundle(contents: string, { minify = true } = {}): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: application },
    bundle: true,
    format: 'esm',
    minify,
    platform: 'browser',
    logLevel: 'error',
    write: false,
  });
  return outputFiles.map((file) => file.text.trim()).join('\n');
}
