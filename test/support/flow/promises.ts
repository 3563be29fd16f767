/** The promises of the design's section 4, each with tests that are run on every engine. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CompleteResult } from '../../../src/two-factor/flow-results.js';
import type { Engine } from '../engines/engines.js';
import { describeFlowOnEngines, type NewFlow } from './on-engines.js';
import {
  bareMail,
  cookieOf,
  email,
  type Flow,
  parallel,
  repeat,
  successes,
  testKey,
  userId,
  yes,
} from './flow.js';
import { crashesAt, crashingStore } from './crashing-store.js';
import { besiege, logInUnderSiege } from './siege.js';
import { recordingStore } from './stores.js';
import { DAY, HOUR, MINUTE, STEP } from './time.js';

const PARALLEL = 64;
const LETTERS = 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA';

/** Registers the tests. */
export async function describePromises(engines: readonly Engine[]): Promise<void> {
  await describeFlowOnEngines(engines, 'the two-factor flow', (newFlow) => {
    for (const [title, body] of promises) {
      describe(title, () => {
        body(newFlow);
      });
    }
  });
}

const promises: readonly (readonly [string, (newFlow: NewFlow) => void])[] = [
  ['promise 1: a code is accepted at most once', acceptsOnce],
  ['promise 2: at most maxAttempts guesses are evaluated against one live token', limitsAttempts],
  ['promise 3: an older token never works, and a right code is not refused', keepsRightCodes],
  ['promise 4: a success clears the delay, not the rolling total', keepsTotal],
  ['promise 5: nothing at rest is usable without the key', sealsSecrets],
  ['promise 6: accepted time steps strictly increase', increasesSteps],
  ['promise 7: there is never a moment with no factor or with a weaker one', keepsFactor],
  ['promise 8: a mail that could not be sent leaves no token and costs no cooldown', takesMailsBack],
  ['promise 9: if the store fails, the answer is an error, never a yes', failsWithStore],
  ['promise 10: any value as user input gives a result', takesAnything],
  ['promise 11: no secret, code or key is printed', printsNothing],
  ['promise 12: an unknown customer looks like a known one, and changes nothing', hidesCustomers],
  ['promise 13: nobody without the customer’s factors can keep the customer out', letsOwnerIn],
  ['promise 14: no code counts before the password was right', needsTickets],
];

/** How many of parallel submissions are a yes, each from a process of its own. */
async function yesOf(
  flow: Flow,
  submit: (flow: Flow, index: number) => Promise<{ ok: boolean }>,
): Promise<number> {
  return successes(await parallel(PARALLEL, (index) => submit(flow.with({}), index)));
}

function acceptsOnce(newFlow: NewFlow): void {
  it('an app’s code, submitted 64 times at once', async () => {
    const flow = newFlow();
    await flow.activate();
    const [challenge, code] = [await flow.challenge(), flow.appCode()];
    expect(await yesOf(flow, (each) => each.complete(code, { challenge }))).toBe(1);
  });

  it('a recovery code', async () => {
    const flow = newFlow();
    const [code] = await flow.activate();
    const challenge = await flow.challenge();
    expect(await yesOf(flow, (each) => each.complete(code, { challenge }))).toBe(1);
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 9 });
  });

  it('a mailed code, through five challenges of its token', async () => {
    const flow = newFlow();
    const challenges = await repeat(5, () => flow.challenge());
    const code = flow.mails[0]?.code;
    expect(
      await yesOf(flow, (each, index) => each.complete(code, { challenge: challenges[index % 5] })),
    ).toBe(1);
  });

  it('a confirmation, with one set of recovery codes', async () => {
    const flow = newFlow();
    await flow.scan();
    const code = flow.appCode();
    expect(await yesOf(flow, (each) => each.confirm(code))).toBe(1);
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 10 });
  });

  it('a code that logs in, deactivates, renews and replaces at the same time', async () => {
    const flow = newFlow();
    await flow.activate();
    const [challenge, code] = [await flow.challenge(), flow.appCode()];
    await flow.scan();
    const fresh = flow.appCode();
    const acts: ((flow: Flow) => Promise<{ ok: boolean }>)[] = [
      (each) => each.complete(code, { challenge }),
      (each) => each.twoFactor.deactivate({ userId, code }),
      (each) => each.twoFactor.renewRecoveryCodes({ userId, code }),
      (each) => each.confirm(fresh, code),
    ];
    expect(await yesOf(flow, (each, index) => acts[index % 4]?.(each) ?? each.confirm())).toBe(1);
  });

  it('a long code', async () => {
    const flow = newFlow({ limits: { maxFailures: 1 } });
    await flow.complete(flow.wrongCode(), { challenge: await flow.challenge() });
    const { challenge, code } = await flow.mail();
    expect(code).toHaveLength(29);
    expect(await yesOf(flow, (each) => each.complete(code, { challenge }))).toBe(1);
  });
}

function limitsAttempts(newFlow: NewFlow): void {
  it('over 64 parallel submissions through five challenges', async () => {
    const flow = newFlow();
    const challenges = await repeat(5, () => flow.challenge());
    const answers = await parallel(PARALLEL, (index) =>
      flow.with({}).complete(flow.wrongCode(), { challenge: challenges[index % 5] }),
    );
    expect(answers.filter((answer) => reasonOf(answer) === 'mismatch')).toHaveLength(5);
  });

  it('over a resend, a new challenge, a new session and a restart', async () => {
    const flow = newFlow();
    let evaluated = 0;
    for (let session = 0; session < 8; session++) {
      const other = flow.with({});
      const begun = await other.begin();
      if (flow.mails.at(-1)?.code !== flow.mails[0]?.code) break;
      const challenge = begun.ok && 'challenge' in begun ? begun.challenge : undefined;
      evaluated += Number(reasonOf(await other.complete(flow.wrongCode(), { challenge })) === 'mismatch');
      flow.clock.advance(MINUTE);
    }
    expect(evaluated).toBe(5);
  });
}

function keepsRightCodes(newFlow: NewFlow): void {
  it('the older mail’s code never works once a fresh token has replaced it', async () => {
    const flow = newFlow();
    const older = await flow.mail();
    flow.clock.advance(11 * MINUTE);
    const newer = await flow.mail();
    for (const { challenge } of [older, newer]) {
      expect(await flow.complete(older.code, { challenge })).toEqual({ ok: false, reason: 'superseded' });
    }
    expect(await flow.complete(newer.code, { challenge: older.challenge })).toMatchObject({ ok: true });
  });

  it('a right code counts beside parallel wrong ones within the budget', async () => {
    for (const hasApp of [false, true]) {
      const flow = newFlow();
      if (hasApp) await flow.activate();
      const challenge = await flow.challenge();
      const code = hasApp ? flow.appCode() : flow.mails[0]?.code;
      const wrong = parallel(4, () => flow.complete(flow.wrongCode(), { challenge }));
      expect(await flow.complete(code, { challenge })).toMatchObject({ ok: true });
      await wrong;
    }
  });

  it('a right code counts although the person asked twice, from either login', async () => {
    for (const place of [0, 1]) {
      const flow = newFlow();
      const logins = await parallel(2, () => flow.mail());
      expect(flow.mails).toHaveLength(1);
      const { challenge } = logins[place] ?? { challenge: '' };
      expect(await flow.complete(flow.mails[0]?.code, { challenge })).toMatchObject({ ok: true });
    }
  });
}

function keepsTotal(newFlow: NewFlow): void {
  it('whoever takes turns with the daily customer', async () => {
    const flow = newFlow({ limits: { maxFailures: 10 } });
    await flow.activate();
    let evaluated = 0;
    for (let day = 0; day < 4; day++) {
      const challenge = await flow.challenge();
      for (let guess = 0; guess < 4; guess++) {
        evaluated += Number(reasonOf(await flow.complete(flow.wrongCode(), { challenge })) === 'mismatch');
      }
      await flow.complete(flow.appCode(), { challenge });
      flow.clock.advance(DAY);
    }
    expect(evaluated).toBe(10);
    expect((await flow.twoFactor.status(userId)).lockedUntil).not.toBeNull();
  });

  it('over mail and app together', async () => {
    const flow = newFlow({ limits: { maxFailures: 3 } });
    await flow.complete(flow.wrongCode(), { challenge: await flow.challenge() });
    await flow.activate();
    await flow.logIn(flow.wrongCode());
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    flow.clock.advance(MINUTE);
    const challenge = await flow.challenge();
    expect(await flow.complete(flow.wrongCode(), { challenge })).toMatchObject({
      retryAt: expect.any(Date) as unknown,
    });
    expect(await flow.complete(flow.mails.at(-1)?.code, { challenge })).toMatchObject({ reason: 'locked' });
  });
}

function sealsSecrets(newFlow: NewFlow): void {
  it('neither a code nor a secret is written', async () => {
    const calls: string[] = [];
    const plain = newFlow();
    const flow = plain.with({ store: recordingStore(plain.options.store, [], calls) });
    const { challenge, code } = await flow.mail();
    const cookie = cookieOf(await flow.complete(code, { challenge }));
    const recovery = await flow.activate();
    await flow.logIn(flow.appCode());
    const written = calls.join('\n');
    const texts = [cookie, challenge, ...recovery, flow.secret.toBase32()];
    expect(calls.length).toBeGreaterThan(4);
    expect(texts.filter((text) => written.includes(text))).toEqual([]);
    expect(written.replaceAll(/\d{12,}/g, '')).not.toContain(code);
  });

  it('keys rotate: the first writes, all read, and the old one goes', async () => {
    const flow = newFlow({ keys: [testKey(1)] });
    const recovery = await flow.activate();
    await flow.with({ keys: [testKey(2), testKey(1)] }).logIn(flow.appCode());
    flow.clock.advance(STEP);
    const after = flow.with({ keys: testKey(2) });
    expect(await after.logIn(after.appCode())).toMatchObject({ ok: true });
    expect(await after.logIn(recovery[0])).toMatchObject({ ok: true });
    const before = flow.with({ keys: testKey(1) });
    await expect(before.logIn(before.appCode(1))).rejects.toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
  });
}

function increasesSteps(newFlow: NewFlow): void {
  it('the enrolment code included, also when the clock steps back', async () => {
    const flow = newFlow();
    await flow.activate();
    const replayed = { ok: false, reason: 'replayed' };
    expect(await flow.logIn(flow.appCode(-1))).toEqual(replayed);
    const code = flow.appCode();
    expect(await flow.logIn(code)).toMatchObject({ ok: true });
    flow.clock.advance(-STEP);
    expect(await flow.logIn(code)).toEqual(replayed);
    expect(await flow.logIn(flow.appCode())).toEqual(replayed);
    flow.clock.advance(2 * STEP);
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
  });
}

function keepsFactor(newFlow: NewFlow): void {
  it('activation needs a confirmed code, and replacing needs proof', async () => {
    const flow = newFlow();
    await flow.scan();
    expect(await flow.twoFactor.status(userId)).toMatchObject({ method: 'email' });
    await flow.activate();
    const old = flow.secret;
    await flow.scan();
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'proof' });
    expect(await flow.logIn(flow.appCode(0, old))).toMatchObject({ ok: true });
  });

  it('mail is no factor while an app is active, whichever mail it is', async () => {
    const flow = newFlow();
    const { challenge, code } = await flow.mail();
    await flow.activate();
    expect(await flow.complete(code, { challenge })).toMatchObject({ ok: false });
    expect(await flow.logIn(code)).toMatchObject({ ok: false });
    expect(await flow.begin()).toMatchObject({ method: 'authenticator' });
  });

  it('a lost record is an error where the application says what it expects', async () => {
    const flow = newFlow();
    expect(await flow.begin({ expect: 'authenticator' })).toEqual({ ok: false, reason: 'lost' });
    await flow.activate();
    expect(await flow.begin({ expect: 'authenticator' })).toMatchObject({ ok: true });
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    expect(await flow.begin({ expect: 'authenticator' })).toMatchObject({ method: 'email' });
  });

  it('fault 7: an activation is said to have expired, also where the store has forgotten records by then', async () => {
    const flow = newFlow();
    await flow.scan();
    flow.clock.advance(11 * MINUTE);
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'expired' });
    flow.clock.advance(12 * HOUR);
    expect(await flow.confirm()).toEqual({ ok: false, reason: 'expired' });
  });
}

function takesMailsBack(newFlow: NewFlow): void {
  it('and the token that was there before stays', async () => {
    const flow = newFlow();
    flow.around.mailbox.refuseNext();
    await expect(flow.begin()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    const first = await flow.mail();
    flow.clock.advance(11 * MINUTE);
    flow.around.mailbox.refuseNext();
    await expect(flow.begin()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    expect(await flow.complete(first.code, { challenge: first.challenge })).toMatchObject({ ok: true });
  });
}

function failsWithStore(newFlow: NewFlow): void {
  it('and a write that happened is not reported as one that did not', async () => {
    const flow = newFlow();
    const recovery = await flow.activate();
    const challenge = await flow.challenge();
    for (const [index, crash] of crashesAt(['read', 'write']).entries()) {
      const store = crashingStore(flow.options.store, crash);
      const code = recovery[index];
      const answer = await flow
        .with({ store })
        .complete(code, { challenge })
        .catch((error: unknown) => error);
      const isDeadly = crash.isLast || crash.verb === 'read';
      expect(answer).toMatchObject(isDeadly ? { code: 'ERR_STORE_FAILED' } : { ok: true });
    }
  });
}

function takesAnything(newFlow: NewFlow): void {
  it('as a code, a challenge, a cookie and a proof', async () => {
    const flow = newFlow();
    await flow.activate();
    for (const value of [undefined, null, 5, {}, [], '\u0000', '\ud800', 'x'.repeat(1e6), Symbol('x')]) {
      const challenge = await flow.challenge({ browser: value });
      expect(await flow.complete(value, { challenge, browser: value })).toEqual({
        ok: false,
        reason: 'malformed',
      });
      expect(await flow.complete('123456', { challenge: value })).toEqual({ ok: false, reason: 'unknown' });
      expect(await flow.confirm('123456', value)).toEqual({ ok: false, reason: 'unknown' });
      await expect(flow.twoFactor.forgetBrowsers({ userId, browser: value })).resolves.toBeUndefined();
    }
  });
}

function printsNothing(newFlow: NewFlow): void {
  it('in an event or an error', async () => {
    const flow = newFlow();
    const { challenge, code } = await flow.mail();
    await flow.complete(code, { challenge });
    const recovery = await flow.activate();
    const appCode = flow.appCode();
    await flow.logIn(appCode);
    await flow.logIn(recovery[0]);
    const error: unknown = await flow
      .with({ keys: testKey(9) })
      .logIn(flow.appCode(1))
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
    const text = inspect([flow.events, error], { depth: null, showHidden: true });
    const secrets = [code, appCode, ...recovery, challenge, flow.secret.toBase32()];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });
}

function hidesCustomers(newFlow: NewFlow): void {
  it('in the same answers, with the same work', async () => {
    const walk = async (address: string | null): Promise<unknown[]> => {
      const calls: string[] = [];
      const plain = newFlow();
      const flow = plain.with({ store: recordingStore(plain.options.store, calls, []) });
      const found: unknown[] = [];
      for (const wait of [0, 0, MINUTE, 11 * MINUTE, 8 * HOUR]) {
        flow.clock.advance(wait);
        const begun = await flow.begin({ email: address });
        const shape = Object.entries(begun).map(([name, value]: [string, unknown]) =>
          typeof value === 'string' ? [name, value.length] : [name, value],
        );
        const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
        found.push(
          shape,
          await flow.complete('000000', { challenge }),
          await flow.complete(LETTERS, { challenge }),
        );
      }
      return [...found, calls];
    };
    expect(await walk(null)).toEqual(await walk(email));
  });

  it('fault 13: and no right code there is counts after begin({ email: null })', async () => {
    const flow = newFlow();
    const live = await flow.mail();
    const nobody = await flow.challenge({ email: null });
    expect(await flow.complete(live.code, { challenge: nobody })).toMatchObject({ ok: false });
    expect(await flow.complete(live.code, { challenge: live.challenge })).toMatchObject({ ok: true });
    const recovery = await flow.activate();
    const challenge = await flow.challenge({ email: null });
    for (const code of [flow.appCode(), recovery[0]]) {
      expect(await flow.complete(code, { challenge })).toMatchObject({ ok: false });
    }
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 10, lockedUntil: null });
  });
}

function letsOwnerIn(newFlow: NewFlow): void {
  it('with a recovery code at once', async () => {
    const flow = newFlow();
    const recovery = await flow.activate();
    await besiege(flow, 2 * DAY);
    expect(await flow.logIn(flow.appCode())).toMatchObject({ reason: 'delayed' });
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true, method: 'recovery' });
    await besiege(flow, 2 * DAY);
    expect(await flow.twoFactor.deactivate({ userId, code: recovery[1] })).toEqual({ ok: true });
  });

  it('from a known browser by app, at once', async () => {
    const flow = newFlow();
    await flow.activate();
    const browser = await flow.cookie();
    await besiege(flow, 2 * DAY);
    expect(await flow.logIn(flow.appCode(), { browser })).toMatchObject({ ok: true });
  });

  it('from a known browser by mail, within two minutes', async () => {
    const flow = newFlow({ render: bareMail });
    const browser = cookieOf(await flow.logInByMail());
    for (const days of [0, 1, 2]) {
      await besiege(flow, days * DAY);
      const { answer, waitedMs } = await logInUnderSiege(flow, browser);
      expect(answer).toMatchObject({ ok: true, method: 'email' });
      expect(waitedMs).toBeLessThanOrEqual(2 * MINUTE);
    }
  });

  it('with mail only by the long code, once in 24 hours', async () => {
    const flow = newFlow({ render: bareMail });
    await besiege(flow, DAY / 2);
    const logins = await repeat(3, async () => {
      const login = await logInUnderSiege(flow);
      await besiege(flow, DAY);
      return login;
    });
    expect(successes(logins.map(({ answer }) => answer))).toBe(3);
    expect(logins.some(({ isLong }) => isLong)).toBe(true);
    for (const { waitedMs } of logins) expect(waitedMs).toBeLessThanOrEqual(HOUR + 15 * MINUTE);
  });
}

function needsTickets(newFlow: NewFlow): void {
  const unknown = { ok: false, reason: 'unknown' };

  it('not without a ticket, with one for another customer or purpose, or with a made-up one', async () => {
    const flow = newFlow();
    const recovery = await flow.activate();
    const other = flow.customer('666');
    const foreign = await other.challenge();
    const stepUp = await flow.challenge({ purpose: 'step-up' });
    const challenges = [undefined, '', foreign, stepUp, `A${stepUp.slice(1)}`, stepUp.slice(0, -1)];
    for (const challenge of challenges) {
      for (const code of [flow.appCode(), recovery[0], flow.wrongCode()]) {
        expect(await flow.complete(code, { challenge })).toEqual(unknown);
      }
    }
    expect(await flow.twoFactor.status(userId)).toMatchObject({ recoveryCodesLeft: 10 });
    expect(await flow.begin()).toMatchObject({ retryAt: null });
  });

  it('not with a ticket from before the last change of a factor', async () => {
    const flow = newFlow();
    const mailed = await flow.mail();
    const recovery = await flow.activate();
    expect(await flow.complete(flow.appCode(), { challenge: mailed.challenge })).toEqual(unknown);
    const challenge = await flow.challenge();
    yes(await flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() }));
    flow.clock.advance(STEP);
    expect(await flow.complete(flow.appCode(), { challenge })).toEqual(unknown);
    expect(await flow.complete(recovery[0], { challenge })).toEqual(unknown);
    const late = await flow.challenge();
    await flow.twoFactor.erase(userId);
    expect(await flow.complete(flow.appCode(), { challenge: late })).toEqual(unknown);
  });

  it('not with a ticket that has expired', async () => {
    const flow = newFlow();
    const recovery = await flow.activate();
    const challenge = await flow.challenge();
    flow.clock.advance(15 * MINUTE);
    expect(await flow.complete(recovery[0], { challenge })).toEqual({ ok: false, reason: 'expired' });
  });
}

function reasonOf(answer: CompleteResult): string {
  return answer.ok ? 'ok' : answer.reason;
}
