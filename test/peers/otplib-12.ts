import type { Algorithm } from '../../src/index.js';

/** What the tests use of otplib 12. */
export interface Otplib12 {
  readonly authenticator: Generator;
  readonly totp: Generator;
}

interface Generator {
  clone(options: { epoch: number; algorithm?: string }): Generator;
  generate(secret: string): string;
}

const leastLength: Readonly<Record<Algorithm, number>> = { SHA1: 20, SHA256: 32, SHA512: 64 };

/** The key that otplib 12 computes with, as docs/guides/coming-from/otplib.md has it. */
export function repeatedKey(bytes: Uint8Array, algorithm: Algorithm, charactersPerByte: 1 | 2): Uint8Array {
  const missing = leastLength[algorithm] - bytes.length * charactersPerByte;
  if (missing <= 0) return bytes;
  const length = Math.min(leastLength[algorithm], missing * bytes.length);
  return Uint8Array.from({ length }, (_, index) => bytes[index % bytes.length] ?? 0);
}
