import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Packs countersign and installs it where nothing else is: what is weighed is what a user gets. */
export function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const archive = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim();
  const home = join(folder, 'node_modules', 'countersign');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', home, '--strip-components=1']);
  return folder;
}
