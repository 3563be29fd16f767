import { describe, expect, it } from 'vitest';
import { repeat, setUp, setUpWithApp, userId, yes } from '../support/flow/flow.js';
import { STEP } from '../support/flow/time.js';

const LETTERS = '34679ACDEFGHJKMNPQRTVWXY';
const form = new RegExp(`^[${LETTERS}]{5}(-[${LETTERS}]{5}){4}$`);

describe('recovery codes', () => {
  it('are ten of 25 letters that nobody mistakes, in fives: 114 bits each', async () => {
    const { recovery } = await setUpWithApp();
    expect(recovery).toHaveLength(10);
    expect(new Set(recovery).size).toBe(10);
    for (const code of recovery) expect(code).toMatch(form);
    expect(25 * Math.log2(LETTERS.length)).toBeGreaterThan(112);
    for (const lookalike of ['0O', '1IL', '2Z', '5S', '8B']) {
      expect(Array.from(lookalike).filter((letter) => LETTERS.includes(letter))).toEqual([]);
    }
  });

  it('use every letter in every place about equally', async () => {
    const { flow } = await setUpWithApp();
    const sets = await repeat(20, async () => {
      const renewed = yes(await flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() }));
      flow.clock.advance(STEP);
      return renewed.recoveryCodes;
    });
    const text = sets.flat().join('').replaceAll('-', '');
    for (const letter of LETTERS) {
      const count = text.split(letter).length - 1;
      // 5,000 letters: 208 of each, with a standard deviation of 14.
      expect(Math.abs(count - text.length / 24)).toBeLessThan(5.5 * 14.2);
    }
  });

  it('count once each, in any case, grouping and typography', async () => {
    const { flow, recovery } = await setUpWithApp();
    const typings: readonly ((code: string) => string)[] = [
      (code) => code,
      (code) => code.toLowerCase(),
      (code) => code.replaceAll('-', ''),
      (code) => ` ${code.replaceAll('-', ' ')}\n`,
      (code) => code.replaceAll('-', '\u2013'),
      (code) => code.replaceAll('-', '\u2011'),
      (code) => code.replaceAll('-', '\u200b'),
      (code) => code.replaceAll('-', '\u00a0'),
    ];
    for (const [index, typing] of typings.entries()) {
      const typed = typing(recovery[index] ?? '');
      expect(await flow.logIn(typed)).toMatchObject({
        ok: true,
        method: 'recovery',
        recoveryCodesLeft: 9 - index,
      });
      expect(await flow.logIn(typed)).toEqual({ ok: false, reason: 'replayed' });
    }
  });

  it('fault 14: are judged outside the budget: during a delay and a lock they count at once', async () => {
    const { flow, recovery } = await setUpWithApp({ limits: { maxFailures: 6 } });
    await repeat(5, () => flow.logIn(flow.wrongCode()));
    expect(await flow.logIn(flow.appCode())).toMatchObject({ reason: 'delayed' });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true, method: 'recovery' });
    await flow.logIn(flow.wrongCode());
    expect(await flow.logIn(flow.appCode())).toMatchObject({ reason: 'locked' });
    expect(await flow.logIn(recovery[1])).toMatchObject({ ok: true, method: 'recovery' });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ reason: 'locked' });
  });

  it('are never counted: a thousand wrong ones delay nobody', async () => {
    const { flow, recovery } = await setUpWithApp();
    const challenge = await flow.challenge();
    const wrong = await repeat(1000, () => flow.complete('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', { challenge }));
    expect(wrong.every((answer) => !answer.ok && answer.reason === 'mismatch' && !answer.retryAt)).toBe(true);
    expect(await flow.begin()).toMatchObject({ retryAt: null });
    expect(await flow.complete(recovery[0], { challenge })).toMatchObject({ ok: true });
  });

  it('end a delay with a success, as an app’s code does', async () => {
    const { flow, recovery } = await setUpWithApp();
    await repeat(5, () => flow.logIn(flow.wrongCode()));
    await flow.logIn(recovery[0]);
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true, method: 'authenticator' });
  });

  it('say replayed when used, whatever came in between', async () => {
    const { flow, recovery } = await setUpWithApp();
    await flow.logIn(recovery[0]);
    await flow.logIn(recovery[1]);
    await flow.logIn(flow.appCode());
    expect(await flow.logIn(recovery[0])).toEqual({ ok: false, reason: 'replayed' });
    expect(await flow.logIn(recovery[1])).toEqual({ ok: false, reason: 'replayed' });
  });

  it('are reported when used, with how many are left', async () => {
    const { flow, recovery } = await setUpWithApp();
    await flow.logIn(recovery[0]);
    expect(flow.events.slice(-2)).toMatchObject([
      { type: 'recovery_code_used', action: 'complete', left: 9 },
      { type: 'redeemed', method: 'recovery' },
    ]);
  });

  it('of one customer are worth nothing to another', async () => {
    const { flow, recovery } = await setUpWithApp();
    const other = flow.customer('666');
    await other.activate();
    expect(await other.logIn(recovery[0])).toEqual({ ok: false, reason: 'mismatch' });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true });
  });

  it('need no key: they count after every key was changed', async () => {
    const { flow, recovery } = await setUpWithApp();
    const other = flow.with({ keys: [new Uint8Array(32).fill(99)] });
    expect(await other.logIn(recovery[0])).toMatchObject({ ok: true, method: 'recovery' });
    await expect(other.logIn(flow.appCode())).rejects.toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
  });

  it('are worth nothing before the first app and after the last one', async () => {
    const { flow, recovery } = await setUpWithApp();
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: false, reason: 'unknown' });
    flow.clock.advance(STEP);
    await flow.activate();
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: false, reason: 'mismatch' });
    const plain = setUp();
    expect(await plain.logIn('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA')).toEqual({ ok: false, reason: 'unknown' });
  });
});

describe('fault 9: a recovery code', () => {
  it('that is sent twice is replayed the second time, not counted', async () => {
    const { flow, recovery } = await setUpWithApp();
    const challenge = await flow.challenge();
    const answers = await repeat(3, () => flow.complete(recovery[0], { challenge }));
    expect(answers).toMatchObject([{ ok: true }, { reason: 'replayed' }, { reason: 'replayed' }]);
    expect(flow.story.filter((type) => type === 'replay_refused')).toHaveLength(2);
    expect(flow.events.filter((event) => 'failures' in event)).toEqual([]);
  });

  it('is unsuitable where only an app’s code will do, and is neither counted nor used up', async () => {
    const { flow, recovery } = await setUpWithApp();
    const answer = await flow.twoFactor.renewRecoveryCodes({ userId, code: recovery[0] });
    expect(answer).toEqual({ ok: false, reason: 'unsuitable' });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 10 });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true, method: 'recovery' });
  });

  it('is no code for a pending app, which is said as malformed', async () => {
    const { flow, recovery } = await setUpWithApp();
    await flow.scan();
    expect(await flow.confirm(recovery[0], recovery[1])).toEqual({ ok: false, reason: 'malformed' });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 10 });
  });
});

describe('renewRecoveryCodes', () => {
  it('makes ten others against a code of an app, and the old ones are worth nothing', async () => {
    const { flow, recovery } = await setUpWithApp();
    await flow.logIn(recovery[0]);
    const renewed = yes(await flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() }));
    expect(renewed.recoveryCodes).toHaveLength(10);
    for (const old of recovery) expect(await flow.logIn(old)).toEqual({ ok: false, reason: 'mismatch' });
    expect(await flow.logIn(renewed.recoveryCodes[9])).toMatchObject({ ok: true, recoveryCodesLeft: 9 });
    expect(flow.story).toContain('recovery_codes_renewed');
  });

  it('refuses a wrong code, a used one, and a customer without an app', async () => {
    const { flow } = await setUpWithApp();
    const renew = (code: unknown): Promise<unknown> => flow.twoFactor.renewRecoveryCodes({ userId, code });
    expect(await renew(flow.wrongCode())).toEqual({ ok: false, reason: 'mismatch' });
    expect(await renew(flow.appCode(-1))).toEqual({ ok: false, reason: 'replayed' });
    expect(await renew('12345')).toEqual({ ok: false, reason: 'malformed' });
    const inactive = await setUp().twoFactor.renewRecoveryCodes({ userId, code: '123456' });
    expect(inactive).toEqual({ ok: false, reason: 'inactive' });
  });

  it('leaves the codes there are in force when it is refused', async () => {
    const { flow, recovery } = await setUpWithApp();
    expect(await flow.twoFactor.renewRecoveryCodes({ userId, code: flow.wrongCode() })).toMatchObject({
      ok: false,
      reason: 'mismatch',
    });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true, method: 'recovery' });
  });

  it('is within the failure budget', async () => {
    const { flow } = await setUpWithApp();
    const renew = (): Promise<unknown> =>
      flow.twoFactor.renewRecoveryCodes({ userId, code: flow.wrongCode() });
    await repeat(5, renew);
    expect(await renew()).toMatchObject({ reason: 'delayed' });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ reason: 'delayed' });
  });

  it('ends the challenges of before, and no challenge from afterwards', async () => {
    const { flow } = await setUpWithApp();
    const challenge = await flow.challenge();
    await flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() });
    flow.clock.advance(STEP);
    expect(await flow.complete(flow.appCode(), { challenge })).toEqual({ ok: false, reason: 'unknown' });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
  });
});
