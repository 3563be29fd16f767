import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { emptyTokenState, tokenFields } from '../../src/email-token/token-state.js';
import { joinTexts } from '../../src/internal/bytes.js';
import {
  fields,
  formatEnvelope,
  formatRecord,
  instant,
  integer,
  list,
  nullable,
  oneOf,
  parseEnvelope,
  readRecord,
  recordKey,
  text,
} from '../../src/store/record.js';
import { anyText } from '../support/tokens/any-text.js';

const unreadable = expect.objectContaining({
  name: 'CountersignError',
  code: 'ERR_RECORD_UNREADABLE',
}) as Error;

describe('recordKey', () => {
  it('is the kind and a SHA-256 of the parts, each behind its length', () => {
    const digest = createHash('sha256')
      .update(joinTexts(['ann', 'login']))
      .digest('hex');
    expect(recordKey('email-token', 'ann', 'login')).toBe(`email-token:${digest}`);
  });

  it('has one length and one case, and is a key that every store takes, whatever the parts contain', () => {
    for (const part of ['', 'a'.repeat(100_000), '\0', 'Ä:/..%', '\ud800'])
      expect(recordKey('email-token', part)).toMatch(/^email-token:[0-9a-f]{64}$/);
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
    ['the mark of a record beside', ['login', 'customer'], ['login', 'customer', 'null']],
  ])('keeps apart what differs by %s', (_, left, right) => {
    expect(recordKey('token', ...left)).not.toBe(recordKey('token', ...right));
  });

  it('is the same for the same parts only', () => {
    const parts = fc.array(anyText(), { maxLength: 3 });
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(recordKey('token', ...left) === recordKey('token', ...right)).toBe(same);
      }),
    );
  });
});

describe('the envelope of a stored value', () => {
  const instants = fc.option(fc.nat(8.64e15).map((ms) => new Date(ms)));
  const values = fc.option(anyText(), { nil: undefined });
  const etags = fc.array(fc.stringMatching(/^[\w-]{24}$/), { maxLength: 8 });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(values, instants, etags, (value, expiresAt, lineage) => {
        const envelope = { value, expiresAt, lineage };
        expect(parseEnvelope(formatEnvelope(envelope))).toEqual(envelope);
      }),
    );
  });

  it.each([
    ...[
      '',
      'live',
      'live ',
      'live 1',
      'live  ',
      'live  x',
      'live -1 x',
      'live -- x',
      'live 1.5 x',
      'live 1e3 x',
      'live 9999999999999999 - x',
      'x live - - x',
    ],
    ...['live NaN x', 'live +1 x', 'live 0x1 x', 'live ١ x', 'live 1\n2 x', 'live 12345678901234567 x'],
    ...['live 1 a, x', 'live 1 ,a x', 'live 1 a;b x', 'live 1 - '.slice(0, -1)],
    ...['Live 1 x', 'live1 x', 'alive 1 x', 'gone', 'gone 1', 'lost 1 x', '[1,null,[],[],0]'],
  ])('is an error, not an absent record, when it is %j', (damaged) => {
    expect(() => parseEnvelope(damaged)).toThrow(expect.objectContaining({ code: 'ERR_STORE_FAILED' }));
  });

  it('takes any text behind the lineage for the value', () => {
    expect(parseEnvelope('live - - ')).toEqual({ value: '', expiresAt: null, lineage: [] });
    expect(parseEnvelope('live 0 a,b  live 1 x')).toEqual({
      value: ' live 1 x',
      expiresAt: new Date(0),
      lineage: ['a', 'b'],
    });
    expect(parseEnvelope('gone 900000 - ')).toEqual({
      value: undefined,
      expiresAt: new Date(900_000),
      lineage: [],
    });
  });
});

describe('readRecord', () => {
  const read = fields<{ readonly at: number }>({ at: instant });

  it('reads what formatRecord wrote', () => {
    expect(readRecord(formatRecord({ at: 5 }, 3), 3, read)).toEqual({ at: 5 });
  });

  it.each([
    ...['', '{', 'null', '5', '"x"', 'true', '[]', '{}', '[1]', '[1,null,[],[],"x"]'],
    ...[
      '{"v":1,"at":5}',
      '{"v":"3","at":5}',
      '{"v":3}',
      '{"v":3,"at":null}',
      '{"at":5}',
      '{"__proto__":{"v":3},"at":5}',
    ],
  ])('is ERR_RECORD_UNREADABLE for %s, and never a TypeError or an empty state', (damaged) => {
    expect(() => readRecord(damaged, 3, read)).toThrow(unreadable);
  });

  it('repeats nothing of the text in the error', () => {
    const damaged = '{"v":1,"to":"customer@example.com",';
    try {
      readRecord(damaged, 1, read);
      expect.unreachable();
    } catch (error) {
      expect(String(error) + JSON.stringify(error)).not.toContain('customer');
      expect(error).not.toHaveProperty('cause');
    }
  });
});

describe('the readers', () => {
  it.each<[string, () => unknown]>([
    ['a text that is too long', () => text(3)('abcd')],
    ['a number as a text', () => text(3)(5)],
    ['a text that is not among a few', () => oneOf('a', 'b')('c')],
    ['a key of the prototype among a few', () => oneOf('a')('toString')],
    ['a fraction', () => integer(0, 9)(0.5)],
    ['an integer below', () => integer(0, 9)(-1)],
    ['an integer above', () => integer(0, 9)(10)],
    ['an integer as a text', () => integer(0, 9)('5')],
    ['NaN as an instant', () => instant(NaN)],
    ['an instant past the last one of a Date', () => instant(8.64e15 + 2)],
    ['undefined for null', () => nullable(instant)(undefined)],
    ['a list that is too long', () => list(instant, 2)([1, 2, 3])],
    ['an object for a list', () => list(instant, 2)({ length: 1, 0: 1 })],
    ['a list with a wrong item', () => list(instant, 2)([1, null])],
    ['a list for an object', () => fields<{ a: number }>({ a: instant })([1])],
    ['an inherited field', () => fields<{ a: number }>({ a: instant })(Object.create({ a: 1 }))],
  ])('refuse %s', (_, read) => {
    expect(read).toThrow(unreadable);
  });

  it('take what is just within their bounds', () => {
    expect(text(3)('abc')).toBe('abc');
    expect([integer(0, 9)(0), integer(0, 9)(9)]).toEqual([0, 9]);
    expect(list(instant, 2)([1, 2])).toEqual([1, 2]);
  });

  it('drop fields that nobody asked for', () => {
    expect(fields<{ a: number }>({ a: instant })({ a: 1, b: 2 })).toEqual({ a: 1 });
  });
});

describe('the record of email tokens', () => {
  const token = {
    ...{ id: 'i', key: 'k', purpose: 'login', to: 'a@b.example' },
    ...{ issuedAt: 1, expiresAt: 2, attempts: 0, mails: 1 },
  };
  const full = {
    ...{ token, sending: token, long: { ...token, to: null }, longSentAt: 5 },
    past: [{ bound: 'b', key: 'k', expiresAt: 3, end: 'redeemed' }],
    ...{ sentAt: [1, 2], failures: { at: [1], inARow: 1 }, voidBefore: 7 },
  };

  it.each([emptyTokenState, full])('is read back as it was written: number %#', (state) => {
    expect(readRecord(formatRecord(state, 1), 1, tokenFields)).toEqual(state);
  });

  it('is unreadable after the loss or the change of any part', () => {
    const pathsOf = (value: unknown, path: string[]): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, part]) => [
            [...path, name],
            ...pathsOf(part, [...path, name]),
          ])
        : [];
    const paths = pathsOf(full, []).filter((path) => !/^\d+$/.test(path.at(-1) ?? ''));
    expect(paths.length).toBeGreaterThan(30);
    for (const path of paths) {
      for (const damage of [undefined, true, { a: 1 }, 'x'.repeat(2000), -1]) {
        const damaged = structuredClone(full) as Record<string, unknown>;
        const parent = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, damaged);
        parent[path.at(-1) ?? ''] = damage;
        expect(() => readRecord(formatRecord(damaged, 1), 1, tokenFields)).toThrow(unreadable);
      }
    }
  });
});
