import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePolicy } from '../../src/email-token/policy.js';
import { issueToken } from '../../src/email-token/token-state.js';
import {
  type AccountState,
  type ActiveApp,
  emptyAccount,
  type FoundStep,
  type Guess,
} from '../../src/two-factor/account.js';
import {
  accountExpiresAt,
  beginActivation,
  beginLogin,
  completeLogin,
  confirmActivation,
  deactivate,
  renewRecoveryCodes,
  replaceSealed,
} from '../../src/two-factor/account-state.js';
import { formatAccount, parseAccount } from '../../src/two-factor/account-text.js';

const policy = resolvePolicy({});
const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const app: ActiveApp = { sealed: 'sealed', lastTimeStep: 100, drift: 0, activatedAt: NOW };
const withApp: AccountState = { ...emptyAccount, app, recoveryDigests: ['d1', 'd2'] };
const fresh = { challenge: 'c1', digest: 'digest', to: 'a@example.com' };
const never = (): never => {
  throw new Error('evaluated');
};

function guess(parts: Partial<Guess> = {}): Guess {
  return {
    form: 'digits',
    challenge: null,
    matchesMail: never,
    findStep: never,
    matchesRecovery: never,
    ...parts,
  };
}
const appGuess = (found: FoundStep | null): Guess => guess({ findStep: () => found });
const recoveryGuess = (digest: string): Guess =>
  guess({ form: 'recovery', matchesRecovery: (stored) => stored === digest });
const pendingState = beginActivation(emptyAccount, { sealed: 'p', expiresAt: NOW + 10 * MINUTE }).state;

/** Wrong guesses at one instant, until none is evaluated any more. */
function failed(state: AccountState, count: number): AccountState {
  const at = Array.from({ length: count }, () => NOW);
  return { ...state, mail: { ...state.mail, failures: { at, inARow: count } } };
}

describe('beginLogin', () => {
  it('issues a token by mail while no app is active', () => {
    const step = beginLogin(emptyAccount, fresh, 'email', NOW, policy);
    expect(step.outcome).toEqual({
      ok: true,
      method: 'email',
      issuedAt: NOW,
      expiresAt: NOW + 15 * MINUTE,
      resendAt: NOW + MINUTE,
    });
    expect(step.state.mail.token?.challenge).toBe('c1');
  });

  it('changes nothing while an app is active, nor without a fallback', () => {
    const active = beginLogin(withApp, fresh, 'email', NOW, policy);
    expect(active.outcome).toEqual({ ok: true, method: 'authenticator' });
    expect(active.state).toBe(withApp);
    const none = beginLogin(emptyAccount, fresh, 'none', NOW, policy);
    expect(none.outcome).toEqual({ ok: true, method: 'none' });
    expect(none.state).toBe(emptyAccount);
  });

  it('tells at once that too many failures have locked', () => {
    const { outcome } = beginLogin(failed(withApp, 50), fresh, 'email', NOW, policy);
    expect(outcome).toMatchObject({ ok: false, reason: 'locked' });
  });
});

describe('completeLogin', () => {
  const mailed = beginLogin(emptyAccount, fresh, 'email', NOW, policy).state;

  it('takes a mailed code once', () => {
    const right = guess({ challenge: 'c1', matchesMail: () => true });
    const step = completeLogin(mailed, right, NOW, policy);
    expect(step.outcome).toEqual({ ok: true, method: 'email' });
    expect(completeLogin(step.state, right, NOW, policy).outcome).toEqual({ ok: false, reason: 'unknown' });
  });

  it('never looks at a mailed token while an app is active, even one that was left alive', () => {
    const both = { ...withApp, mail: issueToken(withApp.mail, fresh, NOW, policy).state };
    const step = completeLogin(both, guess({ challenge: 'c1', findStep: () => null }), NOW, policy);
    expect(step.outcome).toMatchObject({ ok: false, reason: 'mismatch' });
  });

  it('takes the code of a later time step, and learns the drift', () => {
    const step = completeLogin(withApp, appGuess({ timeStep: 101, drift: -1 }), NOW, policy);
    expect(step.outcome).toEqual({ ok: true, method: 'authenticator' });
    expect(step.state.app).toMatchObject({ lastTimeStep: 101, drift: -1 });
  });

  it('follows a clock by five minutes at most', () => {
    const step = completeLogin(withApp, appGuess({ timeStep: 200, drift: 11 }), NOW, policy);
    expect(step.state.app?.drift).toBe(10);
  });

  it('refuses a used time step and an older one, without counting a failure', () => {
    for (const timeStep of [100, 99]) {
      const step = completeLogin(withApp, appGuess({ timeStep, drift: 0 }), NOW, policy);
      expect(step.outcome).toEqual({ ok: false, reason: 'replayed' });
      expect(step.state).toBe(withApp);
    }
  });

  it('evaluates nothing during a delay or a lock', () => {
    for (const form of ['digits', 'recovery'] as const) {
      expect(completeLogin(failed(withApp, 5), guess({ form }), NOW, policy).outcome).toEqual({
        ok: false,
        reason: 'delayed',
        retryAt: NOW + 30_000,
      });
      const locked = completeLogin(failed(withApp, 50), guess({ form }), NOW, policy).outcome;
      expect(locked).toMatchObject({ ok: false, reason: 'locked' });
    }
  });

  it('counts the failures of mail, app and recovery codes together', () => {
    const first = completeLogin(mailed, guess({ challenge: 'c1', matchesMail: () => false }), NOW, policy);
    const activated: AccountState = { ...first.state, app };
    const second = completeLogin(activated, appGuess(null), NOW, policy);
    const third = completeLogin(second.state, recoveryGuess('d9'), NOW, policy);
    expect(third.outcome).toMatchObject({ reason: 'mismatch', failures: 3, locks: false });
  });

  it('tells with the last failure that it locked', () => {
    const state = { ...failed(withApp, 49), app };
    const calm = { ...state, mail: { ...state.mail, failures: { ...state.mail.failures, inARow: 0 } } };
    expect(completeLogin(calm, appGuess(null), NOW, policy).outcome).toMatchObject({
      failures: 50,
      locks: true,
    });
  });

  it('takes each recovery code once, and tells how many are left', () => {
    const step = completeLogin(withApp, recoveryGuess('d1'), NOW, policy);
    expect(step.outcome).toEqual({ ok: true, method: 'recovery', left: 1 });
    expect(step.state.recoveryDigests).toEqual(['d2']);
    const again = completeLogin(step.state, recoveryGuess('d1'), NOW, policy);
    expect(again.outcome).toMatchObject({ ok: false, reason: 'mismatch' });
  });

  it('knows no recovery code without an app', () => {
    const step = completeLogin(emptyAccount, guess({ form: 'recovery' }), NOW, policy);
    expect(step.outcome).toEqual({ ok: false, reason: 'unknown' });
  });
});

describe('confirmActivation', () => {
  const found = { timeStep: 500, drift: 1 };
  const confirm = (state: AccountState, step: FoundStep | null = found, now = NOW) =>
    confirmActivation(state, () => step, ['d1'], now, policy);

  it('makes the app the factor, spends the step, and kills the mailed token', () => {
    const mailed = beginLogin(pendingState, fresh, 'email', NOW, policy).state;
    const { state, outcome } = confirm(mailed);
    expect(outcome).toEqual({ ok: true });
    expect(state).toMatchObject({
      app: { sealed: 'p', lastTimeStep: 500, drift: 1, activatedAt: NOW },
      pending: null,
      recoveryDigests: ['d1'],
      mail: { token: null },
    });
  });

  it('counts a wrong code, and leaves the factor as it is', () => {
    const { state, outcome } = confirm(pendingState, null);
    expect(outcome).toMatchObject({ ok: false, reason: 'mismatch', failures: 1 });
    expect(state.app).toBeNull();
    expect(state.pending).toBe(pendingState.pending);
  });

  it('refuses without a pending secret, after ten minutes, and over an active app', () => {
    expect(confirm(emptyAccount).outcome).toEqual({ ok: false, reason: 'unknown' });
    expect(confirm(pendingState, found, NOW + 10 * MINUTE).outcome).toEqual({ ok: false, reason: 'expired' });
    expect(confirm({ ...pendingState, app }).outcome).toEqual({ ok: false, reason: 'active' });
  });

  it('is not even begun over an active app', () => {
    const step = beginActivation(withApp, { sealed: 'p', expiresAt: NOW });
    expect(step).toEqual({ state: withApp, outcome: { ok: false, reason: 'active' } });
  });
});

describe('deactivate and renewRecoveryCodes', () => {
  it('take the app away against its code, with all that belongs to it', () => {
    const { state } = deactivate(withApp, appGuess({ timeStep: 101, drift: 0 }), NOW, policy);
    expect(state).toEqual(emptyAccount);
  });

  it('take it away against a recovery code', () => {
    const { state, outcome } = deactivate(withApp, recoveryGuess('d2'), NOW, policy);
    expect(outcome).toMatchObject({ ok: true });
    expect(state.app).toBeNull();
  });

  it('keep it without proof', () => {
    for (const wrong of [appGuess(null), appGuess({ timeStep: 100, drift: 0 }), recoveryGuess('d9')]) {
      expect(deactivate(withApp, wrong, NOW, policy).state).toMatchObject({
        app,
        recoveryDigests: ['d1', 'd2'],
      });
    }
  });

  it('replace all recovery codes in the write that spends the proof', () => {
    const right = appGuess({ timeStep: 101, drift: 0 });
    const { state } = renewRecoveryCodes(withApp, right, ['n1', 'n2'], NOW, policy);
    expect(state).toMatchObject({ app: { lastTimeStep: 101 }, recoveryDigests: ['n1', 'n2'] });
  });

  it('have nothing to change without an app', () => {
    expect(deactivate(emptyAccount, guess(), NOW, policy).outcome).toEqual({ ok: false, reason: 'inactive' });
  });
});

describe('a record', () => {
  it('lives for ever with an app, else as long as anything in it matters', () => {
    expect(accountExpiresAt(withApp, policy)).toBe(Infinity);
    expect(accountExpiresAt(pendingState, policy)).toBe(NOW + 10 * MINUTE);
    expect(accountExpiresAt(emptyAccount, policy)).toBeNull();
  });

  it('takes a newer ciphertext in place of the one that it holds, and of no other', () => {
    expect(replaceSealed(withApp, 'sealed', 'new').app?.sealed).toBe('new');
    expect(replaceSealed(pendingState, 'p', 'new').pending?.sealed).toBe('new');
    expect(replaceSealed(withApp, 'other', 'new')).toBe(withApp);
  });

  it('is read back as the same state', () => {
    const instant = fc.nat({ max: 2 ** 41 });
    const arbitrary = fc.record({
      app: fc.option(
        fc.record({
          sealed: fc.string(),
          lastTimeStep: instant,
          drift: fc.integer(),
          activatedAt: instant,
        }),
      ),
      pending: fc.option(fc.record({ sealed: fc.string(), expiresAt: instant })),
      recoveryDigests: fc.array(fc.string()),
      mail: fc.record({
        token: fc.constant(null),
        sentAt: fc.array(instant),
        failures: fc.record({ at: fc.array(instant), inARow: fc.nat() }),
      }),
    });
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(
      fc.property(arbitrary, (state) => {
        expect(parseAccount(formatAccount(state))).toEqual(plain({ ...state }));
      }),
    );
  });

  it('of anybody else is refused, never read as an empty one', () => {
    for (const text of ['', '{}', '[2]', 'null', '[1', '"x"']) {
      expect(() => parseAccount(text)).toThrow(expect.objectContaining({ code: 'ERR_RECORD_UNREADABLE' }));
    }
  });
});
