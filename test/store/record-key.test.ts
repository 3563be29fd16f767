import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordKey } from '../../src/store/record-key.js';

describe('recordKey', () => {
  it('is the room and a SHA-256 of the parts in UTF-16, each behind its length', () => {
    const hash = createHash('sha256');
    for (const part of ['ann', 'login']) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      hash.update(length).update(Buffer.from(part, 'utf16le').swap16());
    }
    expect(recordKey('token', 'ann', 'login')).toBe(`token:${hash.digest('hex')}`);
  });

  it('has one length and one case, whatever the parts contain', () => {
    const form = /^token:[0-9a-f]{64}$/;
    for (const part of ['', 'a'.repeat(100_000), '\0', 'Ä:/..%', '\ud800']) {
      expect(recordKey('token', part)).toMatch(form);
    }
  });

  it.each([
    ['a separator', ['a', 'b:c'], ['a:b', 'c']],
    ['the case', ['Ann'], ['ann']],
    ['an empty part', ['a', ''], ['a']],
    ['no parts', [], ['']],
    ['lone surrogates', ['\ud800'], ['\ufffd']],
    ['a normal form', ['\u00e9'], ['e\u0301']],
    ['a trailing space', ['a'], ['a ']],
    ['the length of the first part', ['ab', 'c'], ['a', 'bc']],
  ])('holds apart what differs by %s', (_, left, right) => {
    expect(recordKey('token', ...left)).not.toBe(recordKey('token', ...right));
  });

  it('is the same for the same parts only', () => {
    const parts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 });
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(recordKey('token', ...left) === recordKey('token', ...right)).toBe(same);
      }),
    );
  });
});
