import fc from 'fast-check';
import { expect, it } from 'vitest';
import { looserThanRecommended } from '../../src/email-token/policy.js';
import { AccountModel, MAX_FAILURES } from './account-model.js';
import type { Engine } from '../support/engines/engines.js';
import { email, type Flow, userId } from './flow.js';
import { describeOnEngines } from './on-engines.js';

/** The real flow, and what the customer has in hand. */
interface Real {
  readonly flow: Flow;
  challenge: string;
  recovery: readonly string[];
}

type Command = fc.AsyncCommand<AccountModel, Real>;
type Act = (model: AccountModel, real: Real) => Promise<readonly [actual: string, expected: string]>;

function command(name: string, act: Act): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      const [actual, expected] = await act(model, real);
      expect(actual, name).toBe(expected);
      const status = await real.flow.twoFactor.status(userId);
      expect(status.method).toBe(model.app ? 'authenticator' : 'email');
      expect(status.recoveryCodesLeft).toBe(model.recovery.size);
    },
    toString: () => name,
  };
}

type Answer = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A record that expired as a whole cannot tell what it held: both are one to the model. */
const verdict = (answer: Answer): string =>
  answer.ok ? 'ok' : ['unknown', 'expired', 'inactive'].includes(answer.reason) ? 'gone' : answer.reason;

const codeAt = ({ flow }: Real, offset: number | null): string =>
  offset === null ? flow.wrongCode() : flow.appCode(offset);

const begin = command('begin', async (model, real) => {
  const begun = await real.flow.twoFactor.begin({ userId, email });
  if (begun.ok && begun.method === 'email') real.challenge = begun.challenge;
  return [begun.ok ? begun.method : begun.reason, model.begin()];
});

const completeMail = (isRight: boolean): Command =>
  command(`complete by mail, ${isRight ? 'right' : 'wrong'}`, async (model, real) => {
    const mailed = real.flow.around.mailbox.mails.at(-1)?.code ?? '999999';
    const code = isRight ? mailed : mailed === '000000' ? '000001' : '000000';
    return [verdict(await real.flow.complete(code, real.challenge)), model.completeMail(isRight)];
  });

const completeApp = (offset: number | null): Command =>
  command(`complete by app, ${String(offset)}`, async (model, real) => [
    verdict(await real.flow.complete(codeAt(real, offset))),
    model.proveByApp(offset),
  ]);

const completeRecovery = (index: number): Command =>
  command(`complete by recovery code ${String(index)}`, async (model, real) => [
    verdict(await real.flow.complete(real.recovery[index] ?? 'AAAAA-AAAAA-AAAAA')),
    model.proveByRecovery(index),
  ]);

const beginActivation = command('begin activation', async (model, real) => {
  const begun = await real.flow.twoFactor.beginActivation({ userId, account: userId });
  if (begun.ok) real.flow.secret = begun.secret;
  if (!model.app) model.pendingUntil = model.now + 600;
  return [verdict(begun), model.app ? 'active' : 'ok'];
});

const confirm = (isRight: boolean): Command =>
  command(`confirm, ${isRight ? 'right' : 'wrong'}`, async (model, real) => {
    const code = codeAt(real, isRight ? 0 : null);
    const confirmed = await real.flow.twoFactor.confirmActivation({ userId, code });
    if (confirmed.ok) real.recovery = confirmed.recoveryCodes;
    return [verdict(confirmed), model.confirm(isRight)];
  });

const deactivate = (offset: number | null): Command =>
  command(`deactivate, ${String(offset)}`, async (model, real) => {
    const answer = verdict(await real.flow.twoFactor.deactivate({ userId, code: codeAt(real, offset) }));
    const expected = model.proveByApp(offset);
    if (expected === 'ok') model.deactivate();
    return [answer, expected];
  });

const renew = (offset: number | null): Command =>
  command(`renew, ${String(offset)}`, async (model, real) => {
    const renewed = await real.flow.twoFactor.renewRecoveryCodes({ userId, code: codeAt(real, offset) });
    if (renewed.ok) real.recovery = renewed.recoveryCodes;
    const expected = model.proveByApp(offset);
    if (expected === 'ok') model.renew();
    return [verdict(renewed), expected];
  });

const wait = (seconds: number): Command =>
  command(`wait ${String(seconds)} s`, (model, real) => {
    real.flow.around.clock.advance(seconds * 1000);
    model.now += seconds;
    return Promise.resolve(['', '']);
  });

const unlock = command('unlock', async (model, real) => {
  await real.flow.twoFactor.unlock(userId);
  model.unlock();
  return ['', ''];
});

const offset = fc.constantFrom(0, 0, 0, -1, 1, 2, -2, null);

const commands = [
  fc.constant(begin),
  fc.boolean().map(completeMail),
  offset.map(completeApp),
  fc.nat({ max: 9 }).map(completeRecovery),
  fc.constant(beginActivation),
  fc.constantFrom(true, true, false).map(confirm),
  offset.map(deactivate),
  offset.map(renew),
  // After a day and an hour only an app and failures are left of a record.
  fc.constantFrom(1, 29, 30, 30, 60, 240, 900, 90_000).map(wait),
  fc.constant(unlock),
];

const limits = looserThanRecommended({ sendsPerHour: 60, sendsPerDay: 200, maxFailures: MAX_FAILURES });

/** A hundred times sixty calls are nothing in memory; on an engine each of them is several round trips. */
const runsOn = ({ name }: Engine): number => (name === 'memory' ? 150 : 30);

/** On a slow machine there are fewer runs, not a longer wait. */
const MAX_MS = 10_000;

await describeOnEngines('an account', (newFlow, engine) => {
  it('does what its model does, whatever the order of calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async (run) => {
        const setup = (): { model: AccountModel; real: Real } => {
          const flow = newFlow({ limits, resendAfterSeconds: 0 });
          const model = new AccountModel();
          model.now = flow.around.clock.now() / 1000;
          return { model, real: { flow, challenge: 'none', recovery: [] } };
        };
        await fc.asyncModelRun(setup, run);
      }),
      { numRuns: runsOn(engine), interruptAfterTimeLimit: MAX_MS },
    );
  });
});
