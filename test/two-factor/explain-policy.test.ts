import { describe, expect, it } from 'vitest';
import { looserThanRecommended, strictPolicy } from '../../src/email-token/policy.js';
import { Secret } from '../../src/otp/secret.js';
import { explainPolicy } from '../../src/two-factor/explain-policy.js';
import type { FlowPolicyOptions } from '../../src/two-factor/options.js';
import { setUp, setUpWithApp, testKey } from '../support/flow/flow.js';
import { asSoonAsAllowed, guessForAYear } from '../support/flow/guesser.js';
import { policies } from '../support/flow/policies.js';
import { ForkableStore } from '../support/flow/stores.js';
import { DAY } from '../support/flow/time.js';

describe('explainPolicy', () => {
  it('says what the defaults are worth', () => {
    const { email, app, recovery, account } = explainPolicy();
    expect(email).toMatchObject({ guessesPerYear: 698 });
    expect(email.chancePerYear).toBeCloseTo(698e-6, 9);
    expect(app).toMatchObject({ guessesPerYear: 698 });
    expect(app.chancePerYear).toBeCloseTo(698 * 6e-6, 9);
    expect(recovery.guessesPerYear).toBe(1000 * 365 * 86_400);
    expect(recovery.chancePerYear).toBeLessThan(1e-20);
    expect(account.chancePerYear).toBeCloseTo(app.chancePerYear + recovery.chancePerYear, 12);
    // Without a learned drift the two windows are one: 0.2 % a year.
    expect(650 * 3e-6).toBeLessThan(0.002);
  });

  it('takes the flow’s whole options, and ignores what is no policy', () => {
    const { options } = setUp();
    expect(explainPolicy({ ...options })).toEqual(explainPolicy());
  });

  it('says nothing of mail without it', () => {
    expect(explainPolicy({ fallback: 'none' }).email).toEqual({
      guessesPerYear: 0,
      chancePerYear: 0,
      alone: { guessesPerYear: 0, chancePerYear: 0 },
    });
  });

  it('counts every app, every step and every digit', () => {
    const chance = (options: Parameters<typeof explainPolicy>[0]): number => {
      const { app } = explainPolicy(options);
      return app.chancePerYear / app.guessesPerYear;
    };
    expect(chance({})).toBeCloseTo(6e-6, 12);
    expect(chance({ maxApps: 3 })).toBeCloseTo(18e-6, 12);
    expect(chance({ ...strictPolicy })).toBeCloseTo(2e-6, 12);
    const { email } = explainPolicy({ digits: 8 });
    expect(email.chancePerYear / email.guessesPerYear).toBeCloseTo(1e-8, 15);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'defaults'],
    ['five digits', { digits: 5 }],
    ['six apps', { maxApps: 6 }],
    ['looser limits without the mark', { limits: { maxFailures: 51 } }],
    ['a misspelt limit', { limits: { maxFailure: 5 } }],
  ])('refuses %s', (_, options) => {
    expect(() => explainPolicy(options as never)).toThrow(
      expect.objectContaining({ name: 'CountersignError' }),
    );
  });
});

describe('the chance that one guess is right', () => {
  it('is what explainPolicy states: so many codes are right at one moment, and no other near', async () => {
    const store = new ForkableStore();
    const { flow, recovery } = await setUpWithApp({ store, maxApps: 3 });
    await flow.activateWith(recovery[0]);
    await flow.activateWith(recovery[1]);
    const secrets = [...flow.scanned];
    // Each phone has drifted four steps, so both windows are open and apart.
    for (let drift = 1; drift <= 4; drift++) {
      flow.clock.advance(DAY);
      for (const secret of secrets) {
        expect(await flow.logIn(flow.appCode(drift, secret))).toMatchObject({ ok: true });
      }
    }
    flow.clock.advance(DAY);
    const challenge = await flow.challenge();
    let right = 0;
    for (let steps = -9; steps <= 14; steps++) {
      for (const secret of secrets) {
        // Each code is tried at the same moment of the same account.
        const { ok } = await flow
          .with({ store: store.fork() })
          .complete(flow.appCode(steps, secret), { challenge });
        right += Number(ok);
        expect(ok, `${steps} steps`).toBe(Math.abs(steps) <= 1 || Math.abs(steps - 4) <= 1);
      }
    }
    expect(right).toBe(18);
    const { app } = explainPolicy({ maxApps: 3 });
    expect(app.chancePerYear / app.guessesPerYear).toBeCloseTo(right / 1e6, 12);
  });
});

/** Every policy is held against an attacker in the long test. */
const held = Object.entries(policies).filter(([name]) => name === 'the defaults');

describe.each(held)('a stranger who guesses for a year at %s', (_, policy) => {
  it.each(['email', 'app'] as const)(
    'with every help there is does no better at the %s than the stated worst case, and nearly as well',
    async (factor) => {
      const stated = explainPolicy(policy)[factor].guessesPerYear;
      const plan = { factor, hasHelp: true, rhythm: asSoonAsAllowed };
      const { evaluatedAt, longestRow } = await guessForAYear(policy, plan);
      expect(evaluatedAt.length).toBeLessThanOrEqual(stated);
      expect(evaluatedAt.length).toBeGreaterThanOrEqual(0.9 * stated);
      expect(longestRow).toBeLessThanOrEqual(100);
    },
  );

  it.each(['email', 'app'] as const)('alone does no better at the %s than stated', async (factor) => {
    const stated = explainPolicy(policy)[factor].alone.guessesPerYear;
    const plan = { factor, hasHelp: false, rhythm: asSoonAsAllowed };
    const { evaluatedAt } = await guessForAYear(policy, plan);
    expect(evaluatedAt.length).toBeLessThanOrEqual(stated);
    expect(evaluatedAt.length).toBeGreaterThanOrEqual(0.9 * stated);
  });
});

describe('NIST SP 800-63B-4 section 3.2.2: failures in a row', () => {
  it('are at most 100 in any failure window for one account, over all browsers, with the customer away', async () => {
    const { flow } = await setUpWithApp();
    const cookies: string[] = [];
    for (let browser = 0; browser < 8; browser++) cookies.push(await flow.cookie());
    let failures = 0;
    const guess = async (browser?: string): Promise<boolean> => {
      const challenge = await flow.challenge({ browser });
      const answer = await flow.complete(flow.wrongCode(), { challenge, browser });
      const isCounted = !answer.ok && answer.reason === 'mismatch';
      failures += Number(isCounted);
      return isCounted;
    };
    for (const browser of cookies) for (let time = 0; time < 6; time++) await guess(browser);
    expect(failures).toBe(48);
    const until = flow.clock.now() + 30 * DAY;
    while (flow.clock.now() < until) {
      await guess();
      const { retryAt } = (await flow.begin()) as { retryAt: Date | null };
      flow.clock.set(retryAt?.getTime() ?? flow.clock.now() + 1);
    }
    process.stderr.write(`failures in a row in 30 days over all browsers: ${failures}\n`);
    expect(failures).toBeLessThanOrEqual(100);
  });
});

describe('the findings', () => {
  const find = (clause: string, options: FlowPolicyOptions): { met: boolean; note: string } => {
    const found = explainPolicy(options).findings.find((each) => each.clause === clause);
    if (found === undefined) throw new Error(`no finding ${clause}`);
    return found;
  };

  it.each<
    [clause: string, standard: string, unmet: FlowPolicyOptions, met: FlowPolicyOptions, advice: string]
  >([
    ['3.1.3.1', 'NIST SP 800-63B-4', {}, { fallback: 'none' }, "fallback: 'none'"],
    ['3.1.3.2', 'NIST SP 800-63B-4', { ttlSeconds: 601 }, { ttlSeconds: 600 }, 'ttlSeconds: 600'],
    [
      '3.2.1',
      'NIST SP 800-63B-4',
      { browsers: { rememberSeconds: 1 } },
      { browsers: { rememberSeconds: 0 } },
      'rememberSeconds: 0',
    ],
    [
      '3.2.2',
      'NIST SP 800-63B-4',
      { limits: looserThanRecommended({ maxFailures: 53 }) },
      { limits: looserThanRecommended({ maxFailures: 52 }) },
      'maxFailures',
    ],
    ['6.3.6', 'OWASP ASVS 5.0', {}, { fallback: 'none' }, "fallback: 'none'"],
    ['6.5.5', 'OWASP ASVS 5.0', {}, strictPolicy, 'strictPolicy'],
    [
      '6.5.5',
      'OWASP ASVS 5.0',
      { ...strictPolicy, window: { past: 1, future: 0 } },
      strictPolicy,
      'strictPolicy',
    ],
    ['6.6.2', 'OWASP ASVS 5.0', {}, { fallback: 'none' }, 'not to one login'],
    [
      '8.3.4',
      'PCI DSS 4',
      { limits: { firstDelaySeconds: 30 } },
      { limits: { firstDelaySeconds: 1800 } },
      'firstDelaySeconds: 1800',
    ],
  ])(
    '%s of %s flips when the option changes, and says how to meet it',
    (clause, standard, unmet, met, advice) => {
      expect(find(clause, unmet)).toMatchObject({ standard, met: false });
      expect(find(clause, unmet).note).toContain(advice);
      expect(find(clause, met)).toMatchObject({ standard, met: true });
    },
  );

  it('are all met by strictPolicy without mail and without remembering, but for the one that limits set', () => {
    const options: FlowPolicyOptions = {
      ...strictPolicy,
      fallback: 'none',
      limits: { firstDelaySeconds: 1800 },
    };
    expect(explainPolicy(options).findings.filter(({ met }) => !met)).toEqual([]);
  });

  it('name each clause once, and say something of each', () => {
    const { findings } = explainPolicy();
    const names = findings.map(({ standard, clause }) => `${standard} ${clause}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(14);
    for (const { note } of findings) expect(note).toMatch(/\.$/);
  });

  it('that are met whatever the options are met by what the flow does', async () => {
    const always = explainPolicy({ ttlSeconds: 900 }).findings.filter(({ met }) => met);
    expect(always.map(({ clause }) => clause)).toEqual([
      ...['3.1.2.2', '3.1.4.2', '3.2.1', '3.2.2', '6.5.1', '6.5.2', '6.6.3', '8.5.1'],
    ]);
    const { flow, recovery } = await setUpWithApp({ keys: testKey(3) });
    expect(25 * Math.log2(24)).toBeGreaterThan(112);
    expect(recovery[0]?.replaceAll('-', '')).toHaveLength(25);
    const code = flow.appCode();
    const challenge = await flow.challenge();
    expect(await flow.complete(code, { challenge })).toMatchObject({ ok: true });
    expect(await flow.complete(code, { challenge })).toMatchObject({ reason: 'replayed' });
    expect(Secret.generate().toBytes()).toHaveLength(20);
  });
});
