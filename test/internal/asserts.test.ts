import { afterEach, describe, expect, it } from 'vitest';
import {
  assertFunction,
  assertInteger,
  assertOptionalBoolean,
  assertString,
  readMilliseconds,
  readOptions,
} from '../../src/internal/asserts.js';

const known = ['past', 'future'];
const coded = (code: string): unknown => expect.objectContaining({ code });

afterEach(() => {
  for (const name of ['past', 'other']) Reflect.deleteProperty(Object.prototype, name);
});

describe('readOptions', () => {
  it('gives a copy of the own properties, without a prototype', () => {
    const options = { past: 1 };
    const copy = readOptions('window', options, known);
    options.past = 2;
    expect({ ...copy }).toEqual({ past: 1 });
    expect(Object.getPrototypeOf(copy)).toBeNull();
  });

  it('sees nothing of a polluted Object.prototype, neither a known name nor another', () => {
    Object.assign(Object.prototype, { past: 1000, other: 1 });
    const options: { past?: number } = {};
    const { past } = readOptions('window', options, known);
    expect(past).toBeUndefined();
  });

  it('sees nothing that is inherited', () => {
    const inherited = Object.create({ past: 1, other: 1 }) as { past?: number };
    expect(readOptions('window', inherited, known).past).toBeUndefined();
  });

  it('asks each getter once', () => {
    let asked = 0;
    const options = {
      get past(): number {
        return asked++;
      },
    };
    const copy = readOptions('window', options, known);
    expect([copy.past, copy.past, asked]).toEqual([0, 0, 1]);
  });

  it('copies symbols', () => {
    const mark = Symbol('mark');
    expect(readOptions('window', { [mark]: 1 }, known)[mark]).toBe(1);
  });

  it('refuses an unknown name, says it, and says which are known', () => {
    const options = { past: 1, ahead: 2 };
    expect(() => readOptions('window', options, known)).toThrow(coded('ERR_UNKNOWN_OPTION'));
    expect(() => readOptions('window', options, known)).toThrow(
      "window has an unknown option 'ahead'; known are past, future",
    );
  });

  it('does not repeat a name that could be a secret', () => {
    const options = { GEZDGNBVGY3TQOJQ: 1 };
    expect(() => readOptions('window', options, known)).not.toThrow('GEZD');
    expect(() => readOptions('window', options, known)).toThrow(coded('ERR_UNKNOWN_OPTION'));
  });

  it.each([undefined, null, 1, 'past', [], [1], () => 1])('refuses %s in place of an object', (value) => {
    expect(() => readOptions('window', value as unknown as object, known)).toThrow(
      coded('ERR_INVALID_ARGUMENT'),
    );
  });
});

describe('assertInteger', () => {
  it('takes both bounds, and nothing beyond or between', () => {
    for (const value of [1, 2, 3])
      expect(() => {
        assertInteger('n', value, 1, 3);
      }).not.toThrow();
    for (const value of [0, 4, 1.5, NaN, Infinity]) {
      expect(() => {
        assertInteger('n', value, 1, 3);
      }).toThrow(coded('ERR_OUT_OF_RANGE'));
    }
  });

  it.each([['2'], [2n], [null], [undefined], [[2]]])(
    'refuses another type, and says its kind: %s',
    (value) => {
      expect(() => {
        assertInteger('n', value, 1, 3);
      }).toThrow(/^n must be an integer from 1 to 3; it is [A-Z][A-Za-z]+$/);
    },
  );
});

describe('the other assertions', () => {
  it('name the argument, the type and the kind, and not the value', () => {
    const secret = 'GEZDGNBVGY3TQOJQ';
    expect(() => {
      assertOptionalBoolean('flag', secret);
    }).toThrow(/^flag must be a boolean; it is String$/);
    expect(() => {
      assertFunction('send', secret);
    }).toThrow(/^send must be a function; it is String$/);
    expect(() => {
      assertString('text', [secret]);
    }).toThrow(/^text must be a string; it is Array$/);
  });

  it('take what they ask for', () => {
    expect(() => {
      assertOptionalBoolean('flag', undefined);
      assertOptionalBoolean('flag', false);
      assertFunction('send', async () => Promise.resolve());
      assertString('text', '');
    }).not.toThrow();
  });
});

describe('readMilliseconds', () => {
  it('takes what Date.now gives, and drops fractions', () => {
    expect(readMilliseconds('now', 1_700_000_000_000)).toBe(1_700_000_000_000);
    expect(readMilliseconds('now', 1_700_000_000_000.9)).toBe(1_700_000_000_000);
    expect(readMilliseconds('now', 1e11)).toBe(1e11);
    expect(readMilliseconds('now', 8.64e15)).toBe(8.64e15);
  });

  it.each([0, 59, 1_700_000_000, 99_999_999_999])('refuses seconds: %d', (value) => {
    expect(() => readMilliseconds('at', value)).toThrow(coded('ERR_OUT_OF_RANGE'));
    expect(() => readMilliseconds('at', value)).toThrow('looks like seconds: pass milliseconds or a Date');
  });

  it.each([-1, 8.65e15, Infinity, -Infinity])('refuses an instant that no Date has: %d', (value) => {
    expect(() => readMilliseconds('at', value)).toThrow(coded('ERR_OUT_OF_RANGE'));
    expect(() => readMilliseconds('at', value)).not.toThrow('seconds:');
  });

  it.each([NaN, '1700000000000', 1_700_000_000_000n, null, {}])('refuses what is no number: %s', (value) => {
    expect(() => readMilliseconds('at', value)).toThrow(coded('ERR_INVALID_ARGUMENT'));
  });
});
