import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatOtpauthUri,
  isCountersignError,
  type Label,
  parseOtpauthUri,
  Secret,
} from '../../src/index.js';

const text = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const secret = Secret.fromBase32(text);
const label = { issuer: 'Example Hosting', account: '12345' };

describe('formatOtpauthUri', () => {
  it('writes issuer in both places, secret first, and no parameter that has its default', () => {
    expect(formatOtpauthUri(secret, label)).toBe(
      `otpauth://totp/Example%20Hosting:12345?secret=${text}&issuer=Example%20Hosting`,
    );
    expect(formatOtpauthUri(secret, { ...label, algorithm: 'SHA1', digits: 6, period: 30, t0: 0 })).toBe(
      formatOtpauthUri(secret, label),
    );
  });

  it.each([{ algorithm: 'SHA256' }, { digits: 8 }, { period: 60 }] as const)(
    'writes all three as soon as one differs: %o',
    (options) => {
      const { algorithm, digits, period } = { algorithm: 'SHA1', digits: 6, period: 30, ...options };
      expect(formatOtpauthUri(secret, { ...label, ...options })).toMatch(
        new RegExp(`&algorithm=${algorithm}&digits=${digits}&period=${period}$`),
      );
    },
  );

  it('always writes the counter of a hotp secret, and never a period', () => {
    expect(formatOtpauthUri(secret, { ...label, type: 'hotp' })).toMatch(/^otpauth:\/\/hotp\/.*&counter=0$/);
    expect(formatOtpauthUri(secret, { ...label, type: 'hotp', counter: 7, digits: 8 })).toMatch(
      /&algorithm=SHA1&digits=8&counter=7$/,
    );
  });

  it('is pure ASCII, with %20 for a space and no character left to interpretation', () => {
    const uri = formatOtpauthUri(secret, { issuer: "Zürich! (+) 'A&B' *", account: 'ünï😀@example.com' });
    expect(uri).toMatch(/^otpauth:\/\/totp\/[A-Za-z0-9%._~-]+:[A-Za-z0-9%._~-]+\?[A-Za-z0-9%._~=&-]+$/);
    expect(uri).toContain('Z%C3%BCrich%21%20%28%2B%29%20%27A%26B%27%20%2A');
  });

  it('carries an image for the apps that show one', () => {
    const uri = formatOtpauthUri(secret, { ...label, image: 'https://example.com/logo.png?v=1' });
    expect(uri).toContain('&image=https%3A%2F%2Fexample.com%2Flogo.png%3Fv%3D1');
    expect(parseOtpauthUri(uri).image).toBe('https://example.com/logo.png?v=1');
  });

  it.each([
    'see https://example.com/logo.png',
    'https://example.com/logo.png ',
    'https://example.com/a b',
    'https://',
  ])('refuses the image %o, which is no https address', (image) => {
    expect(() => formatOtpauthUri(secret, { ...label, image })).toThrow(
      'image must be an https address in ASCII',
    );
  });

  it('makes a URI of 2,331 characters, which is what a QR code holds, and no longer one', () => {
    const image = (length: number): string => `https://example.com/${'x'.repeat(length)}`;
    const rest = formatOtpauthUri(secret, { ...label, image: image(0) }).length;
    expect(formatOtpauthUri(secret, { ...label, image: image(2331 - rest) })).toHaveLength(2331);
    expect(() => formatOtpauthUri(secret, { ...label, image: image(2332 - rest) })).toThrow(
      'at most 2331 characters',
    );
  });
});

describe('parseOtpauthUri', () => {
  const part = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 40 })
    .filter((text) => !/[:\p{Cc}\p{Surrogate}]/u.test(text) && text.trim() !== '');
  const account = part.filter((text) => !text.startsWith(' '));
  const parameters = {
    algorithm: fc.constantFrom('SHA1', 'SHA256', 'SHA512'),
    digits: fc.constantFrom(6, 7, 8),
  } as const;

  it('gives back issuer, account, secret and parameters of every totp URI that was formatted', () => {
    const period = fc.integer({ min: 1, max: 86_400 });
    fc.assert(
      fc.property(
        fc.record({ issuer: part, account, period, ...parameters }),
        fc.integer({ min: 16, max: 128 }),
        (options, bytes) => {
          const own = Secret.generate({ bytes });
          const parsed = parseOtpauthUri(formatOtpauthUri(own, options));
          expect(parsed).toMatchObject({ type: 'totp', ...options, labelIssuer: options.issuer });
          expect(parsed.secret.toBytes()).toEqual(own.toBytes());
        },
      ),
    );
  });

  it('gives back the counter of every hotp URI that was formatted', () => {
    fc.assert(
      fc.property(
        fc.record({ issuer: part, account, counter: fc.maxSafeNat(), ...parameters }),
        (options) => {
          expect(parseOtpauthUri(formatOtpauthUri(secret, { type: 'hotp', ...options }))).toMatchObject({
            type: 'hotp',
            ...options,
          });
        },
      ),
    );
  });

  it.each([
    ['any case of scheme, type and names', `OTPAUTH://TOTP/Example:bob?SECRET=${text}&Issuer=Example`],
    ['an encoded colon', `otpauth://totp/Example%3Abob?secret=${text}&issuer=Example`],
    ['a lower-case encoded colon and spaces behind it', `otpauth://totp/Example%3a%20%20bob?secret=${text}`],
    ['the label as the only place of the issuer', `otpauth://totp/Example:bob?secret=${text}`],
    ['the parameter as the only place of the issuer', `otpauth://totp/bob?secret=${text}&issuer=Example`],
    ['a lower-case secret', `otpauth://totp/Example:bob?secret=${text.toLowerCase()}`],
    ['dashes in the secret', `otpauth://totp/Example:bob?secret=${text.replaceAll(/.{4}/g, '$&-')}`],
    ['spaces in the secret', `otpauth://totp/Example:bob?secret=${text.replaceAll(/.{4}/g, '$&%20')}`],
    ['the hyphenated name of a hash', `otpauth://totp/Example:bob?secret=${text}&algorithm=SHA-1`],
    ['the Java name of a hash', `otpauth://totp/Example:bob?secret=${text}&algorithm=HmacSHA1`],
    ['parameters it does not know', `otpauth://totp/Example:bob?secret=${text}&color=ff0000&lock=true&`],
  ])('takes %s', (_, uri) => {
    const parsed = parseOtpauthUri(uri);
    expect(parsed).toMatchObject({
      type: 'totp',
      issuer: 'Example',
      account: 'bob',
      algorithm: 'SHA1',
      digits: 6,
      period: 30,
    });
    expect(parsed.secret.toBase32()).toBe(text);
  });

  it('takes a padded secret', () => {
    const uri = 'otpauth://totp/bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY%3D%3D%3D%3D%3D%3D';
    expect(parseOtpauthUri(uri).secret.byteLength).toBe(16);
  });

  it('tells an issuer that is nowhere from an empty one by neither', () => {
    expect(parseOtpauthUri(`otpauth://totp/bob?secret=${text}`).issuer).toBeNull();
    expect(parseOtpauthUri(`otpauth://totp/bob?secret=${text}&issuer=`).issuer).toBeNull();
  });

  it.each([
    ['null', 'null:bob', { issuer: 'null', labelIssuer: 'null', account: 'bob' }],
    ['undefined', 'undefined:bob', { issuer: 'undefined', labelIssuer: 'undefined', account: 'bob' }],
    ['nothing', ':bob', { issuer: null, labelIssuer: null, account: 'bob' }],
  ])('takes an issuer that is called %s from the label', (_, encoded, expected) => {
    expect(parseOtpauthUri(`otpauth://totp/${encoded}?secret=${text}`)).toMatchObject(expected);
  });

  it('drops spaces behind the colon, and no others', () => {
    expect(parseOtpauthUri(`otpauth://totp/X:bob%20%20b?secret=${text}`).account).toBe('bob  b');
    expect(parseOtpauthUri(`otpauth://totp/%20bob?secret=${text}`).account).toBe(' bob');
  });

  it('reads a query with empty pairs, and one of 4,096 characters in all', () => {
    const uri = `otpauth://totp/X:bob?&&&secret=${text}&&x=`;
    expect(parseOtpauthUri(uri).account).toBe('bob');
    expect(parseOtpauthUri(uri.padEnd(4096, 'x')).account).toBe('bob');
    expect(() => parseOtpauthUri(uri.padEnd(4097, 'x'))).toThrow('is longer than 4096 characters');
  });

  it('returns both issuers where they differ', () => {
    const uri = `otpauth://totp/Old:bob?secret=${text}&issuer=New`;
    expect(parseOtpauthUri(uri)).toMatchObject({ issuer: 'New', labelIssuer: 'Old' });
  });

  it.each([
    ['a colon in the issuer', 'Text%3A%20More%20Text:Secret', 'Text: More Text', 'Secret'],
    ['two colons in the issuer', 'a%3Ab%3Ac:bob', 'a:b:c', 'bob'],
    ['a colon in the account', 'Example:a%3Ab', 'Example', 'a:b'],
    ['an encoded colon behind the issuer', 'A%3AB%3A%20bob', 'A:B', 'bob'],
  ])('splits a label with %s at the issuer that the parameter names', (_, encoded, issuer, account) => {
    const uri = `otpauth://totp/${encoded}?secret=${text}&issuer=${encodeURIComponent(issuer)}`;
    expect(parseOtpauthUri(uri)).toMatchObject({ issuer, labelIssuer: issuer, account });
  });

  it('splits at the first colon where the parameter names another issuer', () => {
    const uri = `otpauth://totp/Old%3Abob?secret=${text}&issuer=Ol`;
    expect(parseOtpauthUri(uri)).toMatchObject({ issuer: 'Ol', labelIssuer: 'Old', account: 'bob' });
  });

  it('takes secrets with non-zero tail bits only when told so', () => {
    const uri = 'otpauth://totp/Example:bob?secret=JBSWY3DPEHPK3PX';
    expect(() => parseOtpauthUri(uri, { allowShort: true })).toThrow(
      'the secret of the otpauth URI is not Base32: it has non-zero tail bits, which allowTailBits drops',
    );
    expect(parseOtpauthUri(uri, { allowShort: true, allowTailBits: true }).secret.byteLength).toBe(9);
  });

  it('names the secret of the otpauth URI in every error about it, and nothing that the caller never passed', () => {
    const withSecret = (value: string): string => `otpauth://totp/Example:bob?secret=${value}`;
    const messages = ['GEZ0GNBV', '', 'JBSWY3DPEHPK3PXP', 'A'.repeat(513), 'A'.repeat(256)].map((value) => {
      return messageOf(() => parseOtpauthUri(withSecret(value)));
    });
    expect(messages).toEqual([
      'the secret of the otpauth URI is not Base32: it has a wrong character at index 3',
      'the secret of the otpauth URI is empty',
      'the secret of the otpauth URI has 10 bytes; RFC 4226 section 4 demands 16, and allowShort takes fewer',
      'the secret of the otpauth URI must be Base32 text of at most 512 characters',
      'the secret of the otpauth URI must be at most 128 bytes long',
    ]);
    expect(messageOf(() => parseOtpauthUri(withSecret(''), { allowShort: true }))).toBe(
      'the secret of the otpauth URI is empty',
    );
  });

  it('takes short secrets only when told so', () => {
    const uri = 'otpauth://totp/Example:alice@google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example';
    expect(() => parseOtpauthUri(uri)).toThrow(expect.objectContaining({ code: 'ERR_SECRET_TOO_SHORT' }));
    expect(parseOtpauthUri(uri, { allowShort: true })).toMatchObject({
      issuer: 'Example',
      account: 'alice@google.com',
    });
  });

  const good = `otpauth://totp/Example:bob?secret=${text}`;
  it.each([
    ['another scheme', good.replace('otpauth', 'https')],
    ['text before the scheme', `see ${good}`],
    ['another type', good.replace('totp', 'steam')],
    ['no label', `otpauth://totp?secret=${text}`],
    ['an empty account', `otpauth://totp/Example:?secret=${text}`],
    ['a blank account', `otpauth://totp/Example:%20%20?secret=${text}`],
    ['a label of spaces', `otpauth://totp/%20%C2%A0?secret=${text}`],
    ["Steam's encoder", `${good}&encoder=steam`],
    ['any encoder', `${good}&ENCODER=`],
    ['a line feed in the label', good.replace('bob', 'b\nob')],
    ['no secret', 'otpauth://totp/Example:bob?issuer=Example'],
    ['no query', 'otpauth://totp/Example:bob'],
    ['a fragment', `${good}#frag`],
    ['a repeated secret', `${good}&secret=${text}`],
    ['a repeated parameter in another case', `${good}&digits=6&DIGITS=6`],
    ['digits below 6', `${good}&digits=5`],
    ['digits above 8', `${good}&digits=9`],
    ['digits beyond reason', `${good}&digits=200000000`],
    ['digits that are no number', `${good}&digits=six`],
    ['digits in another notation', `${good}&digits=0x6`],
    ['an empty number', `${good}&digits=`],
    ['a period of 0', `${good}&period=0`],
    ['a negative period', `${good}&period=-30`],
    ['a fractional period', `${good}&period=30.5`],
    ['MD5', `${good}&algorithm=MD5`],
    ['an algorithm whose name ends like one', `${good}&algorithm=xSHA1`],
    ['an algorithm whose name begins like one', `${good}&algorithm=SHA1x`],
    ['an algorithm with a long s', `${good}&algorithm=%C5%BFha1`],
    ['a hotp URI without counter', good.replace('totp', 'hotp')],
    ['a counter beyond 2^53 - 1', `${good.replace('totp', 'hotp')}&counter=9007199254740992`],
    ['a broken percent-encoding', `${good}&issuer=100%`],
    ['a broken percent-encoding in the label', good.replace('bob', '%ff')],
    ['a URI without end', `${good}&x=${'x'.repeat(5000)}`],
    ['a line feed', `${good}\n`],
  ])('refuses %s, and its message holds no part of the URI', (_, uri) => {
    let caught: unknown;
    try {
      parseOtpauthUri(uri);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: expect.stringMatching(/^ERR_INVALID_(URI|BASE32)$/) as unknown });
    expect(String(caught)).not.toMatch(/GEZD|Example|bob/);
    expect((caught as Error).cause).toBeUndefined();
  });

  it('names the position of what is not Base32', () => {
    expect(() => parseOtpauthUri('otpauth://totp/bob?secret=GEZ0GNBV')).toThrow('index 3');
  });
});

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** The length of a URI, 0 if it is refused. */
function lengthOf(make: () => string): number {
  try {
    return make().length;
  } catch (error) {
    expect(isCountersignError(error)).toBe(true);
    return 0;
  }
}

describe('labels', () => {
  it.each<[string, Partial<Label>, string]>([
    [
      'colon',
      { issuer: 'A:B' },
      'issuer must be text without a colon, which separates issuer and account in the URI',
    ],
    ['blank', { issuer: ' ' }, 'issuer must be text that is not blank'],
    [
      'control',
      { account: 'a\nb' },
      'account must be text without control characters and halves of surrogate pairs',
    ],
    ['leading space', { account: ' bob' }, 'account must be text without a leading space, which apps drop'],
    ['length', { account: 'x'.repeat(201) }, 'account must be at most 200 characters long'],
  ])('are refused by a message that says which rule was broken: %s', (_, part, message) => {
    expect(messageOf(() => formatOtpauthUri(secret, { ...label, ...part }))).toBe(message);
  });

  it('may have 200 characters each', () => {
    const longest = { issuer: 'i'.repeat(200), account: 'ü'.repeat(200) };
    expect(parseOtpauthUri(formatOtpauthUri(secret, longest))).toMatchObject(longest);
  });

  it('make no URI that a QR code cannot hold, with any secret and image', () => {
    const own = Secret.generate({ bytes: 128 });
    const part = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(part, part, fc.webUrl({ validSchemes: ['https'] }), (issuer, account, image) => {
        const made = lengthOf(() => formatOtpauthUri(own, { issuer, account, image }));
        expect(made).toBeLessThanOrEqual(2331);
      }),
    );
    expect(() => formatOtpauthUri(own, { issuer: '山'.repeat(200), account: '川'.repeat(200) })).toThrow(
      'the otpauth URI must be at most 2331 characters long, which a QR code holds',
    );
  });

  const wrong: [string, Partial<Record<keyof Label, unknown>>][] = [
    ['a colon in the issuer', { issuer: 'A:B' }],
    ['a colon in the account', { account: 'a:b' }],
    ['an encoded line feed to be', { account: 'a\nb' }],
    ['a NUL', { issuer: 'a\u0000b' }],
    ['a C1 control', { issuer: 'a\u0085b' }],
    ['an empty issuer', { issuer: '' }],
    ['a blank account', { account: '  ' }],
    ['a space before the account, which apps drop', { account: ' bob' }],
    ['a lone surrogate', { account: 'a\ud800' }],
    ['a number', { account: 12345 }],
    ['no issuer', { issuer: undefined }],
  ];
  it.each(wrong)('refuses %s', (_, part) => {
    const options = { ...label, ...part } as Label;
    expect(() => formatOtpauthUri(secret, options)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  });
});
