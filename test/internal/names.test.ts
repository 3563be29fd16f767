import { describe, expect, it } from 'vitest';
import { assertAddress, assertName } from '../../src/internal/asserts.js';

const expected =
  'to must be one e-mail address such as customer@example.com, as stored with the customer; null stands for one who does not exist';

describe('assertAddress', () => {
  it.each([
    'customer@example.com',
    'first.last+tag@mail.example.co.uk',
    "o'neill@example.com",
    'a@b',
    '1@1.example',
    'jürgen@müller.example',
    '用户@例子.广告',
    'x!#$&*/=?^_`{|}~-y@example.com',
    `${'a'.repeat(64)}@${'b'.repeat(255)}`,
  ])('takes %s', (address) => {
    expect(() => {
      assertAddress('to', address);
    }).not.toThrow();
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['an at sign alone', '@'],
    ['no domain', 'a@'],
    ['no mailbox', '@b.example'],
    ['no at sign', 'customer'],
    ['two at signs', 'a@b@c.example'],
    ['two recipients', 'a@b.example,c@d.example'],
    ['two recipients with a semicolon', 'a@b.example;c@d.example'],
    ['a comment, which some programs drop', '(x)d@e.example'],
    ['an address in angle brackets', '<b@y.example>a@x.example'],
    ['a display name', 'Eve <eve@example.com>'],
    ['a group', 'list:a@b.example'],
    ['a quoted mailbox', '"a b"@c.example'],
    ['a literal address', 'a@[127.0.0.1]'],
    ['a source route', 'user%host@relay.example'],
    ['an encoded line feed', 'a@b.example%0aBcc:d@e.example'],
    ['a line feed', 'a@b.example\nBcc: d@e.example'],
    ['a trailing line feed', 'a@b.example\n'],
    ['a NUL', 'a@b.example\u0000'],
    ['a space', 'a @b.example'],
    ['a no-break space', 'a\u00a0@b.example'],
    ['an ideographic space', 'a\u3000@b.example'],
    ['a line separator', 'a\u2028@b.example'],
    ['a right-to-left override', 'a\u202emoc.elpmaxe@b.example'],
    ['a zero-width space', 'cust\u200bomer@example.com'],
    ['a word joiner', 'cust\u2060omer@example.com'],
    ['a byte order mark', '\ufeffcustomer@example.com'],
    ['a soft hyphen', 'cust\u00adomer@example.com'],
    ['a combining grapheme joiner', 'cust\u034fomer@example.com'],
    ['a Hangul filler', 'cust\u3164omer@example.com'],
    ['a variation selector', 'customer\ufe0f@example.com'],
    ['a tag character', 'customer\u{e0041}@example.com'],
    ['a full-width at sign', 'a\uff20b@c.example'],
    ['a small at sign', 'a\ufe6bb@c.example'],
    ['half a surrogate pair', 'a\ud800@b.example'],
    ['more than 320 characters', `${'a'.repeat(64)}@${'b'.repeat(256)}`],
  ])('refuses %s', (_, address) => {
    expect(() => {
      assertAddress('to', address);
    }).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expected }));
  });

  it.each([undefined, 5, ['a@b.example'], { address: 'a@b.example' }, Object('a@b.example')])(
    'says what it expected for %o, which is no text',
    (value) => {
      expect(() => {
        assertAddress('to', value);
      }).toThrow(new RegExp(`^${expected}; it is `));
    },
  );
});

describe('assertName', () => {
  it.each(['a', '0', ' ', '\u0000', '\ud800', '😀'.repeat(256), 'x'.repeat(512)])(
    'takes any text of 1 to 512 characters: %j',
    (name) => {
      expect(() => {
        assertName('subject', name);
      }).not.toThrow();
    },
  );

  it.each<[unknown, string, RegExp]>([
    ['', 'ERR_OUT_OF_RANGE', /^subject must have from 1 to 512 characters$/],
    ['x'.repeat(513), 'ERR_OUT_OF_RANGE', /^subject must have from 1 to 512 characters$/],
    [12345, 'ERR_INVALID_ARGUMENT', /^subject must be a string; it is Number$/],
    [undefined, 'ERR_INVALID_ARGUMENT', /^subject must be a string; it is Undefined$/],
  ])('refuses %j', (name, code, message) => {
    const assert = (): void => {
      assertName('subject', name);
    };
    expect(assert).toThrow(expect.objectContaining({ code }));
    expect(assert).toThrow(message);
  });
});
