import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

/*
 * Builds `dist` unless it is newer than all that it is made of. Each script of package.json that needs `dist` runs this
 * first, so each works alone in a fresh clone, and several of them in a row build once.
 */
const inputs = [
  'src',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsup.config.ts',
  'tools',
];

const isFresh = existsSync('dist') && Math.min(...timesOf('dist')) > Math.max(...inputs.flatMap(timesOf));
if (!isFresh) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });

/** When a file, or each file and folder below a folder, was written; a folder counts because a deletion changes it alone. */
function timesOf(path) {
  const below = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }) : [];
  return [path, ...below.map((name) => `${path}/${name}`)].map((each) => statSync(each).mtimeMs);
}
