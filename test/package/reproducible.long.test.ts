import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

it('gives the same tarball, byte for byte, from two builds of the same source', () => {
  const [first, second] = [buildElsewhere(), buildElsewhere()];
  expect(first.length).toBeGreaterThan(50_000);
  expect(first.equals(second)).toBe(true);
});

/** Copies what git knows of, builds and packs it in a folder of its own, and returns the tarball. */
function buildElsewhere(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-build-'));
  const listing = execFileSync('git', ['ls-files', '-z', '--cached'], { encoding: 'utf8' });
  for (const file of listing.split('\0').filter(Boolean)) cpSync(file, join(folder, file));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const npm = (...args: string[]): string => execFileSync('npm', args, { cwd: folder, encoding: 'utf8' });
  npm('run', '--silent', 'build');
  const [{ filename }] = JSON.parse(npm('pack', '--json', '--ignore-scripts')) as [{ filename: string }];
  const tarball = readFileSync(join(folder, filename));
  rmSync(folder, { recursive: true, force: true });
  return tarball;
}
