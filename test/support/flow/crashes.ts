/** Every call of the flow, made by a process that dies or loses an answer at one of its store calls. */
import { expect, it } from 'vitest';
import { isCountersignError } from '../../../src/internal/errors.js';
import { type Crash, crashesAt, crashingStore } from './crashing-store.js';
import type { Engine } from '../engines/engines.js';
import { describeFlowOnEngines } from './on-engines.js';
import { bareMail, type Flow, repeat, userId } from './flow.js';
import { recordingStore } from './stores.js';
import { MINUTE, STEP } from './time.js';

/** What a customer has in hand when an operation begins. */
interface InHand {
  readonly code?: string | undefined;
  readonly challenge?: string | undefined;
  readonly proof?: string | undefined;
  readonly browser?: string | undefined;
}

type Answer = { readonly ok: boolean; readonly reason?: string } | 'died';

/** One call, and what must be true once a process has died over it and another has made it again. */
interface Operation {
  readonly prepare: (flow: Flow) => Promise<InHand>;
  readonly run: (flow: Flow, inHand: InHand) => Promise<{ readonly ok: boolean }>;
  readonly verify: (next: Flow, inHand: InHand, answers: readonly [Answer, Answer]) => Promise<void>;
}

/** Registers the tests. */
export async function describeCrashes(engines: readonly Engine[]): Promise<void> {
  const title = 'a process that dies or loses an answer at any of its store calls';
  await describeFlowOnEngines(engines, title, (newFlow) => {
    const fresh = (): Flow => newFlow({ render: bareMail, maxApps: 1 });
    it.each(Object.entries(operations))(
      'leaves one factor, and no code that works twice, behind %s',
      async (_, operation) => {
        const { calls, ok } = await undisturbed(fresh(), operation);
        const crashes = crashesAt(calls);
        expect(crashes.length).toBeGreaterThanOrEqual(2);
        // At once, since a dying process spends its time in waiting; each has a customer of its own.
        await Promise.all(
          crashes.flatMap((crash) => [
            survives(fresh(), operation, { ...crash, ok }),
            survivesRepetition(fresh(), operation, crash),
          ]),
        );
      },
    );
  });
}

const isYes = (answer: Answer): boolean => answer !== 'died' && answer.ok;

const withRecoveryCode = async (flow: Flow): Promise<InHand> => {
  const [code] = await flow.activate();
  return { code, challenge: await flow.challenge() };
};
const withApp = async (flow: Flow): Promise<InHand> => ({
  ...(await withRecoveryCode(flow)),
  code: flow.appCode(),
});
const withMail = async (flow: Flow): Promise<InHand> => {
  const { challenge, code } = await flow.mail();
  return { challenge, code };
};

const complete: Operation['run'] = (flow, { code, challenge, browser }) =>
  flow.complete(code, { challenge, browser });
const beginsActivation: Operation['run'] = async (flow) => {
  const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
  if (begun.ok) flow.secret = begun.secret;
  return begun;
};
const confirm: Operation['run'] = (flow, { code, proof }) => flow.confirm(code, proof);
const deactivate: Operation['run'] = ({ twoFactor }, { code }) => twoFactor.deactivate({ userId, code });
const renew: Operation['run'] = ({ twoFactor }, { code }) => twoFactor.renewRecoveryCodes({ userId, code });
const act =
  (call: (flow: Flow) => Promise<unknown>): Operation['run'] =>
  (flow) =>
    call(flow).then(() => ({ ok: true }));

const byMail = { method: 'email', recoveryCodesLeft: 0 };
const byApp = { method: 'authenticator', recoveryCodesLeft: 10 };

/** A code that one of the two processes has spent, whichever of them said so. */
function spent(run: Operation['run'], left: { method: string; recoveryCodesLeft: number }): Operation {
  return {
    prepare: withApp,
    run,
    verify: async (next, inHand, answers) => {
      expect(answers.filter(isYes).length).toBeLessThanOrEqual(1);
      expect(await run(next, inHand)).toMatchObject({ ok: false });
      expect(await next.twoFactor.status(userId)).toMatchObject(left);
    },
  };
}

/** An act that may be made twice, and leaves this behind. */
function idempotent(
  prepare: Operation['prepare'],
  call: (flow: Flow) => Promise<unknown>,
  left: object,
): Operation {
  return {
    prepare,
    run: act(call),
    verify: async (next) => {
      expect(await next.twoFactor.status(userId)).toMatchObject(left);
    },
  };
}

const operations: Readonly<Record<string, Operation>> = {
  'a login by mail': { ...spent(complete, byMail), prepare: withMail },
  'a login by app': spent(complete, byApp),
  'a login by recovery code': {
    ...spent(complete, { ...byApp, recoveryCodesLeft: 9 }),
    prepare: withRecoveryCode,
  },
  'a confirmation': {
    ...spent(confirm, byApp),
    prepare: async (flow) => {
      const { challenge } = await flow.mail();
      await flow.scan();
      return { code: flow.appCode(), challenge };
    },
  },
  'a replacement by the old app': {
    ...spent(confirm, byApp),
    prepare: async (flow) => {
      const { challenge, code: proof } = await withApp(flow);
      await flow.scan();
      return { code: flow.appCode(), challenge, proof };
    },
  },
  'a replacement by a recovery code': {
    ...spent(confirm, { ...byApp, recoveryCodesLeft: 9 }),
    prepare: async (flow) => {
      const { challenge, code: proof } = await withRecoveryCode(flow);
      await flow.scan();
      return { code: flow.appCode(), challenge, proof };
    },
  },
  'a deactivation by app': spent(deactivate, byMail),
  'a deactivation by recovery code': { ...spent(deactivate, byMail), prepare: withRecoveryCode },
  'a renewal': spent(renew, byApp),
  'the beginning of an activation': {
    prepare: () => Promise.resolve({}),
    run: beginsActivation,
    verify: async (next) => {
      expect(await next.twoFactor.status(userId)).toMatchObject(byMail);
      expect(await next.confirm()).toMatchObject({ ok: true });
    },
  },
  'an adoption': idempotent(
    () => Promise.resolve({}),
    (flow) => flow.twoFactor.adopt({ userId, secret: flow.secret }),
    { method: 'authenticator', apps: [{}] },
  ),
  'the beginning of a login by mail': {
    prepare: () => Promise.resolve({}),
    run: (flow) => flow.begin(),
    // Mail goes out only for a token that is known to be stored. One that was stored by a process that died before it could
    // send is joined, and its code is mailed a minute later.
    verify: async (next, _, answers) => {
      expect(next.mails.length).toBeLessThanOrEqual(answers.filter(isYes).length);
      next.clock.advance(MINUTE);
      const { challenge, code, sent } = await next.mail();
      expect(sent).toBe(true);
      expect(new Set(next.mails.map((mail) => mail.code)).size).toBe(1);
      expect(await next.complete(code, { challenge })).toMatchObject({ ok: true });
    },
  },
  'a fresh mail in place of a live one': {
    prepare: async (flow) => {
      const mailed = await withMail(flow);
      flow.clock.advance(11 * MINUTE);
      return mailed;
    },
    run: (flow) => flow.begin(),
    verify: async (next, { code, challenge }) => {
      // The older code never works beside the newer one.
      const newest = next.mails.at(-1)?.code;
      const answers = [await next.complete(newest, { challenge }), await next.complete(code, { challenge })];
      expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
    },
  },
  'the beginning of a login by app': { ...idempotent(withApp, (flow) => flow.begin(), byApp) },
  'a wrong code': {
    prepare: async (flow) => ({ ...(await withApp(flow)), code: flow.wrongCode() }),
    run: complete,
    verify: ({ events }, _, [first]) => {
      // What was answered is counted; what was counted need not have been answered.
      const counted = events.flatMap((event) => ('failures' in event ? (event.failures ?? 0) : 0));
      expect(Math.max(...counted)).toBeGreaterThanOrEqual(first === 'died' ? 1 : 2);
      return Promise.resolve();
    },
  },
  'a wrong code from a known browser': {
    prepare: async (flow) => {
      await withRecoveryCode(flow);
      const browser = await flow.cookie();
      return { code: flow.wrongCode(), challenge: await flow.challenge(), browser };
    },
    run: complete,
    verify: async (next) => {
      expect(await next.begin()).toMatchObject({ retryAt: null });
    },
  },
  'an operator’s unlocking': idempotent(
    async (flow) => {
      const inHand = await withApp(flow);
      await flow.logIn(flow.wrongCode());
      return inHand;
    },
    (flow) => flow.twoFactor.unlock(userId),
    byApp,
  ),
  'an operator’s erasure': idempotent(withApp, (flow) => flow.twoFactor.erase(userId), byMail),
  'a revocation': idempotent(withApp, (flow) => flow.twoFactor.revoke(userId), byApp),
  'the forgetting of browsers': idempotent(
    async (flow) => {
      await withRecoveryCode(flow);
      await flow.cookie();
      return { challenge: await flow.challenge(), code: flow.appCode() };
    },
    (flow) => flow.twoFactor.forgetBrowsers({ userId }),
    { ...byApp, browsers: [] },
  ),
};

interface Undisturbed {
  readonly calls: Crash['verb'][];
  readonly ok: boolean;
}

/** Which calls an operation makes where nothing goes wrong, and how it ends. */
async function undisturbed(flow: Flow, { prepare, run }: Operation): Promise<Undisturbed> {
  const inHand = await prepare(flow);
  const calls: Crash['verb'][] = [];
  const { ok } = await run(flow.with({ store: recordingStore(flow.options.store, calls, []) }), inHand);
  return { calls, ok };
}

/** The operation in a process that dies; the customer then logs in elsewhere, and a late write changes nothing. */
async function survives(
  next: Flow,
  { prepare, run }: Operation,
  crash: Crash & { ok: boolean },
): Promise<void> {
  const inHand = await prepare(next);
  const store = crashingStore(next.options.store, crash);
  const other = next.with({ store });
  const answer: Answer = await run(other, inHand).catch(died);
  next.secret = other.secret;
  next.scanned.push(...other.scanned);
  // A lost answer of a write is found out about, and the customer hears what they would have heard; a read is not tried again.
  if (!crash.isLast && crash.verb === 'write') expect(answer === 'died' ? answer : answer.ok).toBe(crash.ok);
  if (crash.isLast) expect(answer).toBe('died');
  const used = await hasOneFactor(next);
  await store.land();
  expect(await next.complete(used.code, { challenge: used.challenge })).toMatchObject({ ok: false });
  await hasOneFactor(next);
}

/** The operation in a process that dies, and then in another one. */
async function survivesRepetition(next: Flow, operation: Operation, crash: Crash): Promise<void> {
  const { prepare, run, verify } = operation;
  const inHand = await prepare(next);
  const store = crashingStore(next.options.store, crash);
  const dying = next.with({ store });
  const first: Answer = await run(dying, inHand).catch(died);
  const second = await run(next, inHand);
  await store.land();
  await verify(next, inHand, [first, second]);
  await hasOneFactor(next);
}

function died(error: unknown): 'died' {
  expect(isCountersignError(error) && ['ERR_STORE_FAILED', 'ERR_SEND_FAILED'].includes(error.code)).toBe(
    true,
  );
  return 'died';
}

/**
 * The factor that `status` tells lets the customer in, and no other does: neither another app's code nor a mail's.
 *
 * @returns what has let in
 */
async function hasOneFactor(flow: Flow): Promise<InHand> {
  const { twoFactor, clock } = flow;
  clock.advance(16 * MINUTE + STEP);
  const { method } = await twoFactor.status(userId);
  const begun = await flow.begin();
  expect(begun).toMatchObject({ ok: true, method });
  const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
  const apps = new Set([flow.secret, ...flow.scanned]);
  const codes = [...Array.from(apps, (secret) => flow.appCode(0, secret)), flow.mails.at(-1)?.code];
  const answers = await repeat(codes.length, (index) => flow.complete(codes[index], { challenge }));
  expect(answers.filter(({ ok }) => ok)).toMatchObject([{ ok: true, method }]);
  return { code: codes[answers.findIndex(({ ok }) => ok)], challenge };
}
