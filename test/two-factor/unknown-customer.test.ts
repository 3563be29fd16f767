import { describe, expect, it } from 'vitest';
import { email, type Flow, repeat, setUp, setUpWithApp, userId, yes } from '../support/flow/flow.js';
import { OpenStore } from '../support/flow/stores.js';
import { DAY, HOUR, MINUTE } from '../support/flow/time.js';

const stranger = { email: null } as const;

/** A customer's record as it stands in the store. */
function recordOf(store: OpenStore): string | undefined {
  return [...store.records.values()][0]?.value;
}

/** An answer without what differs from login to login. */
function shapeOf(answer: object): object {
  const shape = (value: unknown): unknown =>
    value instanceof Date || typeof value !== 'string' ? value : value.length;
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, shape(value)]));
}

describe('begin with a null address', () => {
  it('looks like a login by mail, whatever the customer has', async () => {
    const { flow } = await setUpWithApp();
    const without = setUp({ fallback: 'none', send: undefined });
    const plain = setUp();
    const expected = shapeOf(await plain.begin());
    for (const each of [flow, without, plain, plain.customer('nobody')]) {
      each.clock.set(Date.UTC(2030, 0));
      const begun = await each.begin(stranger);
      expect(shapeOf(begun)).toEqual(expected);
      expect(begun).toMatchObject({ ok: true, method: 'email' });
    }
  });

  it('sends nothing, and does the same store work', async () => {
    const stores = [new OpenStore(), new OpenStore()] as const;
    const [known, unknown] = [setUp({ store: stores[0] }), setUp({ store: stores[1] })];
    for (const [flow, address] of [
      [known, email],
      [unknown, null],
    ] as const) {
      await flow.begin({ email: address });
      await flow.begin({ email: address });
      flow.clock.advance(MINUTE);
      await flow.begin({ email: address });
      flow.clock.advance(12 * MINUTE);
      await flow.begin({ email: address });
      flow.clock.advance(HOUR);
      await flow.begin({ email: address });
    }
    expect(stores[1].calls).toEqual(stores[0].calls);
    expect(known.mails).toHaveLength(4);
    expect(unknown.mails).toEqual([]);
    expect(unknown.story).not.toContain('sent');
  });

  it('waits, joins and is limited like a login by mail', async () => {
    const answers = async (flow: Flow, address: string | null): Promise<object[]> => {
      const found: object[] = [];
      for (const wait of [0, 0, 30_000, MINUTE, 6 * MINUTE, 8 * MINUTE, 61_000, 61_000, 61_000, DAY]) {
        flow.clock.advance(wait);
        found.push(shapeOf(await flow.begin({ email: address })));
      }
      return found;
    };
    expect(await answers(setUp(), null)).toEqual(await answers(setUp(), email));
    const limits = { sendsPerHour: 1, sendsPerDay: 2 };
    expect(await answers(setUp({ limits }), null)).toEqual(await answers(setUp({ limits }), email));
  });

  it('judges wrong codes like a login by mail', async () => {
    const answers = async (flow: Flow, address: string | null): Promise<object[]> => {
      const challenge = await flow.challenge({ email: address });
      return repeat(7, () => flow.complete(flow.wrongCode(), { challenge }));
    };
    const known = await answers(setUp(), email);
    expect(await answers(setUp(), null)).toEqual(known);
    expect(known).toMatchObject([
      ...Array<object>(5).fill({ reason: 'mismatch' }),
      { reason: 'delayed' },
      {},
    ]);
  });

  it('takes an unknown letter code as a login by mail does', async () => {
    const [known, unknown] = [setUp(), setUp()];
    const letters = 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA';
    const answer = await known.complete(letters, { challenge: await known.challenge() });
    const challenge = await unknown.challenge(stranger);
    expect(await unknown.complete(letters, { challenge })).toEqual(answer);
  });

  it('is rendered like any other, and a template that fails fails alike', async () => {
    const flow = setUp({ render: () => Promise.reject(new Error('no template')) });
    await expect(flow.begin(stranger)).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
    await expect(flow.begin()).rejects.toMatchObject({ code: 'ERR_SEND_FAILED' });
  });

  it('is forgotten after a day', async () => {
    const store = new OpenStore();
    const flow = setUp({ store, ttlSeconds: 60 });
    await flow.begin(stranger);
    const [value = ''] = store.written;
    const [, expiry] = value.split(' ');
    expect(Number(expiry)).toBe(flow.clock.now() + DAY);
  });
});

describe('fault 13: a wrong password followed by begin({ email: null }) under a customer’s own id', () => {
  it('accepts no code there is: not the app’s, no recovery code, not the owner’s live mail', async () => {
    const { flow, recovery } = await setUpWithApp();
    const challenge = await flow.challenge(stranger);
    for (const code of [flow.appCode(), flow.appCode(1), ...recovery.slice(0, 3)]) {
      expect(await flow.complete(code, { challenge })).toMatchObject({ ok: false });
    }
    const mailed = setUp();
    const live = await mailed.mail();
    const wrong = await mailed.challenge(stranger);
    expect(await mailed.complete(live.code, { challenge: wrong })).toMatchObject({ ok: false });
    expect(await mailed.complete(live.code, { challenge: live.challenge })).toMatchObject({ ok: true });
  });

  it('accepts no long code either', async () => {
    const flow = setUp({ limits: { sendsPerHour: 1, sendsPerDay: 1 } });
    await flow.logInByMail();
    await flow.begin();
    flow.clock.advance(20 * MINUTE);
    const long = await flow.mail();
    expect(long).toMatchObject({ long: true, sent: true });
    const challenge = await flow.challenge(stranger);
    expect(await flow.complete(long.code, { challenge })).toMatchObject({ ok: false });
    expect(await flow.complete(long.code, { challenge: long.challenge })).toMatchObject({ ok: true });
  });

  it('leaves the owner’s record as it was, byte for byte', async () => {
    const store = new OpenStore();
    const { flow, recovery } = await setUpWithApp({ store });
    const browser = await flow.cookie();
    await flow.logIn(flow.wrongCode());
    const before = recordOf(store);
    const challenge = await flow.challenge({ ...stranger, browser, purpose: 'other' });
    await repeat(20, () => flow.begin(stranger));
    await repeat(20, () => flow.complete(flow.wrongCode(), { challenge, purpose: 'other', browser }));
    await flow.complete(flow.appCode(), { challenge, purpose: 'other' });
    await flow.complete(recovery[0], { challenge, purpose: 'other' });
    expect(recordOf(store)).toBe(before);
    expect(store.records.size).toBe(2);
  });

  it('neither ends the owner’s live token nor spends a mail of theirs', async () => {
    const store = new OpenStore();
    const flow = setUp({ store });
    const live = await flow.mail();
    const before = recordOf(store);
    for (let call = 0; call < 30; call++) {
      await flow.begin(stranger);
      flow.clock.advance(20_000);
    }
    expect(recordOf(store)).toBe(before);
    expect(await flow.twoFactor.status(userId)).toMatchObject({ mailLimitedUntil: null, lockedUntil: null });
    expect(await flow.complete(live.code, { challenge: live.challenge })).toMatchObject({ ok: true });
  });

  it('delays nobody: 17 guesses of a stranger, and the owner’s right code counts at once', async () => {
    const { flow } = await setUpWithApp();
    const challenge = await flow.challenge(stranger);
    await repeat(17, () => flow.complete(flow.wrongCode(), { challenge }));
    expect(await flow.begin()).toMatchObject({ retryAt: null });
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
  });

  it('tells the observer of no locked account, since none is locked', async () => {
    const flow = setUp({ limits: { maxFailures: 3 } });
    const challenge = await flow.challenge(stranger);
    await repeat(4, () => flow.complete(flow.wrongCode(), { challenge }));
    expect(flow.story).not.toContain('locked');
    const owner = await flow.challenge();
    await repeat(4, () => flow.complete(flow.wrongCode(), { challenge: owner }));
    expect(flow.story.filter((type) => type === 'locked')).toHaveLength(1);
  });
});

describe('fault 17: the address that is shown for a null address', () => {
  const shown = async (flow: Flow): Promise<string> => {
    const begun = yes(await flow.begin(stranger));
    return 'sentTo' in begun ? begun.sentTo : '';
  };

  it('looks like a real one', async () => {
    const flow = setUp();
    for (let number = 0; number < 50; number++) {
      expect(await shown(flow.customer(String(number)))).toMatch(/^[a-z]\*\*\*@[a-z]\*\*\*$/);
    }
  });

  it('stays the same while the record lives, whatever the keys', async () => {
    const flow = setUp();
    const first = await shown(flow);
    for (const keys of [1, 2, 3].map((each) => [new Uint8Array(32).fill(each)])) {
      flow.clock.advance(HOUR);
      expect(await shown(flow.with({ keys }))).toBe(first);
    }
  });

  it('comes from no key: the same keys show another customer, and another store, another address', async () => {
    const flows = Array.from({ length: 40 }, () => setUp());
    const addresses = new Set(await Promise.all(flows.map(shown)));
    expect(addresses.size).toBeGreaterThan(10);
  });

  it('has first letters about as often as people and providers have', async () => {
    const flow = setUp();
    const found = await repeat(250, (number) => shown(flow.customer(String(number))));
    const share = (letters: string, place: number): number =>
      found.filter((address) => letters.includes(address.charAt(place))).length / found.length;
    // a, j, m and s begin a third of given names; g, h, o, y, i, w and t the domains of the large providers.
    expect(share('ajms', 0)).toBeGreaterThan(0.25);
    expect(share('ghoyiwt', 5)).toBeGreaterThan(0.6);
    expect(share('qxz', 0)).toBeLessThan(0.05);
  });
});
