import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatEnvelope, parseEnvelope } from '../../src/store/envelope.js';

const instants = fc.option(fc.nat(8.64e15).map((ms) => new Date(ms)));
const values = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });

describe('the envelope of a stored value', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(values, instants, (value, expiresAt) => {
        expect(parseEnvelope(formatEnvelope({ value, expiresAt }))).toEqual({ value, expiresAt });
      }),
    );
  });

  it.each([
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
    'live NaN x',
    'live +1 x',
    'live 0x1 x',
    'live ١ x',
    'live 1\n2 x',
    'live 12345678901234567 x',
    'Live 1 x',
    'live1 x',
    'alive 1 x',
    'gone',
    'gone 1',
    'lost 1 x',
    '[1,null,[],[],0]',
  ])('is an error, not an absent record, when it is %j', (text) => {
    expect(() => parseEnvelope(text)).toThrow(expect.objectContaining({ code: 'ERR_STORE_FAILED' }));
  });

  it('takes any text behind the expiry for the value', () => {
    expect(parseEnvelope('live - ')).toEqual({ value: '', expiresAt: null });
    expect(parseEnvelope('live 0  live 1 x')).toEqual({ value: ' live 1 x', expiresAt: new Date(0) });
    expect(parseEnvelope('gone 900000 ')).toEqual({ value: undefined, expiresAt: new Date(900_000) });
  });
});
