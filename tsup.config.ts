import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import manifest from './package.json' with { type: 'json' };

// Built aside and then moved into place: whoever reads `dist` meanwhile never meets a half-written one.
const workshop = `node_modules/.cache/countersign-build-${process.pid}`;
const staging = join(workshop, 'dist');
process.once('exit', () => {
  rmSync(workshop, { recursive: true, force: true });
});

export default defineConfig({
  entry: doors(),
  outDir: staging,
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  splitting: false,
  treeshake: true,
  sourcemap: false,
  silent: true,
  esbuildPlugins: [derivedRoundConstants()],
  onSuccess: finish,
});

/** One source file for each sub-path of package.json's `exports`, which point at its namesake in `dist`. */
function doors(): string[] {
  return Object.values(manifest.exports)
    .filter((door) => typeof door !== 'string')
    .map((door) => door.import.default.replace(/^\.\/dist\/(.+)\.js$/, 'src/$1.ts'));
}

function finish(): Promise<void> {
  keepConstants();
  writeDeclarations();
  replaceDist();
  return Promise.resolve();
}

/**
 * Makes constants of the top-level variables that esbuild made of constants. V8 treats a `const` of a module as known:
 * it reads noble's tables and calls its small functions without looking them up, and codes come half as fast again.
 */
function keepConstants(): void {
  for (const file of filesIn(staging, /\.c?js$/)) {
    const text = readFileSync(file, 'utf8');
    // Neither assigned again nor, like a compiled enum, part of its own first value.
    const isConstant = (name: string): boolean => {
      const escaped = name.replaceAll('$', '\\$');
      const assignment = `(?<!var )(?<![\\w$.])${escaped} *(\\+\\+|--|[-+*/%&|^?<>]*=(?!=|>))`;
      return !new RegExp(`${assignment}|\\(${escaped} \\|\\| \\{`).test(text);
    };
    const constants = text.replaceAll(/^var ([\w$]+) = /gm, (declaration, name: string) =>
      isConstant(name) ? `const ${name} = ` : declaration,
    );
    writeFileSync(file, constants);
  }
}

/**
 * Declarations come from the compiler, a file for each source file: a bundler of declarations exported
 * names that did not exist at run time. CommonJS needs the same files under `.d.cts`.
 */
function writeDeclarations(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', staging], {
    stdio: 'inherit',
  });
  for (const file of filesIn(staging, /\.d\.ts$/)) writeCommonJsTwin(file);
}

function writeCommonJsTwin(file: string): void {
  const text = readFileSync(file, 'utf8').replace(
    /((?:from|import\() ?['"]\.{1,2}\/[^'"]+)\.js(['"])/g,
    '$1.cjs$2',
  );
  writeFileSync(file.replace(/\.d\.ts$/, '.d.cts'), text);
}

function filesIn(folder: string, pattern: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => pattern.test(file)).map((file) => join(folder, file));
}

function replaceDist(): void {
  if (existsSync('dist')) renameSync('dist', join(workshop, 'previous'));
  renameSync(staging, 'dist');
}

/**
 * Replaces the two tables of round constants in noble's SHA-2 by what defines them (FIPS 180-4 sections 4.2.2 and
 * 4.2.3), worked out when the first hash is made: as text that does not compress they are an eighth of the OTP bundle,
 * and nothing is computed while the package loads. The build fails if noble's source is not as expected, and the packed
 * package is tested against `node:crypto`.
 */
function derivedRoundConstants(): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'derived-round-constants',
    setup(build) {
      build.onLoad({ filter: /@noble[\\/]hashes[\\/]sha2\.js$/ }, ({ path }) => {
        let contents = readFileSync(path, 'utf8');
        for (const [pattern, replacement] of roundConstantPatches) {
          contents = replaceOnce(contents, pattern, replacement);
        }
        return {
          contents: [contents, fillRoundConstants.toString(), cubeRootFractions.toString()].join('\n'),
          loader: 'js',
        };
      });
    },
  };
}

const roundConstantPatches: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(?<=const SHA256_K = \/\* @__PURE__ \*\/ )Uint32Array\.from\(\[[\s0-9a-fx,]+\]\)/, 'new Uint32Array(64)'],
  [
    /const K512 = \/\* @__PURE__ \*\/ \(\(\) => u64\.split\(\[[\s0-9a-fx',]+\]\.map\(n => BigInt\(n\)\)\)\)\(\);/,
    '',
  ],
  [/(?<=const SHA512_Kh = \/\* @__PURE__ \*\/ )\(\(\) => K512\[0\]\)\(\)/, 'new Uint32Array(80)'],
  [/(?<=const SHA512_Kl = \/\* @__PURE__ \*\/ )\(\(\) => K512\[1\]\)\(\)/, 'new Uint32Array(80)'],
  [/(?<=super\(32, SHA256_IV\);)/, ' fillRoundConstants();'],
  [/(?<=super\(64, SHA512_IV\);)/, ' fillRoundConstants();'],
];

declare const SHA256_K: Uint32Array;
declare const SHA512_Kh: Uint32Array;
declare const SHA512_Kl: Uint32Array;

/** Runs in noble's module, whose tables the declarations above stand for. */
function fillRoundConstants(): void {
  if (SHA256_K[0] !== 0) return;
  for (const [i, constant] of cubeRootFractions(80).entries()) {
    SHA512_Kh[i] = Number(constant >> 32n);
    SHA512_Kl[i] = Number(BigInt.asUintN(32, constant));
  }
  // The shorter constants are the upper halves of the first 64 longer ones.
  SHA256_K.set(SHA512_Kh.subarray(0, 64));
}

/** The first 64 bits of the fractional parts of the cube roots of the first `count` primes. */
function cubeRootFractions(count: number): bigint[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((prime) => n % prime > 0)) primes.push(n);
  }
  return primes.map((prime) => {
    const cube = BigInt(prime) << 192n;
    // One step of Newton's method doubles the 50 bits of the guess; it ends at the root or one above.
    const guess = BigInt(Math.floor(Math.cbrt(prime) * 2 ** 48)) << 16n;
    const root = (2n * guess + cube / (guess * guess)) / 3n;
    return BigInt.asUintN(64, root * root * root > cube ? root - 1n : root);
  });
}

function replaceOnce(text: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(text))
    throw new Error('the source of noble-hashes has changed: see derivedRoundConstants');
  return text.replace(pattern, () => replacement);
}
