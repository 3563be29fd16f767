import { expect, it } from 'vitest';
import { isCountersignError } from '../../src/internal/errors.js';
import { recordingStore, type RecordedCall } from '../support/recording-store.js';
import { type Crash, crashesAt, crashingStore } from './crashing-store.js';
import { email, type Flow, STEP, userId } from './flow.js';
import { describeOnEngines, type NewFlow } from './on-engines.js';

/** What a customer has in hand when an operation begins. */
interface InHand {
  readonly code?: string | undefined;
  /** Of a mail from before. */
  readonly challenge?: string | undefined;
}

type Answer = { readonly ok: boolean; readonly reason?: string } | 'died';

/** One call of the flow, and what must be true of it when it has been made by a process that died, and again by another. */
interface Operation {
  readonly prepare: (flow: Flow) => Promise<InHand>;
  readonly run: (flow: Flow, inHand: InHand) => Promise<{ readonly ok: boolean }>;
  readonly verify: (next: Flow, inHand: InHand, answers: readonly [Answer, Answer]) => Promise<void>;
}

const isYes = (answer: Answer): boolean => answer !== 'died' && answer.ok;

const withRecoveryCode = async (flow: Flow): Promise<InHand> => {
  const { challenge } = await flow.mail();
  const [code] = await flow.activate();
  return { code, challenge };
};

const withApp = async (flow: Flow): Promise<InHand> => ({
  ...(await withRecoveryCode(flow)),
  code: flow.appCode(),
});

const complete: Operation['run'] = (flow, { code, challenge }) => flow.complete(code, challenge);

/** A code is spent by one of the two processes, whichever of them said so. */
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

const beginsActivation: Operation['run'] = async (flow) => {
  const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
  if (begun.ok) flow.secret = begun.secret;
  return begun;
};
const confirm: Operation['run'] = ({ twoFactor }, { code }) => twoFactor.confirmActivation({ userId, code });
const deactivate: Operation['run'] = ({ twoFactor }, { code }) => twoFactor.deactivate({ userId, code });
const renew: Operation['run'] = ({ twoFactor }, { code }) => twoFactor.renewRecoveryCodes({ userId, code });

const byMail = { method: 'email', recoveryCodesLeft: 0 };
const byApp = { method: 'authenticator', recoveryCodesLeft: 10 };

const operations: Readonly<Record<string, Operation>> = {
  'a login by mail': { ...spent(complete, byMail), prepare: (flow) => flow.mail() },
  'a login by app': spent(complete, byApp),
  'a login by recovery code': {
    ...spent(complete, { ...byApp, recoveryCodesLeft: 9 }),
    prepare: withRecoveryCode,
  },
  'a confirmation': {
    ...spent(confirm, byApp),
    prepare: async (flow) => {
      const { challenge } = await flow.mail();
      await beginsActivation(flow, {});
      return { code: flow.appCode(), challenge };
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
      expect(await confirm(next, { code: next.appCode() })).toMatchObject({ ok: true });
    },
  },
  'the beginning of a login': {
    prepare: () => Promise.resolve({}),
    run: ({ twoFactor }) => twoFactor.begin({ userId, email }),
    // A mail goes out for a token that is known to be stored, and for no other.
    verify: ({ around }, _, answers) => {
      expect(around.mailbox.mails).toHaveLength(answers.filter(isYes).length);
      return Promise.resolve();
    },
  },
  'a wrong code': {
    prepare: async (flow) => ({ ...(await withApp(flow)), code: flow.wrongCode() }),
    run: complete,
    verify: ({ around }, _, [first]) => {
      // What was answered is counted; what was counted need not have been answered.
      const counted = around.events.flatMap((event) => ('failures' in event ? (event.failures ?? 0) : 0));
      expect(Math.max(...counted)).toBeGreaterThanOrEqual(first === 'died' ? 1 : 2);
      return Promise.resolve();
    },
  },
  'an operator’s unlocking': {
    prepare: async (flow) => {
      const inHand = await withApp(flow);
      await flow.complete(flow.wrongCode());
      return inHand;
    },
    run: ({ twoFactor }) => twoFactor.unlock(userId).then(() => ({ ok: true })),
    verify: async (next) => {
      expect(await next.twoFactor.status(userId)).toMatchObject(byApp);
    },
  },
  'an operator’s erasure': {
    prepare: withApp,
    run: ({ twoFactor }) => twoFactor.erase(userId).then(() => ({ ok: true })),
    verify: async (next) => {
      expect(await next.twoFactor.status(userId)).toMatchObject(byMail);
    },
  },
};

await describeOnEngines('a process that dies or loses an answer at any of its store calls', (newFlow) => {
  it.each(Object.entries(operations))(
    'leaves one factor, and no code that works twice, behind %s',
    async (_, operation) => {
      const crashes = crashesAt(await callsOf(newFlow, operation));
      expect(crashes.length).toBeGreaterThanOrEqual(8);
      // At once, since a dying process spends its time in waiting; each has a customer of its own.
      await Promise.all(
        crashes.flatMap((crash) => [
          survives(newFlow(), operation, crash),
          survivesRepetition(newFlow(), operation, crash),
        ]),
      );
    },
  );
});

/** Which calls an operation makes where nothing goes wrong. */
async function callsOf(newFlow: NewFlow, { prepare, run }: Operation): Promise<string[]> {
  const flow = newFlow();
  const inHand = await prepare(flow);
  const calls: RecordedCall[] = [];
  await run(flow.with({ store: recordingStore(flow.options.store, calls) }), inHand);
  return calls.map(({ verb }) => verb);
}

/** The operation in a process that dies; the customer then does something else. */
async function survives(next: Flow, { prepare, run }: Operation, crash: Crash): Promise<void> {
  const inHand = await prepare(next);
  const store = crashingStore(next.options.store, crash);
  await run(next.with({ store }), inHand).catch(died);
  await store.land();
  await hasOneFactor(next, inHand);
}

/** The operation in a process that dies, then in the next one; a late write lands between that and the verification. */
async function survivesRepetition(next: Flow, operation: Operation, crash: Crash): Promise<void> {
  const { prepare, run, verify } = operation;
  const inHand = await prepare(next);
  const store = crashingStore(next.options.store, crash);
  const first = await run(next.with({ store }), inHand).catch(died);
  const second = await run(next, inHand);
  await store.land();
  await verify(next, inHand, [first, second]);
  await hasOneFactor(next, inHand);
}

function died(error: unknown): Answer {
  expect(isCountersignError(error) && error.code).toBe('ERR_STORE_FAILED');
  return 'died';
}

/** The factor that is told lets the customer in; the other one does not, nor does a mail from before. */
async function hasOneFactor(flow: Flow, before: InHand): Promise<void> {
  const { twoFactor, around } = flow;
  around.clock.advance(4 * STEP);
  const { method } = await twoFactor.status(userId);
  const begun = await twoFactor.begin({ userId, email });
  expect(begun).toMatchObject({ ok: true, method });
  const challenge = begun.ok && begun.method === 'email' ? begun.challenge : before.challenge;
  const mailed = around.mailbox.mails.at(-1)?.code;
  expect(await flow.complete(flow.appCode())).toMatchObject({ ok: method === 'authenticator' });
  expect(await flow.complete(mailed, challenge)).toMatchObject({ ok: method === 'email' });
}
