import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateHotp, resynchronizeHotp, Secret, verifyHotp } from '../../src/index.js';
import { formatCode } from '../../src/otp/code.js';
import { createCounterMac } from '../../src/otp/counter-mac.js';
import { ascii, readVectors } from '../support/vectors.js';
import { nameOf, noCodes } from '../support/wrong-values.js';

interface AppendixD {
  secretAscii: string;
  values: { counter: number; hmacSha1: string; truncatedDecimal: number; code: string }[];
}
const appendixD = readVectors('rfc4226-appendix-d') as AppendixD;
const secret = Secret.fromBytes(ascii(appendixD.secretAscii));
const MAX = Number.MAX_SAFE_INTEGER;

describe('HOTP, against RFC 4226 appendix D', () => {
  it.each(appendixD.values)(
    'generates $code for counter $counter',
    ({ counter, code, hmacSha1, truncatedDecimal }) => {
      const message = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, counter);
      expect(bytesToHex(hmac(sha1, ascii(appendixD.secretAscii), message))).toBe(hmacSha1);
      expect(generateHotp(secret, { counter })).toBe(code);
      expect(generateHotp(secret, { counter, digits: 8 })).toBe(
        String(truncatedDecimal % 1e8).padStart(8, '0'),
      );
      expect(verifyHotp(secret, code, { counter })).toEqual({ counter, nextCounter: counter + 1, drift: 0 });
    },
  );
});

describe('generateHotp', () => {
  it.each([
    [2 ** 31, '197202'],
    [2 ** 32, '999456'],
    [2 ** 32 + 1, '108577'],
  ])('counts beyond 32 bits: counter %i', (counter) => {
    const message = new DataView(new ArrayBuffer(8));
    message.setBigUint64(0, BigInt(counter));
    const digest = hmac(sha1, secret.toBytes(), new Uint8Array(message.buffer));
    const truncated = new DataView(digest.buffer).getUint32((digest.at(-1) ?? 0) & 15) & 0x7fffffff;
    expect(generateHotp(secret, { counter })).toBe(String(truncated % 1e6).padStart(6, '0'));
  });

  it('does not change its options', () => {
    expect(generateHotp(secret, Object.freeze({ counter: 5 }))).toBe('254676');
  });
});

describe('verifyHotp', () => {
  const codeAt = (counter: number): string => generateHotp(secret, { counter });

  it('finds every counter from the expected one to the look-ahead, and none outside', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 1e9 }),
        fc.nat(20),
        fc.integer({ min: -20, max: 40 }),
        (counter, lookAhead, offset) => {
          const match = verifyHotp(secret, codeAt(counter + offset), { counter, lookAhead });
          if (offset >= 0 && offset <= lookAhead) {
            // Another counter of the look-ahead may have the same code; the nearest counts.
            expect(match?.drift).toBeLessThanOrEqual(offset);
            expect(codeAt(match?.counter ?? -1)).toBe(codeAt(counter + offset));
          } else if (match !== null) {
            expect(codeAt(match.counter)).toBe(codeAt(counter + offset));
            expect(match.drift).toBeLessThanOrEqual(lookAhead);
          }
        },
      ),
    );
  });

  it('never looks back', () => {
    expect(verifyHotp(secret, codeAt(4), { counter: 5, lookAhead: 0 })).toBeNull();
    expect(verifyHotp(secret, codeAt(4), { counter: 5 })).toBeNull();
  });

  it('accepts the code of the second counter at enrolment, which Google Authenticator for Android shows first', () => {
    expect(verifyHotp(secret, codeAt(1), { counter: 0 })).toEqual({ counter: 1, nextCounter: 2, drift: 1 });
  });

  it('takes spaces and dashes as people paste them', () => {
    for (const code of ['287 082', '287-082', ' 287082\n', '2 8 7 0 8 2', '287\u00a0082']) {
      expect(verifyHotp(secret, code, { counter: 1 })?.counter).toBe(1);
    }
  });

  it('returns a frozen match', () => {
    expect(Object.isFrozen(verifyHotp(secret, '287082', { counter: 1 }))).toBe(true);
  });

  it('works up to the last counter, and does not run past it', () => {
    expect(verifyHotp(secret, codeAt(MAX), { counter: MAX - 1 })).toEqual({
      counter: MAX,
      nextCounter: MAX + 1,
      drift: 1,
    });
    expect(verifyHotp(secret, codeAt(MAX), { counter: MAX, lookAhead: 1000 })?.counter).toBe(MAX);
  });

  it.each(noCodes.map((code) => [nameOf(code), code]))('answers null to %s', (_, code) => {
    expect(verifyHotp(secret, code, { counter: 1 })).toBeNull();
  });

  it('answers any JavaScript value with a match or null, and never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withNullPrototype: true }),
        (code) => {
          expect(verifyHotp(secret, code, { counter: 1 })).toBeNull();
        },
      ),
    );
  });
});

describe('resynchronizeHotp', () => {
  const pair = (counter: number): [string, string] => [
    generateHotp(secret, { counter }),
    generateHotp(secret, { counter: counter + 1 }),
  ];

  it('finds two codes in a row anywhere in the look-ahead, and not beyond', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(120), (counter, offset) => {
        const match = resynchronizeHotp(secret, pair(counter + offset), { counter, lookAhead: 100 });
        if (offset > 100) expect(match).toBeNull();
        else
          expect(match).toEqual({
            counter: counter + offset + 1,
            nextCounter: counter + offset + 2,
            drift: offset + 1,
          });
      }),
    );
  });

  it('refuses two codes in the wrong order, or with a gap', () => {
    const [first, second] = pair(30);
    expect(resynchronizeHotp(secret, [second, first], { counter: 0 })).toBeNull();
    expect(
      resynchronizeHotp(secret, [first, generateHotp(secret, { counter: 32 })], { counter: 0 }),
    ).toBeNull();
  });

  it('looks up to a thousand counters ahead', () => {
    expect(resynchronizeHotp(secret, pair(1000), { counter: 0, lookAhead: 1000 })?.nextCounter).toBe(1002);
  });

  it('stops at the last counter', () => {
    expect(resynchronizeHotp(secret, pair(MAX - 1), { counter: MAX - 5 })?.counter).toBe(MAX);
    expect(resynchronizeHotp(secret, ['000000', '000000'], { counter: MAX })).toBeNull();
    const beyond = formatCode(createCounterMac('SHA1', secret.toBytes())(MAX + 1), 6);
    const last = generateHotp(secret, { counter: MAX });
    expect(resynchronizeHotp(secret, [last, beyond], { counter: MAX })).toBeNull();
  });

  it.each(noCodes.map((code) => [nameOf(code), code]))(
    'answers null where one of the codes is %s',
    (_, code) => {
      expect(resynchronizeHotp(secret, [code, '287082'], { counter: 0 })).toBeNull();
      expect(resynchronizeHotp(secret, ['755224', code], { counter: 0 })).toBeNull();
    },
  );
});
