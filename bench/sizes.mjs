import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** The same work with each library: secrets from Base32, generate, verify, and where there is one the URI. */
const programs = {
  countersign: `import { formatOtpauthUri, generateTotp, Secret, verifyTotp } from 'countersign';
    console.log(formatOtpauthUri, generateTotp, Secret, verifyTotp);`,
  otpauth: `import { Secret, TOTP } from 'otpauth';
    console.log(Secret, TOTP);`,
  otplib: `import { generateSecret, generateSync, generateURI, verifySync } from 'otplib';
    console.log(generateSecret, generateSync, generateURI, verifySync);`,
  '@oslojs/otp': `import { createTOTPKeyURI, generateTOTP, verifyTOTPWithGracePeriod } from '@oslojs/otp';
    import { decodeBase32IgnorePadding, encodeBase32NoPadding } from '@oslojs/encoding';
    console.log(createTOTPKeyURI, generateTOTP, verifyTOTPWithGracePeriod, decodeBase32IgnorePadding, encodeBase32NoPadding);`,
  'countersign, only `isCountersignError`': `import { isCountersignError } from 'countersign';
    console.log(isCountersignError);`,
};

/**
 * Bundles each program for a browser, with countersign as it is packed.
 *
 * @returns {Promise<Record<string, { minified: number, gzipped: number }>>} bytes
 */
export async function measureSizes() {
  const folder = installPacked();
  const sizes = {};
  for (const [name, contents] of Object.entries(programs)) {
    const resolveDir = name.startsWith('countersign') ? folder : import.meta.dirname;
    const options = {
      bundle: true,
      format: 'esm',
      minify: true,
      platform: 'browser',
      logLevel: 'error',
      write: false,
    };
    const { outputFiles } = await build({ stdin: { contents, resolveDir }, ...options });
    const text = outputFiles.map((file) => file.text).join('\n');
    sizes[name] = { minified: Buffer.byteLength(text), gzipped: gzipSync(text, { level: 9 }).length };
  }
  rmSync(folder, { recursive: true, force: true });
  return sizes;
}

/** A folder in which countersign is installed and nothing else. */
function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const archive = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim();
  const home = join(folder, 'node_modules', 'countersign');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', home, '--strip-components=1']);
  return folder;
}
