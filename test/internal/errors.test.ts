import { describe, expect, it } from 'vitest';
import { CountersignError, isCountersignError } from '../../src/index.js';

describe('CountersignError', () => {
  it('is an Error with a name, a stable code and its cause', () => {
    const cause = new Error('below');
    const error = new CountersignError('ERR_INVALID_ARGUMENT', 'what is wrong', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'CountersignError',
      code: 'ERR_INVALID_ARGUMENT',
      message: 'what is wrong',
      cause,
    });
  });

  it('shows code and message, and nothing else of its own making', () => {
    const error = new CountersignError('ERR_OUT_OF_RANGE', 'what is wrong');
    expect(Object.keys(error)).toEqual(['name', 'code']);
  });
});

const foreign = Object.defineProperty(new Error('other copy'), Symbol.for('countersign.error'), {
  value: true,
});

describe('instanceof CountersignError', () => {
  it('knows our errors, also those of another copy of the package', () => {
    expect(new CountersignError('ERR_INVALID_URI', '') instanceof CountersignError).toBe(true);
    expect(foreign instanceof CountersignError).toBe(true);
    expect(new Error('other') instanceof CountersignError).toBe(false);
  });

  it('leaves a subclass to know its own alone', () => {
    class Special extends CountersignError {}
    const special = new Special('ERR_INVALID_URI', '');
    expect(special instanceof Special && special instanceof CountersignError).toBe(true);
    expect(new CountersignError('ERR_INVALID_URI', '') instanceof Special).toBe(false);
  });
});

describe('isCountersignError', () => {
  it('knows our errors, also those of another copy of the package', () => {
    expect(isCountersignError(new CountersignError('ERR_INVALID_URI', ''))).toBe(true);
    expect(isCountersignError(foreign)).toBe(true);
  });

  it.each([undefined, null, 'ERR_INVALID_URI', new Error('other'), { code: 'ERR_INVALID_URI' }])(
    'says no to %s',
    (value) => {
      expect(isCountersignError(value)).toBe(false);
    },
  );
});
