import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as countersign from 'countersign';

/** RFC 4226 section 5.3 over the platform's HMAC, which shares nothing with the bundled one. */
function reference(algorithm: countersign.Algorithm, key: Uint8Array, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac(algorithm, key).update(message).digest();
  const truncated = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(truncated % 1e8).padStart(8, '0');
}

describe.each(['SHA1', 'SHA256', 'SHA512'] as const)('%s as built', (algorithm) => {
  it('makes the codes that node:crypto makes, for every key length', () => {
    for (let bytes = 16; bytes <= 128; bytes++) {
      const secret = countersign.Secret.generate({ bytes });
      for (const counter of [0, bytes, 2 ** 32 + bytes]) {
        const code = countersign.generateHotp(secret, { counter, algorithm, digits: 8 });
        expect(code).toBe(reference(algorithm, secret.toBytes(), counter));
      }
    }
  });
});
