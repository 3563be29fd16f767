import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePolicy } from '../../src/email-token/policy.js';
import { formatState, parseState } from '../../src/email-token/state-text.js';
import {
  cancelToken,
  emptyState,
  issueToken,
  type LiveToken,
  redeemToken,
  revokeToken,
  stateExpiresAt,
  type TokenState,
  unlockToken,
} from '../../src/email-token/token-state.js';

const policy = resolvePolicy({});
const START = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const fresh = (challenge: string): Pick<LiveToken, 'challenge' | 'digest' | 'to'> => ({
  challenge,
  digest: `digest of ${challenge}`,
  to: 'a@example.com',
});
const right = (): boolean => true;
const wrong = (): boolean => false;

function issued(state: TokenState = emptyState, now: number = START, challenge = 'c1'): TokenState {
  const step = issueToken(state, fresh(challenge), now, policy);
  expect(step.outcome).toMatchObject({ ok: true });
  return step.state;
}

/** Guesses wrong `count` times, waiting out delays and taking new tokens as needed; returns state and time. */
function failed(count: number, from: number = START): { state: TokenState; now: number } {
  let now = from;
  let state = emptyState;
  for (let failures = 0; failures < count;) {
    const step = redeemToken(state, 'c1', wrong, now, policy);
    state = step.state;
    if (!step.outcome.ok && step.outcome.reason === 'mismatch') {
      failures++;
    } else if ('retryAt' in step.outcome) {
      now = step.outcome.retryAt;
    } else {
      now += 3 * HOUR;
      state = issued(state, now);
    }
  }
  return { state, now };
}

describe('issueToken', () => {
  it('gives a token 15 minutes and the next one a minute to wait', () => {
    const { outcome } = issueToken(emptyState, fresh('c1'), START, policy);
    expect(outcome).toEqual({
      ok: true,
      issuedAt: START,
      expiresAt: START + 15 * MINUTE,
      resendAt: START + MINUTE,
    });
  });

  it('refuses within the cooldown, changing nothing', () => {
    const state = issued();
    const step = issueToken(state, fresh('c2'), START + 59_999, policy);
    expect(step.outcome).toEqual({ ok: false, reason: 'cooldown', retryAt: START + MINUTE });
    expect(step.state).toBe(state);
    expect(issueToken(state, fresh('c2'), START + MINUTE, policy).outcome.ok).toBe(true);
  });

  it('allows five mails an hour and tells beforehand when the sixth can be had', () => {
    let state = emptyState;
    for (let i = 0; i < 5; i++) state = issued(state, START + i * MINUTE);
    const step = issueToken(state, fresh('c6'), START + 30 * MINUTE, policy);
    expect(step.outcome).toEqual({ ok: false, reason: 'limit', retryAt: START + HOUR });
    expect(issueToken(state, fresh('c6'), START + HOUR, policy).outcome.ok).toBe(true);
  });

  it('allows ten mails in 24 hours', () => {
    let state = emptyState;
    for (let i = 0; i < 10; i++) state = issued(state, START + i * HOUR);
    const { outcome } = issueToken(state, fresh('c'), START + 12 * HOUR, policy);
    expect(outcome).toEqual({ ok: false, reason: 'limit', retryAt: START + DAY });
  });

  it('announces the end of the quota as the time of the next mail', () => {
    let state = emptyState;
    for (let i = 0; i < 4; i++) state = issued(state, START + i * MINUTE);
    const { outcome } = issueToken(state, fresh('c5'), START + 4 * MINUTE, policy);
    expect(outcome).toMatchObject({ ok: true, resendAt: START + HOUR });
  });

  it('refuses until a clock that stepped back has caught up, so that the mails stay in order', () => {
    const state = issued(emptyState, START + 3 * HOUR);
    const { outcome } = issueToken(state, fresh('c2'), START, policy);
    expect(outcome).toEqual({ ok: false, reason: 'cooldown', retryAt: START + 3 * HOUR + MINUTE });
    expect(issueToken(state, fresh('c2'), START + 3 * HOUR + MINUTE, policy).outcome.ok).toBe(true);
  });

  it('kills the token before', () => {
    const state = issued(issued(), START + MINUTE, 'c2');
    expect(redeemToken(state, 'c1', right, START + MINUTE, policy).outcome).toEqual({
      ok: false,
      reason: 'unknown',
    });
    expect(redeemToken(state, 'c2', right, START + MINUTE, policy).outcome.ok).toBe(true);
  });

  it('does not give back the failures', () => {
    const one = redeemToken(issued(), 'c1', wrong, START, policy).state;
    expect(issued(one, START + MINUTE, 'c2').failures).toEqual(one.failures);
  });
});

describe('redeemToken', () => {
  it('accepts a right guess once', () => {
    const step = redeemToken(issued(), 'c1', right, START, policy);
    expect(step.outcome).toEqual({ ok: true, to: 'a@example.com' });
    expect(redeemToken(step.state, 'c1', right, START, policy).outcome).toEqual({
      ok: false,
      reason: 'unknown',
    });
  });

  it('frees the cooldown and the place in the quotas of a redeemed token', () => {
    let state = emptyState;
    for (let i = 0; i < 100; i++) state = redeemToken(issued(state), 'c1', right, START, policy).state;
    expect(state).toEqual(emptyState);
  });

  it('refuses from the first instant of expiry', () => {
    expect(redeemToken(issued(), 'c1', right, START + 15 * MINUTE - 1, policy).outcome.ok).toBe(true);
    const late = redeemToken(issued(), 'c1', right, START + 15 * MINUTE, policy);
    expect(late.outcome).toEqual({ ok: false, reason: 'expired' });
  });

  it('evaluates at most maxAttempts guesses', () => {
    let state = issued();
    let evaluated = 0;
    const count = (): boolean => {
      evaluated++;
      return false;
    };
    for (let i = 0; i < 50; i++)
      state = redeemToken(state, 'c1', count, START + i * 5 * SECOND, policy).state;
    expect(evaluated).toBe(5);
    const late = redeemToken(state, 'c1', right, START + 10 * MINUTE, policy);
    expect(late.outcome).toEqual({ ok: false, reason: 'exhausted' });
  });

  it('counts down the attempts, and delays from the fifth failure on', () => {
    let state = issued();
    const outcomes = [1, 2, 3, 4, 5].map(() => {
      const step = redeemToken(state, 'c1', wrong, START, policy);
      state = step.state;
      return step.outcome;
    });
    expect(outcomes.map((outcome) => 'attemptsLeft' in outcome && outcome.attemptsLeft)).toEqual([
      4, 3, 2, 1, 0,
    ]);
    expect(outcomes.map((outcome) => 'retryAt' in outcome && outcome.retryAt)).toEqual([
      ...[null, null, null, null],
      START + 30 * SECOND,
    ]);
  });

  it('does not evaluate during a delay, so a right guess then costs nothing', () => {
    const { state, now } = failed(5);
    const next = issued(state, now + 10 * SECOND + 2 * HOUR, 'c2');
    const early = { ...next, failures: { ...next.failures, at: [now + 2 * HOUR + 5 * SECOND] } };
    const step = redeemToken(early, 'c2', right, now + 2 * HOUR + 11 * SECOND, policy);
    expect(step.outcome).toEqual({ ok: false, reason: 'delayed', retryAt: now + 2 * HOUR + 35 * SECOND });
    expect(step.state).toBe(early);
  });

  it('doubles the delay up to a day', () => {
    const delays = [5, 6, 7, 8, 16, 17, 18].map((inARow) => {
      const state = { ...issued(), failures: { at: [START], inARow } };
      const { outcome } = redeemToken(state, 'c1', right, START, policy);
      return 'retryAt' in outcome && outcome.retryAt !== null ? (outcome.retryAt - START) / SECOND : 0;
    });
    expect(delays).toEqual([30, 60, 120, 240, 61_440, 86_400, 86_400]);
  });

  it('locks after 50 failures in 30 days, until the oldest has aged out', () => {
    const at = Array.from({ length: 49 }, (_, i) => START + i * 12 * HOUR);
    const now = START + 25 * DAY;
    const state = { ...issued(emptyState, now), failures: { at, inARow: 0 } };
    const step = redeemToken(state, 'c1', wrong, now, policy);
    expect(step.outcome).toMatchObject({
      reason: 'mismatch',
      failures: 50,
      locks: true,
      retryAt: START + 30 * DAY,
    });
    const next = redeemToken(step.state, 'c1', right, now + HOUR, policy);
    expect(next.outcome).toEqual({ ok: false, reason: 'locked', retryAt: START + 30 * DAY });
    const issue = issueToken(step.state, fresh('c2'), now + HOUR, policy);
    expect(issue.outcome).toEqual({ ok: false, reason: 'locked', retryAt: START + 30 * DAY });
    expect(issueToken(step.state, fresh('c2'), START + 30 * DAY, policy).outcome.ok).toBe(true);
  });

  it('clears the delay with a success, and keeps the total', () => {
    const { state, now } = failed(7);
    const later = now + 2 * DAY;
    const step = redeemToken(issued(state, later), 'c1', right, later, policy);
    expect(step.outcome.ok).toBe(true);
    expect(step.state.failures.inARow).toBe(0);
    expect(step.state.failures.at).toHaveLength(7);
  });

  it('never accepts for a customer without an address, and counts his guesses alike', () => {
    const state = {
      ...issued(),
      token: { ...fresh('c1'), to: null, issuedAt: START, expiresAt: START + HOUR, attempts: 0 },
    };
    const step = redeemToken(state, 'c1', right, START, policy);
    expect(step.outcome).toMatchObject({ ok: false, reason: 'mismatch', attemptsLeft: 4 });
    expect(step.state.failures.at).toHaveLength(1);
  });
});

describe('revokeToken, cancelToken and unlockToken', () => {
  it('revoke kills the token and keeps its place in the quotas', () => {
    const { state } = revokeToken(issued());
    expect(state).toMatchObject({ token: null, sentAt: [START] });
    expect(revokeToken(state).state).toBe(state);
  });

  it('cancel gives back cooldown and quota of its own token, and leaves a newer one alive', () => {
    expect(cancelToken(issued(), 'c1', START).state).toEqual(emptyState);
    const newer = issued(issued(), START + MINUTE, 'c2');
    const { state } = cancelToken(newer, 'c1', START);
    expect(state).toEqual({ ...newer, sentAt: [START + MINUTE] });
    expect(cancelToken(state, 'c1', START).state).toBe(state);
  });

  it('forgets a row of failures that is out of the rolling window', () => {
    const before = { ...issued(emptyState, START + 31 * DAY), failures: { at: [START], inARow: 12 } };
    const { state } = redeemToken(before, 'c1', wrong, START + 31 * DAY, policy);
    expect(state.failures).toEqual({ at: [START + 31 * DAY], inARow: 1 });
  });

  it('unlock forgets the failures', () => {
    expect(unlockToken(failed(7).state).state.failures).toEqual({ at: [], inARow: 0 });
    expect(unlockToken(emptyState).state).toBe(emptyState);
  });
});

describe('the stored text', () => {
  it('is JSON, and is read back as the same state', () => {
    const instants = fc.array(fc.nat(4e12));
    const base64Url = fc.stringMatching(/^[\w-]{1,43}$/);
    const token = fc.record({
      challenge: base64Url,
      digest: base64Url,
      to: fc.option(fc.string({ unit: 'binary' })),
      issuedAt: fc.nat(4e12),
      expiresAt: fc.nat(4e12),
      attempts: fc.nat(10),
    });
    const states = fc.record({
      token: fc.option(token),
      sentAt: instants,
      failures: fc.record({ at: instants, inARow: fc.nat() }),
    });
    fc.assert(
      fc.property(states, (state) => {
        const text = formatState(state);
        expect(text).toBe(JSON.stringify(JSON.parse(text)));
        expect(parseState(text)).toEqual(state);
      }),
    );
  });

  it.each(['', 'null', '{}', '[]', '[2,null,[],[],0]', '[1', 'x'])(
    'is an error, not a fresh start, when it is %s',
    (text) => {
      expect(() => parseState(text)).toThrow(expect.objectContaining({ code: 'ERR_RECORD_UNREADABLE' }));
    },
  );

  it('is kept for as long as anything in it matters', () => {
    expect(stateExpiresAt(emptyState, policy)).toBeNull();
    expect(stateExpiresAt(issued(), policy)).toBe(START + DAY);
    expect(stateExpiresAt(redeemToken(issued(), 'c1', wrong, START, policy).state, policy)).toBe(
      START + 30 * DAY,
    );
  });
});
