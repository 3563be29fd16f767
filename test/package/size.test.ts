import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { application, doors, runtimeNames } from './installed.js';

const verification = `
  import { formatOtpauthUri, generateTotp, Secret, verifyTotp } from 'countersign';
  console.log(formatOtpauthUri, generateTotp, Secret, verifyTotp);
`;

/** The same program over otpauth 9.5.2 and otplib 13.5.0, as `npm run bench` measures it: bytes gzipped. */
const peers = { otpauth: 9690, otplib: 11_472 };

describe('an application that only verifies app codes', () => {
  it('carries at most 9,500 bytes of this package, fewer than it would carry of otpauth or otplib', async () => {
    const size = gzipped(await bundle(verification));
    expect(size).toBeLessThanOrEqual(9500);
    expect(size).toBeLessThan(Math.min(...Object.values(peers)));
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

describe('an application that only recognises errors', () => {
  const recognition = `
    import { isCountersignError } from 'countersign';
    console.log(isCountersignError);
  `;

  it('carries under 1,000 bytes of this package', async () => {
    expect(gzipped(await bundle(recognition))).toBeLessThan(1000);
  });

  it('carries no class, no table and no function but that one', async () => {
    const text = await bundle(recognition, { minify: false });
    expect(text.match(/\bclass\b|\[|=>/g)).toBeNull();
    expect(text.match(/\bfunction (\w+)/g)).toEqual(['function isCountersignError']);
  });
});

it.each(doors)(
  'leaves nothing of $specifier in an application that uses nothing of it',
  async ({ specifier }) => {
    expect(await bundle(`import '${specifier}';`)).toBe('');
  },
);

function gzipped(text: string): number {
  return gzipSync(text, { level: 9 }).length;
}

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
