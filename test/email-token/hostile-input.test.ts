import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../support/tokens/any-text.js';
import { login, tokenHarness } from '../support/tokens/harness.js';
import { nameOf, noCodes } from '../support/wrong-values.js';

/** Digits of other scripts are read like any others: see test/otp. */
const never = noCodes.filter((value) => value !== '２８７０８２' && value !== '٢٨٧٠٨٢');
const named = never.map((value): [string, unknown] => [nameOf(value), value]);
/** Far more than any of them takes, so that a busy machine does not fail the test. */
const boundMs = 1000;

describe('promise 10: any value as a code', () => {
  it.each(named)('is answered "malformed" and costs no attempt: %s', async (_, code) => {
    const { ask, answer, tokens } = tokenHarness();
    const granted = await ask();
    const { challenge } = granted;
    const started = performance.now();
    expect(await tokens.redeem({ ...login, challenge, code })).toEqual({ ok: false, reason: 'malformed' });
    expect(performance.now() - started).toBeLessThan(boundMs);
    expect(await answer(granted)).toBe('ok');
  });

  it('gives one of the answers, and never throws', async () => {
    const { ask, tokens } = tokenHarness();
    const { challenge, code: mailed } = await ask();
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withSet: true,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, fc.string(), fc.stringMatching(/^[\d\s-]{6}$/)), async (code) => {
        fc.pre(typeof code !== 'string' || code.replaceAll(/\D/g, '') !== mailed);
        const answer = await tokens.redeem({ ...login, challenge, code });
        expect(['malformed', 'mismatch', 'exhausted', 'delayed', 'locked']).toContain(
          answer.ok ? 'ok' : answer.reason,
        );
      }),
      { numRuns: 400 },
    );
  });
});

describe('promise 10: any value as a challenge', () => {
  it.each(named)('is answered "unknown" and costs no attempt: %s', async (_, challenge) => {
    const { ask, answer, tokens } = tokenHarness();
    const granted = await ask();
    const { code } = granted;
    const started = performance.now();
    expect(await tokens.redeem({ ...login, challenge, code })).toEqual({ ok: false, reason: 'unknown' });
    expect(performance.now() - started).toBeLessThan(boundMs);
    expect(await answer(granted)).toBe('ok');
  });

  it('is unknown, whatever it is', async () => {
    const { ask, tokens, store } = tokenHarness();
    const { code } = await ask();
    store.verbs();
    const anything = fc.oneof(fc.anything(), anyText(), fc.stringMatching(/^[\w-]{51}$/));
    await fc.assert(
      fc.asyncProperty(anything, async (challenge) => {
        expect(await tokens.redeem({ ...login, challenge, code })).toEqual({ ok: false, reason: 'unknown' });
      }),
      { numRuns: 150 },
    );
    expect(store.verbs()).toEqual([]);
  });
});

describe('promise 10: any subject and purpose of the allowed length', () => {
  it('has a record of its own, with a key that every store takes', async () => {
    const { tokens, store } = tokenHarness();
    const name = anyText({ minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(name, name, async (subject, purpose) => {
        const targets = [
          { subject, purpose },
          { subject: purpose, purpose: `${subject}x` },
          // A character that moves across the border between the two.
          { subject: `x${subject}`, purpose },
          { subject, purpose: `${purpose}x` },
        ];
        store.plan(() => 'works');
        for (const target of targets) await tokens.unlock(target);
        for (const { key } of store.calls) expect(key).toMatch(/^[A-Za-z0-9:_-]{1,128}$/);
        expect(new Set(store.calls.map(({ key }) => key)).size).toBe(targets.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('promise 10: an address, a locale and a context of any kind', () => {
  it('give a mail or an error of this package, and never another one', async () => {
    const { tokens, mails } = tokenHarness();
    await fc.assert(
      fc.asyncProperty(
        fc.anything(),
        fc.anything(),
        fc.anything(),
        fc.string(),
        async (to, locale, context, subject) => {
          const request = { subject, purpose: 'login', to, locale, context } as Parameters<
            typeof tokens.issue
          >[0];
          const outcome: unknown = await tokens.issue(request).catch((error: unknown) => error);
          const isOwn = outcome instanceof Error ? outcome.name === 'CountersignError' : true;
          expect(isOwn).toBe(true);
        },
      ),
      { numRuns: 250 },
    );
    expect(mails.every(({ to }) => to.includes('@'))).toBe(true);
  });
});
