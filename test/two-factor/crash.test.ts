import { expect, it } from 'vitest';
import { isCountersignError } from '../../src/internal/errors.js';
import { recordingStore, type RecordedCall } from '../support/recording-store.js';
import { type Crash, crashesAt, crashingStore } from './crashing-store.js';
import { email, type Flow, STEP, userId } from './flow.js';
import { describeOnEngines } from './on-engines.js';

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
      const { calls, ok } = await undisturbed(newFlow(), operation);
      const crashes = crashesAt(calls);
      expect(crashes.length).toBeGreaterThanOrEqual(8);
      // At once, since a dying process spends its time in waiting; each has a customer of its own.
      await Promise.all(
        crashes.flatMap((crash) => [
          survives(newFlow(), operation, { ...crash, ok }),
          survivesRepetition(newFlow(), operation, crash),
        ]),
      );
    },
  );
});

interface Undisturbed {
  readonly calls: Crash['verb'][];
  readonly ok: boolean;
}

/** Which calls an operation makes where nothing goes wrong, and how it ends. */
async function undisturbed(flow: Flow, { prepare, run }: Operation): Promise<Undisturbed> {
  const inHand = await prepare(flow);
  const calls: RecordedCall[] = [];
  const { ok } = await run(flow.with({ store: recordingStore(flow.options.store, calls) }), inHand);
  return { calls: calls.map(({ verb }) => verb), ok };
}

/** The operation in a process that dies; the customer then logs in elsewhere, and a late write changes nothing. */
async function survives(
  next: Flow,
  { prepare, run }: Operation,
  crash: Crash & { ok: boolean },
): Promise<void> {
  const inHand = await prepare(next);
  const store = crashingStore(next.options.store, crash);
  const answer = await run(next.with({ store }), inHand).catch(died);
  // One lost answer of a write is found out about, and the customer hears what he would have heard; a read is not tried again.
  const isDeadly = crash.isLast || crash.verb === 'read';
  expect(answer === 'died' || answer.ok).toBe(isDeadly || crash.ok);
  expect(answer === 'died').toBe(isDeadly);
  const { code, challenge } = await hasOneFactor(next, inHand);
  await store.land();
  expect(await next.complete(code, challenge)).toMatchObject({ ok: false });
  await hasOneFactor(next, inHand);
}

/** The operation in a process that dies, and then in another one. */
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

/**
 * The factor that is told lets the customer in; the other one does not, nor does a mail from before.
 *
 * @returns what has let in
 */
async function hasOneFactor(flow: Flow, before: InHand): Promise<InHand> {
  const { twoFactor, around } = flow;
  around.clock.advance(4 * STEP);
  const { method } = await twoFactor.status(userId);
  const begun = await twoFactor.begin({ userId, email });
  expect(begun).toMatchObject({ ok: true, method });
  const isMail = begun.ok && begun.method === 'email';
  const app: InHand = { code: flow.appCode() };
  const mail: InHand = {
    code: around.mailbox.mails.at(-1)?.code,
    challenge: isMail ? begun.challenge : before.challenge,
  };
  expect(await complete(flow, app)).toMatchObject({ ok: !isMail });
  expect(await complete(flow, mail)).toMatchObject({ ok: isMail });
  return isMail ? mail : app;
}
