import { describe, expect, it } from 'vitest';
import {
  cookieOf,
  type Flow,
  repeat,
  setUp,
  setUpWithApp,
  testKey,
  userId,
  yes,
} from '../support/flow/flow.js';
import { OpenStore } from '../support/flow/stores.js';
import { HOUR, MINUTE, STEP } from '../support/flow/time.js';

/** What a call is prepared with, and the call itself. */
interface Case {
  readonly title: string;
  readonly app?: boolean;
  readonly prepare?: (flow: Flow, recovery: readonly string[]) => Promise<string | undefined>;
  readonly call: (flow: Flow, given: string | undefined, recovery: readonly string[]) => Promise<unknown>;
  readonly trips: readonly ('read' | 'write')[];
}

const none: readonly [] = [];
const one = ['read'] as const;
const two = ['read', 'write'] as const;
const challenge = (flow: Flow): Promise<string> => flow.challenge();

const cases: readonly Case[] = [
  { title: 'begin by mail', call: (flow) => flow.begin(), trips: two },
  { title: 'begin for a null address', call: (flow) => flow.begin({ email: null }), trips: two },
  { title: 'begin that joins', prepare: challenge, call: (flow) => flow.begin(), trips: one },
  {
    title: 'begin that mails the same code again',
    prepare: async (flow) => {
      await flow.begin();
      flow.clock.advance(MINUTE);
      return undefined;
    },
    call: (flow) => flow.begin(),
    trips: two,
  },
  {
    title: 'begin that replaces a live token, and records the new mail once it was accepted',
    prepare: async (flow) => {
      await flow.begin();
      flow.clock.advance(11 * MINUTE);
      return undefined;
    },
    call: (flow) => flow.begin(),
    trips: [...two, ...two],
  },
  {
    title: 'begin that is refused',
    prepare: challenge,
    call: (flow) => flow.begin({ purpose: 'other' }),
    trips: one,
  },
  { title: 'begin with an app', app: true, call: (flow) => flow.begin(), trips: one },
  {
    title: 'begin that finds the record lost',
    call: (flow) => flow.begin({ expect: 'authenticator' }),
    trips: one,
  },
  {
    title: 'begin with a remembered browser',
    app: true,
    prepare: (flow) => flow.cookie({ remember: true }),
    call: (flow, browser) => flow.begin({ browser }),
    trips: one,
  },
  {
    title: 'complete by mail',
    prepare: challenge,
    call: (flow, given) => flow.complete(flow.mails.at(-1)?.code, { challenge: given }),
    trips: two,
  },
  {
    title: 'complete with an app',
    app: true,
    prepare: challenge,
    call: (flow, given) => flow.complete(flow.appCode(), { challenge: given }),
    trips: two,
  },
  {
    title: 'complete with a recovery code',
    app: true,
    prepare: challenge,
    call: (flow, given, recovery) => flow.complete(recovery[0], { challenge: given }),
    trips: two,
  },
  {
    title: 'complete with a wrong code',
    app: true,
    prepare: challenge,
    call: (flow, given) => flow.complete(flow.wrongCode(), { challenge: given }),
    trips: two,
  },
  {
    title: 'complete with wrong letters',
    app: true,
    prepare: challenge,
    call: (flow, given) => flow.complete('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', { challenge: given }),
    trips: one,
  },
  {
    title: 'complete with a used code',
    app: true,
    prepare: challenge,
    call: (flow, given) => flow.complete(flow.appCode(-1), { challenge: given }),
    trips: one,
  },
  {
    title: 'complete during a delay',
    app: true,
    prepare: async (flow) => {
      await repeat(5, () => flow.logIn(flow.wrongCode()));
      return flow.challenge();
    },
    call: (flow, given) => flow.complete(flow.appCode(), { challenge: given }),
    trips: one,
  },
  {
    title: 'complete without a challenge',
    app: true,
    call: (flow) => flow.complete(flow.appCode()),
    trips: none,
  },
  {
    title: 'complete with what is no code',
    app: true,
    prepare: challenge,
    call: (flow, given) => flow.complete('x', { challenge: given }),
    trips: none,
  },
  { title: 'beginActivation', call: (flow) => flow.scan(), trips: two },
  {
    title: 'confirmActivation of a first app',
    prepare: async (flow) => (await flow.scan()).toBase32(),
    call: (flow) => flow.confirm(),
    trips: two,
  },
  {
    title: 'confirmActivation with a recovery code as proof',
    app: true,
    prepare: async (flow) => (await flow.scan()).toBase32(),
    call: (flow, _, recovery) => flow.confirm(flow.appCode(), recovery[0]),
    trips: two,
  },
  {
    title: 'confirmActivation with an app’s code as proof, which opens two secrets one after the other',
    app: true,
    prepare: async (flow) => {
      const proof = flow.appCode();
      await flow.scan();
      return proof;
    },
    call: (flow, proof) => flow.confirm(flow.appCode(), proof),
    trips: two,
  },
  {
    title: 'confirmActivation with a wrong code',
    prepare: async (flow) => (await flow.scan()).toBase32(),
    call: (flow) => flow.confirm(flow.wrongCode()),
    trips: one,
  },
  {
    title: 'deactivate',
    app: true,
    call: (flow) => flow.twoFactor.deactivate({ userId, code: flow.appCode() }),
    trips: two,
  },
  {
    title: 'renewRecoveryCodes',
    app: true,
    call: (flow) => flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() }),
    trips: two,
  },
  {
    title: 'renewRecoveryCodes with one of them',
    app: true,
    call: (flow, _, recovery) => flow.twoFactor.renewRecoveryCodes({ userId, code: recovery[0] }),
    trips: none,
  },
  { title: 'adopt', call: (flow) => flow.twoFactor.adopt({ userId, secret: flow.secret }), trips: two },
  {
    title: 'adopt a second time',
    app: true,
    call: (flow) => flow.twoFactor.adopt({ userId, secret: flow.secret }),
    trips: one,
  },
  { title: 'status', app: true, call: (flow) => flow.twoFactor.status(userId), trips: one },
  {
    title: 'forgetBrowsers',
    app: true,
    prepare: (flow) => flow.cookie(),
    call: (flow) => flow.twoFactor.forgetBrowsers({ userId }),
    trips: two,
  },
  {
    title: 'forgetBrowsers where none is known',
    app: true,
    call: (flow) => flow.twoFactor.forgetBrowsers({ userId }),
    trips: one,
  },
  { title: 'revoke', app: true, call: (flow) => flow.twoFactor.revoke(userId), trips: two },
  {
    title: 'unlock where nothing is locked',
    app: true,
    call: (flow) => flow.twoFactor.unlock(userId),
    trips: one,
  },
  {
    title: 'unlock',
    app: true,
    prepare: async (flow) => {
      await flow.logIn(flow.wrongCode());
      return undefined;
    },
    call: (flow) => flow.twoFactor.unlock(userId),
    trips: two,
  },
  { title: 'erase', app: true, call: (flow) => flow.twoFactor.erase(userId), trips: two },
];

describe('round trips', () => {
  it.each(cases)('$title: $trips.length', async ({ app = false, prepare, call, trips }) => {
    const store = new OpenStore();
    const flow = setUp({ store, browsers: { rememberSeconds: 3600 } });
    const recovery = app ? await flow.activate() : [];
    const given = await prepare?.(flow, recovery);
    store.calls.length = 0;
    await call(flow, given, recovery);
    expect(store.calls).toEqual(trips);
  });

  it('are two while a secret changes its key', async () => {
    const store = new OpenStore();
    const { flow } = await setUpWithApp({ store });
    const rotated = flow.with({ keys: [testKey(8), testKey(7)] });
    const given = await rotated.challenge();
    store.calls.length = 0;
    yes(await rotated.complete(flow.appCode(), { challenge: given }));
    expect(store.calls).toEqual(two);
  });

  it('are two with five apps, whichever of them it is', async () => {
    const store = new OpenStore();
    const { flow, recovery } = await setUpWithApp({ store, maxApps: 5 });
    const secrets = [flow.secret];
    for (const proof of recovery.slice(0, 4)) {
      await flow.activateWith(proof);
      secrets.push(flow.secret);
    }
    for (const secret of secrets) {
      const given = await flow.challenge();
      store.calls.length = 0;
      yes(await flow.complete(flow.appCode(0, secret), { challenge: given }));
      expect(store.calls).toEqual(two);
    }
  });

  it('are three for a whole login by app, and four for one by mail', async () => {
    const store = new OpenStore();
    const { flow } = await setUpWithApp({ store });
    store.calls.length = 0;
    cookieOf(await flow.logIn(flow.appCode()));
    expect(store.calls).toEqual([...one, ...two]);
    const mailStore = new OpenStore();
    const mailed = setUp({ store: mailStore });
    cookieOf(await mailed.logInByMail());
    expect(mailStore.calls).toEqual([...two, ...two]);
  });

  it('are one more write for what a clock that was ahead has left behind, once', async () => {
    const store = new OpenStore();
    const { flow } = await setUpWithApp({ store });
    flow.clock.advance(HOUR);
    await flow.logIn(flow.wrongCode());
    flow.clock.advance(-HOUR + STEP);
    store.calls.length = 0;
    await flow.begin();
    await flow.begin();
    expect(store.calls).toEqual([...two, ...one]);
  });
});
