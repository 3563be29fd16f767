import { describe, expect, it } from 'vitest';
import {
  type EmailTokenLimits,
  isLoosened,
  looserThanRecommended,
  type PolicyOptions,
  resolvePolicy,
  type SendTimeout,
  strictPolicy,
} from '../../src/email-token/policy.js';
import { renderMessage } from '../../src/email-token/message.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { address, tokenHarness } from '../support/tokens/harness.js';
import { whilePolluted } from '../support/harness/polluted.js';

const day = 86_400;
const defaults = {
  ...{ ttlSeconds: 900, maxAttempts: 5, resendAfterSeconds: 60, sendTimeoutSeconds: 30 },
  ...{ sendsPerHour: 5, sendsPerDay: 10, freeFailures: 4, firstDelaySeconds: 30, maxDelaySeconds: day },
  ...{ maxFailures: 50, failureWindowSeconds: 30 * day },
};
const loosest = {
  ...{ sendsPerHour: 60, sendsPerDay: 200, freeFailures: 10, firstDelaySeconds: 1, maxDelaySeconds: 60 },
  ...{ maxFailures: 100, failureWindowSeconds: day },
};

describe('a policy', () => {
  it('has the documented defaults', () => {
    expect(resolvePolicy({})).toEqual(defaults);
    expect(resolvePolicy({ ttlSeconds: undefined, limits: { maxFailures: undefined } })).toEqual(defaults);
  });

  it('takes the strictest and, with the mark, the loosest of everything', () => {
    expect(resolvePolicy({ ttlSeconds: 60, maxAttempts: 1, resendAfterSeconds: 3600 })).toMatchObject({
      ...{ ttlSeconds: 60, maxAttempts: 1, resendAfterSeconds: 3600 },
    });
    const loose = { ttlSeconds: day, maxAttempts: 10, resendAfterSeconds: 0 };
    expect(resolvePolicy({ ...loose, limits: looserThanRecommended(loosest) })).toEqual({
      ...{ ...loose, sendTimeoutSeconds: 30, ...loosest },
    });
  });

  it.each<[keyof PolicyOptions, number]>([
    ['ttlSeconds', 901],
    ['maxAttempts', 6],
    ['resendAfterSeconds', 59],
  ])('needs the mark for a %s of %i, and says how to set it', (name, value) => {
    expect(() => resolvePolicy({ [name]: value })).toThrow(
      new RegExp(`^${name} is looser than the default of \\d+: .*looserThanRecommended`),
    );
    expect(resolvePolicy({ [name]: value, limits: looserThanRecommended({}) })).toMatchObject({
      [name]: value,
    });
  });

  it.each(Object.entries(loosest))('needs the mark for limits.%s of %i', (name, value) => {
    expect(() => resolvePolicy({ limits: { [name]: value } })).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }),
    );
    expect(() => resolvePolicy({ limits: { [name]: value } })).toThrow(
      new RegExp(`^limits.${name} is looser`),
    );
  });

  it.each<[PolicyOptions & SendTimeout, RegExp]>([
    [{ ttlSeconds: 59 }, /^ttlSeconds must be an integer from 60 to 86400$/],
    [{ ttlSeconds: day + 1 }, /^ttlSeconds must be/],
    [{ maxAttempts: 0 }, /^maxAttempts must be an integer from 1 to 10$/],
    [{ maxAttempts: 2.5 }, /^maxAttempts must be/],
    [{ maxAttempts: NaN }, /^maxAttempts must be/],
    [{ resendAfterSeconds: 3601 }, /^resendAfterSeconds must be/],
    [{ sendTimeoutSeconds: 0 }, /^sendTimeoutSeconds must be an integer from 1 to 300$/],
    [{ limits: { maxFailures: 101 } }, /^limits.maxFailures must be an integer from 1 to 100$/],
    [{ limits: { sendsPerDay: 0 } }, /^limits.sendsPerDay must be/],
  ])('refuses %o with the mark as well', (options, message) => {
    const limits = looserThanRecommended({ ...options.limits });
    expect(() => resolvePolicy({ ...options, limits })).toThrow(message);
  });

  it.each<[unknown, RegExp]>([
    [{ ttlSeconds: '900' }, /^ttlSeconds must be an integer from 60 to 86400; it is String$/],
    [{ limits: null }, /^limits must be an object; it is Null$/],
    [{ limits: { maxFailure: 5 } }, /^limits has an unknown option 'maxFailure'; known are .*maxFailures/],
  ])('refuses %o', (options, message) => {
    expect(() => resolvePolicy(options as PolicyOptions)).toThrow(message);
  });
});

describe('a limit at its recommended value', () => {
  it('needs no mark, whichever direction is looser', () => {
    const { ttlSeconds, maxAttempts, resendAfterSeconds, sendTimeoutSeconds, ...limits } = defaults;
    const options = { ttlSeconds, maxAttempts, resendAfterSeconds, sendTimeoutSeconds, limits };
    expect(resolvePolicy(options)).toEqual(defaults);
  });

  it('is marked by nothing but looserThanRecommended', () => {
    for (const value of [undefined, null, 5, 'limits', () => undefined, {}])
      expect(isLoosened(value)).toBe(false);
    expect(isLoosened(looserThanRecommended({}))).toBe(true);
  });
});

describe('looserThanRecommended', () => {
  it('gives the limits back, frozen and marked, and the mark is not an enumerable name', () => {
    const limits = looserThanRecommended({ maxFailures: 100 });
    expect(Object.keys(limits)).toEqual(['maxFailures']);
    expect(Object.isFrozen(limits)).toBe(true);
  });

  it('refuses what is no limit', () => {
    expect(() => looserThanRecommended({ ttlSeconds: 5 } as EmailTokenLimits)).toThrow(
      /unknown option 'ttlSeconds'/,
    );
  });
});

describe('strictPolicy', () => {
  it('is a policy', () => {
    expect(resolvePolicy(strictPolicy)).toEqual({ ...defaults, ttlSeconds: 600 });
  });
});

describe('27: a polluted Object.prototype', () => {
  it('changes no policy', async () => {
    const pollution = { ttlSeconds: 60, maxAttempts: 1, maxFailures: 1, limits: {} };
    expect(await whilePolluted(pollution, () => ({ ...resolvePolicy({}) }))).toEqual(defaults);
  });

  it('changes no option, no request and no mail', async () => {
    const store = memoryStore();
    const pollution = { digits: 8, to: 'eve@example.com', render: 5, isNull: true, long: true };
    await whilePolluted(pollution, async () => {
      const { ask, mails, answer } = tokenHarness({ store, now: Date.now, render: renderMessage });
      const granted = await ask({ to: address });
      expect(mails[0]?.to).toBe(address);
      expect(mails[0]?.message.subject).toBe('Your security token');
      expect(granted.code).toMatch(/^\d{6}$/);
      expect(await answer(granted)).toBe('ok');
    });
  });
});
