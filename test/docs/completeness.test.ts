import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The members of a union of strings in a source file. */
function unionIn(path: string, type: string): string[] {
  const [, members = ''] = new RegExp(`export type ${type} =([^;]+);`).exec(read(path)) ?? [];
  return Array.from(members.matchAll(/'(\w+)'/g), ([, member = '']) => member);
}

describe('the guides', () => {
  it('have a section for each error code, and none for another', () => {
    const sections = Array.from(
      read('docs/guides/errors.md').matchAll(/^## (ERR_\w+)$/gm),
      ([, code]) => code,
    );
    const codes = unionIn('src/internal/errors.ts', 'ErrorCode');
    expect(codes).toContain('ERR_REPLAY_GUARD_MISSING');
    expect(sections.sort()).toEqual(codes.sort());
  });

  it('have a row for each compatibility warning, and none for another', () => {
    const rows = Array.from(
      read('docs/guides/compatibility.md').matchAll(/^\| `([a-z]+_[a-z_]+)`/gm),
      ([, code]) => code,
    );
    const codes = unionIn('src/otp/compatibility.ts', 'WarningCode');
    expect(codes).toContain('hotp_as_totp');
    expect(rows.sort()).toEqual(codes.sort());
  });
});

describe('the API reference', () => {
  it('has a page for each entry point of the package', () => {
    const { entryPoints } = JSON.parse(read('typedoc.json')) as { entryPoints: string[] };
    const sources = Object.values(manifest.exports)
      .filter((target) => typeof target !== 'string')
      .map((target) => target.import.default.replace(/^\.\/dist\/(.+)\.js$/, 'src/$1.ts'));
    expect(entryPoints.sort()).toEqual(sources.sort());
  });
});
