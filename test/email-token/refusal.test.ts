import { describe, expect, it } from 'vitest';
import { describeRefusal } from '../../src/email-token/refusal.js';

const base = { ok: false, reason: 'mismatch' } as const;
const retryAt = Date.UTC(2030, 0);
const later = retryAt + 60_000;
const delayed = { reason: 'delayed', retryAt } as const;
const locked = { reason: 'locked', retryAt } as const;

describe('a refusal', () => {
  it('says no more than there is to say', () => {
    expect(describeRefusal(base)).toStrictEqual({ refusal: base, failures: {}, lockedUntil: null });
    expect(describeRefusal({ ...base, retryAt: null, block: null })).toStrictEqual(describeRefusal(base));
  });

  it('says how many attempts are left, none among them', () => {
    expect(describeRefusal({ ...base, attemptsLeft: 0 }).refusal).toStrictEqual({ ...base, attemptsLeft: 0 });
  });

  it('says when to try again: by its own instant first, else by what the failure brought', () => {
    expect(describeRefusal({ ...base, retryAt }).refusal).toStrictEqual({
      ...base,
      retryAt: new Date(retryAt),
    });
    expect(describeRefusal({ ...base, block: delayed }).refusal).toStrictEqual({
      ...base,
      retryAt: new Date(retryAt),
    });
    expect(describeRefusal({ ...base, retryAt: later, block: delayed }).refusal.retryAt).toStrictEqual(
      new Date(later),
    );
  });

  it('tells the observer the failures that count, and a lock only if there is one', () => {
    expect(describeRefusal({ ...base, failures: 0, block: delayed })).toMatchObject({
      failures: { failures: 0 },
      lockedUntil: null,
    });
    expect(describeRefusal({ ...base, block: locked }).lockedUntil).toStrictEqual(new Date(retryAt));
  });
});
