import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';

/** The same job for each: secrets from Base32, generate, verify, and the URI to enrol with. */
const programs = {
  countersign: `import { formatOtpauthUri, generateTotp, Secret, verifyTotp } from 'countersign';
    console.log(formatOtpauthUri, generateTotp, Secret, verifyTotp);`,
  otpauth: `import { Secret, TOTP } from 'otpauth';
    console.log(Secret, TOTP);`,
  otplib: `import { generateSecret, generateSync, generateURI, verifySync } from 'otplib';
    console.log(generateSecret, generateSync, generateURI, verifySync);`,
  '@oslojs/otp + encoding': `import { createTOTPKeyURI, generateTOTP, verifyTOTPWithGracePeriod } from '@oslojs/otp';
    import { decodeBase32IgnorePadding, encodeBase32NoPadding } from '@oslojs/encoding';
    console.log(createTOTPKeyURI, generateTOTP, verifyTOTPWithGracePeriod, decodeBase32IgnorePadding, encodeBase32NoPadding);`,
};

/**
 * @param {(name: string) => string} folderOf where a program's packages are installed
 * @returns {Promise<Record<string, { minified: number, gzipped: number }>>} bytes
 */
export async function bundleSizes(folderOf) {
  const sizes = {};
  for (const [name, contents] of Object.entries(programs)) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folderOf(name) },
      bundle: true,
      format: 'esm',
      minify: true,
      platform: 'browser',
      logLevel: 'error',
      write: false,
    });
    const text = outputFiles.map((file) => file.text.trim()).join('\n');
    sizes[name] = { minified: Buffer.byteLength(text), gzipped: gzipSync(text, { level: 9 }).length };
  }
  return sizes;
}
