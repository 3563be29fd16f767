import { describe, expect, it } from 'vitest';
import { checkCompatibility, type CompatibilityOptions, Secret } from '../../src/index.js';

const base: CompatibilityOptions = { secret: Secret.generate(), issuer: 'Example Hosting', account: '12345' };
const codesOf = (options: Partial<CompatibilityOptions>): string[] =>
  checkCompatibility({ ...base, ...options }).map(({ code }) => code);

describe('checkCompatibility', () => {
  it('has no warning for the defaults', () => {
    expect(checkCompatibility(base)).toEqual([]);
    expect(codesOf({ algorithm: 'SHA1', digits: 6, period: 30, account: 'bob@example.com' })).toEqual([]);
  });

  it.each<[string, Partial<CompatibilityOptions>, string[]]>([
    ['SHA-256', { algorithm: 'SHA256' }, ['algorithm_ignored']],
    ['SHA-512', { algorithm: 'SHA512' }, ['algorithm_ignored']],
    ['8 digits', { digits: 8 }, ['digits_ignored']],
    ['a period of 60', { period: 60 }, ['period_ignored']],
    ['a period of 45', { period: 45 }, ['period_ignored', 'period_refused']],
    ['hotp', { type: 'hotp' }, ['hotp_as_totp']],
    ['16 bytes', { secret: Secret.generate({ bytes: 16 }) }, ['secret_length']],
    ['10 bytes', { secret: Secret.fromBase32('JBSWY3DPEHPK3PXP', { allowShort: true }) }, ['secret_short']],
    ['an issuer of 31 characters', { issuer: 'x'.repeat(31) }, ['issuer_long']],
    ['an account of 51 characters', { account: 'x'.repeat(51) }, ['account_long', 'label_long']],
    ['a label of 65 bytes', { issuer: 'ü'.repeat(20), account: 'x'.repeat(24) }, ['label_long']],
    ['an ampersand', { issuer: 'A&B' }, ['label_characters']],
    ['a question mark', { account: 'who?' }, ['label_characters']],
  ])('warns of %s', (_, options, codes) => {
    expect(codesOf(options)).toEqual(codes);
  });

  it('names the apps, in the message too', () => {
    const [warning] = checkCompatibility({ ...base, algorithm: 'SHA256' });
    expect(warning?.apps).toContain('Microsoft Authenticator');
    expect(warning?.message).toContain('Microsoft Authenticator');
  });

  it('refuses what formatOtpauthUri refuses', () => {
    expect(() => codesOf({ issuer: 'A:B' })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  });
});
