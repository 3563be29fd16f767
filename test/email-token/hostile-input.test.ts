import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordedCall, recordingStore } from '../support/recording-store.js';
import { login, tokenHarness } from '../support/token-harness.js';
import { nameOf, noCodes } from '../support/wrong-values.js';

const named = noCodes.map((value): [string, unknown] => [nameOf(value), value]);
/** Far more than any of them takes, so that a busy machine does not fail the test. */
const boundMs = 500;

describe('promise 10: any value as a code', () => {
  it.each(named)('is answered "malformed" and costs no attempt: %s', async (_, code) => {
    const { tokens, issue } = tokenHarness();
    const issued = await issue();
    const guess = { ...login, challenge: issued.challenge };
    const started = performance.now();
    expect(await tokens.redeem({ ...guess, code })).toEqual({ ok: false, reason: 'malformed' });
    expect(performance.now() - started).toBeLessThan(boundMs);
    expect(await tokens.redeem({ ...guess, code: issued.code })).toMatchObject({ ok: true });
  });

  it('gives one of the answers, and never throws', async () => {
    const { tokens, issue } = tokenHarness();
    const { challenge, code: mailed } = await issue();
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
        expect(['malformed', 'mismatch', 'exhausted', 'delayed', 'locked']).toContain(reasonOf(answer));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('promise 10: any value as a challenge', () => {
  it.each(named)('is answered "unknown" and costs no attempt: %s', async (_, challenge) => {
    const { tokens, issue } = tokenHarness();
    const issued = await issue();
    const started = performance.now();
    expect(await tokens.redeem({ ...login, challenge, code: issued.code })).toEqual({
      ok: false,
      reason: 'unknown',
    });
    expect(performance.now() - started).toBeLessThan(boundMs);
    const guess = { ...login, challenge: issued.challenge, code: issued.code };
    expect(await tokens.redeem(guess)).toMatchObject({ ok: true });
  });

  it('is unknown, whatever it is', async () => {
    const { tokens, issue } = tokenHarness();
    const { code } = await issue();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.string({ unit: 'binary' })), async (challenge) => {
        expect(await tokens.redeem({ ...login, challenge, code })).toEqual({ ok: false, reason: 'unknown' });
      }),
      { numRuns: 1000 },
    );
  });

  it('is unknown when it is the right one in another guise', async () => {
    const { tokens, issue } = tokenHarness();
    const { challenge, code } = await issue();
    const guises: unknown[] = [
      [challenge],
      { toString: () => challenge },
      Object(challenge),
      `${challenge} `,
      '',
    ];
    guises.push(challenge.slice(0, -1), `${challenge}\u0000`);
    for (const guise of guises)
      expect(await tokens.redeem({ ...login, challenge: guise, code })).toMatchObject({ reason: 'unknown' });
  });
});

describe('promise 10: any subject and purpose of the allowed length', () => {
  it('has a record of its own, with a key that every store takes', async () => {
    const calls: RecordedCall[] = [];
    const { tokens } = tokenHarness({ wrapStore: (inner) => recordingStore(inner, calls) });
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(name, name, async (subject, purpose) => {
        const targets = [
          { subject, purpose },
          { subject: purpose, purpose: `${subject}x` },
          // A character that moves across the border between the two.
          { subject: `x${subject}`, purpose },
          { subject, purpose: `${purpose}x` },
        ];
        for (const target of targets) await tokens.revoke(target);
        const keys = calls.splice(0).map(({ key }) => key);
        for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9:_-]{1,128}$/);
        expect(new Set(keys).size).toBe(targets.length);
      }),
      { numRuns: 500 },
    );
  });
});

function reasonOf(answer: { ok: boolean; reason?: string }): string | undefined {
  return answer.ok ? 'ok' : answer.reason;
}
