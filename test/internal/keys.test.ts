import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinTexts } from '../../src/internal/bytes.js';
import {
  deriveKey,
  deriveMacKeys,
  type Key,
  type Keys,
  type KeySet,
  readKeys,
  retired,
} from '../../src/internal/keys.js';

const first = new Uint8Array(32).fill(1);
const second = new Uint8Array(32).fill(2);
const third = new Uint8Array(32).fill(3);
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 100 });

describe('readKeys', () => {
  it('takes bytes, base64 and base64url text, with and without padding, for the same key', () => {
    fc.assert(
      fc.property(anyKey, (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        const texts = [base64, base64.replaceAll('=', ''), Buffer.from(bytes).toString('base64url')];
        for (const key of [bytes, ...texts]) expect(readKeys(key)).toEqual({ active: [bytes], retired: [] });
      }),
    );
  });

  it('takes what openssl rand -base64 32 prints, its line feed included', () => {
    for (let round = 0; round < 50; round++) {
      const bytes = randomBytes(32);
      expect(readKeys(`${bytes.toString('base64')}\n`).active).toEqual([new Uint8Array(bytes)]);
    }
  });

  it('copies the bytes, so that a caller who wipes theirs wipes nothing else', () => {
    const bytes = Buffer.from(first);
    const { active } = readKeys(bytes);
    bytes.fill(0);
    expect(active).toEqual([first]);
  });

  it('takes a subclass of Uint8Array that reports another length for what it is', () => {
    class Liar extends Uint8Array {
      override get length(): number {
        return 64;
      }
    }
    expect(() => readKeys(new Liar(16))).toThrow(/at least 32 bytes/);
  });

  it('marks a retired key visibly, and shows nothing of its bytes', () => {
    const marked = retired(third);
    expect(marked).toEqual({ retired: true });
    expect(Object.isFrozen(marked)).toBe(true);
  });

  it('keeps the order of active keys, and retired ones apart', () => {
    const keys: Keys = [first, second, retired(third)];
    expect(readKeys(keys)).toEqual({ active: [first, second], retired: [third] } satisfies KeySet);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'an unset variable',
      undefined,
      /^keys must be a key; is its environment variable set\? .*openssl rand -base64 32/,
    ],
    [
      'an unset variable in a list',
      [first, undefined],
      /^keys\[1\] must be a key; is its environment variable set\?/,
    ],
    ['null', null, /^keys must be 32 random bytes, or the text that openssl rand -base64 32 prints/],
    ['a number', [5], /^keys\[0\] must be 32 random bytes, or the text that openssl rand -base64 32 prints/],
    ['an object', {}, /^keys must be 32 random bytes, or the text that openssl rand -base64 32 prints/],
    ['an ArrayBuffer', new ArrayBuffer(32), /^keys must be 32 random bytes/],
    ['an empty text', '', /^keys must be a key; is its environment variable set\? A key is 32 random bytes/],
    [
      'an empty text in a list',
      [first, ' '],
      /^keys\[1\] must have at least 32 bytes: make one with openssl/,
    ],
    ['a short text', [first, 'c2hvcnQ='], /^keys\[1\] must have at least 32 bytes: make one with openssl/],
    ['short bytes', new Uint8Array(31), /^keys must have at least 32 bytes: make one with openssl/],
    [
      'a text in no base64',
      'a pass phrase, however long it may be!',
      /^keys must be .*openssl rand -base64 32 prints/,
    ],
    ['base64 with white space inside', `${'A'.repeat(22)} ${'A'.repeat(22)}`, /^keys must be .*openssl/],
    ['no key', [], /^keys must be a list that holds at least one key that is not retired$/],
    [
      'retired keys alone',
      [retired(first)],
      /^keys must be a list that holds at least one key that is not retired$/,
    ],
    [
      'a retired key in front',
      [retired(first), second],
      /^keys must be a list whose retired keys stand at its end$/,
    ],
    ['a copy of a retired key', [first, { ...retired(second) }], /^keys\[1\] must be 32 random bytes/],
  ])('says what it expected and how to get it for %s', (_, keys, message) => {
    expect(() => readKeys(keys)).toThrow(message);
    expect(() => readKeys(keys)).toThrow(expect.objectContaining({ name: 'CountersignError' }));
  });

  it('never repeats a key in an error', () => {
    for (const key of ['c2VjcmV0c2VjcmV0', 'not base64: c2VjcmV0c2VjcmV0']) {
      expect(() => readKeys([key])).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('c2Vj') as unknown }),
      );
    }
  });
});

describe('retired', () => {
  it('shows nothing of the key, however it is printed', () => {
    const marked = retired(Buffer.from(second).toString('base64'));
    const printed =
      inspect(marked, { showHidden: true, depth: 9 }) +
      JSON.stringify(marked) +
      JSON.stringify({ ...marked });
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(printed).not.toContain(Buffer.from(second).toString(form).slice(0, 6));
    expect(Object.isFrozen(marked)).toBe(true);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /^key must be a key; is its environment variable set\?/],
    ['c2hvcnQ', /^key must have at least 32 bytes/],
    [5, /^key must be 32 random bytes/],
  ])('refuses %o, which is no key', (key, message) => {
    expect(() => retired(key as Key)).toThrow(message);
  });
});

describe('deriveKey', () => {
  it('is HKDF-SHA-256 (RFC 5869) of the key, bound to the use', () => {
    fc.assert(
      fc.property(anyKey, fc.string(), (bytes, use) => {
        const expected = hkdfSync('sha256', bytes, new Uint8Array(0), Buffer.from(`countersign ${use}`), 32);
        expect(Buffer.from(deriveKey(bytes, use)).equals(Buffer.from(expected))).toBe(true);
      }),
    );
  });

  it('takes a key of any size, and derives nothing alike for two uses', () => {
    const large = new Uint8Array(300_000).fill(7);
    expect(deriveKey(large, 'a')).toHaveLength(32);
    expect(deriveKey(large, 'a')).not.toEqual(deriveKey(large, 'b'));
  });
});

describe('deriveMacKeys', () => {
  it('derives one for each active key in their order, and none for a retired one', () => {
    const set = readKeys([first, second, retired(third)]);
    const names = deriveMacKeys(set, 'test').map(({ name }) => name);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
    expect(deriveMacKeys(readKeys([second, first]), 'other').map(({ name }) => name)).toEqual(
      names.reverse(),
    );
  });

  it('names a key by eight characters that say nothing about its other uses', () => {
    const [{ name }] = deriveMacKeys(readKeys(first), 'test');
    expect(name).toMatch(/^[\w-]{8}$/);
    const hash = Buffer.from(deriveKey(first, 'test')).toString('base64url');
    expect(hash).not.toContain(name);
  });

  it('computes HMAC-SHA-256 (RFC 2104) of texts, and no two lists of texts alike', () => {
    const [{ mac }] = deriveMacKeys(readKeys(first), 'test');
    const expected = createHmac('sha256', deriveKey(first, 'test'))
      .update(joinTexts(['a', 'bc']))
      .digest();
    expect([Buffer.from(mac(['a', 'bc'])).equals(expected), mac(['a', 'bc']).length]).toEqual([true, 32]);
    const lists = [['ab', 'c'], ['abc'], ['a', 'b', 'c'], ['a', 'bc', ''], ['', 'a', 'bc'], ['A', 'bc']];
    const macs = [['a', 'bc'], ...lists].map((texts) => Buffer.from(mac(texts)).toString('hex'));
    expect(new Set(macs).size).toBe(macs.length);
  });
});
