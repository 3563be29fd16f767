import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmailTokenLimits, looserThanRecommended, strictPolicy } from '../../src/email-token/policy.js';
import { Secret } from '../../src/otp/secret.js';
import { explainPolicy } from '../../src/two-factor/explain-policy.js';
import type { FlowPolicyOptions } from '../../src/two-factor/options.js';
import { setUp, setUpWithApp, testKey } from '../support/flow/flow.js';
import { asSoonAsAllowed, guessForAYear, inRows } from '../support/flow/guesser.js';
import { loosest, policies } from '../support/flow/policies.js';
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

const DAY_SECONDS = 86_400;
const MONTH_SECONDS = 30 * DAY_SECONDS;

describe('a stranger whose customer logs in after every guess', () => {
  const slow = { firstDelaySeconds: DAY_SECONDS, maxDelaySeconds: MONTH_SECONDS };

  it.each<[string, FlowPolicyOptions, number]>([
    ['browsers are known for a day', { browsers: { knownSeconds: DAY_SECONDS } }, 698],
    ['browsers are known for less than the window', { browsers: { knownSeconds: 29 * DAY_SECONDS } }, 698],
    ['no browser is known and delays are long', { browsers: { max: 0 }, limits: slow }, 650],
    ['both are short', { browsers: { knownSeconds: DAY_SECONDS }, limits: slow }, 698],
  ])('has as many guesses evaluated as stated where %s', async (_, policy, most) => {
    expect(explainPolicy(policy).app.guessesPerYear).toBe(most);
    const plan = { factor: 'app', hasHelp: true, rhythm: asSoonAsAllowed } as const;
    const { evaluatedAt } = await guessForAYear(policy, plan);
    expect(evaluatedAt).toHaveLength(most);
  });
});

describe('a stranger alone who keeps silent until the failures are forgotten', () => {
  const day = { failureWindowSeconds: DAY_SECONDS, maxDelaySeconds: 61_200 };

  it.each<[string, FlowPolicyOptions, number]>([
    ['a week', { limits: looserThanRecommended({ failureWindowSeconds: 7 * DAY_SECONDS }) }, 16],
    ['a day', { limits: looserThanRecommended(day) }, 14],
    [
      'the default, and delays longer',
      { limits: { firstDelaySeconds: DAY_SECONDS, maxDelaySeconds: MONTH_SECONDS } },
      7,
    ],
  ])(
    'gets further than a greedy one, and no further than stated, with a window of %s',
    async (_, policy, length) => {
      const stated = explainPolicy(policy).app.alone.guessesPerYear;
      const silence = (policy.limits?.failureWindowSeconds ?? MONTH_SECONDS) * 1000;
      const plan = { factor: 'app', hasHelp: false } as const;
      const patient = await guessForAYear(policy, { ...plan, rhythm: inRows(length, silence) });
      expect(patient.evaluatedAt.length).toBeLessThanOrEqual(stated);
      expect(patient.evaluatedAt.length).toBeGreaterThanOrEqual(0.98 * stated);
      const greedy = await guessForAYear(policy, { ...plan, rhythm: asSoonAsAllowed });
      expect(greedy.evaluatedAt.length).toBeLessThan(stated);
    },
    60_000,
  );
});

describe('what is stated', () => {
  it('is no more by mail alone than the mails of a day and of its hours allow', () => {
    const oneADay = { maxAttempts: 1, limits: { sendsPerDay: 1 } };
    expect(explainPolicy(oneADay).email.alone.guessesPerYear).toBe(365);
    expect(explainPolicy(oneADay).app.alone.guessesPerYear).toBe(380);
    const limits = looserThanRecommended({ ...loosest.limits, sendsPerHour: 2, sendsPerDay: 200 });
    const twoAnHour = { ...loosest, maxAttempts: 1, limits };
    expect(explainPolicy(twoAnHour).email.alone.guessesPerYear).toBe(365 * 48);
  });

  it('never falls when an option is loosened', () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom(...loosenings), (policy, loosen) => {
        const [before, after] = [explainPolicy(policy), explainPolicy(loosen(policy))];
        for (const factor of ['email', 'app'] as const) {
          expect(after[factor].guessesPerYear).toBeGreaterThanOrEqual(before[factor].guessesPerYear);
          expect(after[factor].alone.guessesPerYear).toBeGreaterThanOrEqual(
            before[factor].alone.guessesPerYear,
          );
          expect(before[factor].alone.guessesPerYear).toBeLessThanOrEqual(before[factor].guessesPerYear);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes little work for the loosest settings', () => {
    const before = process.cpuUsage();
    expect(explainPolicy(loosest).app).toMatchObject({
      guessesPerYear: 36_548,
      alone: { guessesPerYear: 36_500 },
    });
    // It takes half a second; what is refused here is the minute that a year of logins took.
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });
});

interface AnyPolicy extends FlowPolicyOptions {
  readonly maxAttempts: number;
  readonly limits: ReturnType<typeof looserThanRecommended>;
  readonly browsers: { readonly max: number; readonly knownSeconds: number };
}

const anyPolicy: fc.Arbitrary<AnyPolicy> = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 10 }),
  browsers: fc.record({
    max: fc.integer({ min: 0, max: 8 }),
    knownSeconds: fc.integer({ min: DAY_SECONDS, max: 366 * DAY_SECONDS }),
  }),
  limits: fc
    .record({
      sendsPerDay: fc.integer({ min: 1, max: 200 }),
      freeFailures: fc.integer({ min: 0, max: 10 }),
      firstDelaySeconds: fc.integer({ min: 1, max: DAY_SECONDS }),
      maxDelaySeconds: fc.integer({ min: 60, max: MONTH_SECONDS }),
      maxFailures: fc.integer({ min: 1, max: 100 }),
      failureWindowSeconds: fc.integer({ min: DAY_SECONDS, max: 366 * DAY_SECONDS }),
    })
    .map(looserThanRecommended),
});

/** Makes one option looser; the same policy at a bound. */
const loosenings: readonly ((policy: AnyPolicy) => AnyPolicy)[] = [
  (policy) => ({ ...policy, maxAttempts: Math.min(10, policy.maxAttempts + 1) }),
  ({ browsers, ...policy }) => ({ ...policy, browsers: { ...browsers, max: Math.min(8, browsers.max + 1) } }),
  ({ browsers, ...policy }) => ({ ...policy, browsers: { ...browsers, knownSeconds: 366 * DAY_SECONDS } }),
  loosenLimit('sendsPerDay', (value) => Math.min(200, value + 1)),
  loosenLimit('freeFailures', (value) => Math.min(10, value + 1)),
  loosenLimit('firstDelaySeconds', (value) => Math.ceil(value / 2)),
  loosenLimit('maxDelaySeconds', (value) => Math.max(60, Math.ceil(value / 2))),
  loosenLimit('maxFailures', (value) => Math.min(100, value + 1)),
  loosenLimit('failureWindowSeconds', (value) => Math.max(DAY_SECONDS, Math.ceil(value / 2))),
];

function loosenLimit(name: keyof EmailTokenLimits, loosen: (value: number) => number) {
  return (policy: AnyPolicy): AnyPolicy => {
    const limits = looserThanRecommended({ ...policy.limits, [name]: loosen(policy.limits[name] ?? 0) });
    return { ...policy, limits };
  };
}

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

  it('say whether codes are mailed, and how long they are good for', () => {
    expect(find('3.1.3.1', {}).note).toMatch(/^Codes are sent by e-mail\. /);
    expect(find('3.1.3.2', {}).note).toMatch(/^A mailed code is good for 900 s\. /);
    for (const clause of ['3.1.3.1', '3.1.3.2', '6.3.6', '6.6.2']) {
      expect(find(clause, { fallback: 'none' }).note).toBe('No code is sent by e-mail.');
    }
  });

  it('hold the life of a mailed code only against a policy with mail', () => {
    const window = { past: 0, future: 0 };
    expect(find('6.5.5', { ...strictPolicy, ttlSeconds: 601 }).met).toBe(false);
    expect(find('6.5.5', { fallback: 'none', ttlSeconds: 900, window }).met).toBe(true);
    expect(find('6.5.5', { window: { past: 1, future: 1 } }).note).toContain('of an app is good for 90 s.');
  });

  it('take half an hour after ten wrong codes for enough', () => {
    const waiting = (seconds: number): FlowPolicyOptions => ({
      limits: looserThanRecommended({ firstDelaySeconds: seconds, maxDelaySeconds: seconds }),
    });
    expect(find('8.3.4', waiting(1800))).toMatchObject({
      met: true,
      note: 'After ten wrong codes in a row the account waits for 30 minutes.',
    });
    expect(find('8.3.4', waiting(1799)).met).toBe(false);
  });

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
