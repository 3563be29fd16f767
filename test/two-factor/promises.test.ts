import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { email, type Flow, setUp, STEP, userId } from './flow.js';

const DAY = 86_400_000;

/** A memory store that shows what it holds, and what it was asked. */
class OpenStore implements Store {
  readonly calls: string[] = [];
  value = '';
  readonly #inner: Store = memoryStore({ now: () => 0 });

  read(key: string): ReturnType<Store['read']> {
    this.calls.push('read');
    return this.#inner.read(key);
  }

  write(...[key, next, expected]: Parameters<Store['write']>): Promise<boolean> {
    this.calls.push('write');
    this.value = next?.value ?? '';
    return this.#inner.write(key, next, expected);
  }
}

const times = <T>(count: number, call: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, call));

async function activated(store: Store = memoryStore()): Promise<Flow & { recovery: readonly string[] }> {
  const flow = setUp({ store });
  const recovery = await flow.activate();
  return Object.assign(flow, { recovery });
}

describe('promise 1: a code is accepted at most once', () => {
  it('of 64 parallel submissions of an app’s code one is accepted', async () => {
    const flow = await activated();
    const results = await times(64, () => flow.complete(flow.appCode()));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.reason === 'replayed')).toHaveLength(63);
  });

  it('of 64 parallel submissions of a recovery code one is accepted', async () => {
    const flow = await activated();
    const results = await times(64, () => flow.complete(flow.recovery[0]));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('of 64 parallel confirmations one gets recovery codes', async () => {
    const flow = setUp();
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (begun.ok) flow.secret = begun.secret;
    const code = flow.appCode();
    const results = await times(64, () => flow.twoFactor.confirmActivation({ userId, code }));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const [codes] = results.flatMap((result) => (result.ok ? [result.recoveryCodes] : []));
    expect(await flow.complete(codes?.[0])).toMatchObject({ ok: true });
  });

  it('a right code is accepted beside wrong ones within the budget', async () => {
    const flow = await activated();
    const wrong = times(4, () => flow.complete(flow.wrongCode()));
    expect(await flow.complete(flow.appCode())).toMatchObject({ ok: true });
    expect((await wrong).map((result) => !result.ok && result.reason)).toEqual(Array(4).fill('mismatch'));
  });

  it('a code that logs in deactivates nothing at the same time', async () => {
    const flow = await activated();
    const code = flow.appCode();
    const results = await Promise.all([flow.complete(code), flow.twoFactor.deactivate({ userId, code })]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe('promise 4: a success clears the delay, not the rolling total', () => {
  it('locks an attacker who takes turns with the daily user, over all factors', async () => {
    const flow = await activated();
    let evaluated = 0;
    for (let day = 0; day < 29; day++) {
      for (let guess = 0; guess < 4; guess++) {
        const result = await flow.complete(guess % 2 === 0 ? flow.wrongCode() : 'AAAAA-AAAAA-AAAAA');
        if (!result.ok && result.reason === 'mismatch') evaluated++;
      }
      await flow.complete(flow.appCode());
      flow.around.clock.advance(DAY);
    }
    expect(evaluated).toBe(50);
  });

  it('keeps the failures through activation and deactivation', async () => {
    const flow = setUp({ limits: { maxFailures: 3 } });
    const { challenge, code } = await flow.mail();
    await flow.complete(code === '000000' ? '000001' : '000000', challenge);
    await flow.activate();
    await flow.complete(flow.wrongCode());
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    flow.around.clock.advance(60_000);
    const next = await flow.mail();
    const wrong = next.code === '000000' ? '000001' : '000000';
    expect(await flow.complete(wrong, next.challenge)).toMatchObject({
      retryAt: expect.any(Date) as unknown,
    });
    expect(await flow.complete(next.code, next.challenge)).toMatchObject({ reason: 'locked' });
  });
});

describe('promise 5: nothing at rest is usable without the key', () => {
  it('holds neither secret nor code in any spelling', async () => {
    const store = new OpenStore();
    const flow = setUp({ store });
    const { code } = await flow.mail();
    const mailed = store.value;
    expect(mailed).not.toContain(code);
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (!begun.ok) throw new Error(begun.reason);
    const pending = store.value;
    flow.secret = begun.secret;
    const confirmed = await flow.twoFactor.confirmActivation({ userId, code: flow.appCode() });
    const codes = confirmed.ok ? confirmed.recoveryCodes : [];
    const bytes = Buffer.from(flow.secret.toBytes());
    const spellings = (['hex', 'base64', 'base64url', 'latin1', 'utf8'] as const).map((name) =>
      bytes.toString(name),
    );
    const text = flow.secret.toBase32();
    const secrets = [
      ...spellings,
      text,
      text.toLowerCase(),
      ...codes,
      ...codes.map((it) => it.replaceAll('-', '')),
    ];
    expect(codes).toHaveLength(10);
    for (const secret of secrets) expect(pending + store.value).not.toContain(secret);
    expect(store.value).not.toContain(flow.appCode());
  });

  it('does not open a secret that was copied into another customer’s record', async () => {
    const records = new Map<string, string>();
    const inner = memoryStore({ now: () => 0 });
    const store: Store = {
      read: (key) => inner.read(key),
      write: (key, next, expected) => {
        if (next !== null) records.set(key, next.value);
        return inner.write(key, next, expected);
      },
    };
    const flow = await activated(store);
    const [mine = ''] = records.values();
    await flow.twoFactor.beginActivation({ userId: '666', account: '666' });
    const [, theirs = ''] = records.keys();
    const etag = (await inner.read(theirs))?.etag ?? null;
    await inner.write(theirs, { value: mine, etag: 'copied', expiresAt: null }, etag);
    const stolen = flow.twoFactor.complete({ userId: '666', code: flow.appCode() });
    await expect(stolen).rejects.toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
    const byRecovery = flow.twoFactor.complete({ userId: '666', code: flow.recovery[0] });
    await expect(byRecovery).rejects.toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
  });

  it('encrypts anew with the first key when a record is touched, whatever touches it', async () => {
    const oldKey = new Uint8Array(32).fill(7);
    const newKey = new Uint8Array(32).fill(8);
    for (const touch of [(flow: Flow) => flow.appCode(), (flow: Flow) => flow.wrongCode()]) {
      const flow = await activated();
      const untouched = flow.with({ keys: [newKey] });
      await expect(untouched.complete(flow.appCode())).rejects.toMatchObject({
        code: 'ERR_RECORD_UNREADABLE',
      });
      await flow.with({ keys: [newKey, oldKey] }).complete(touch(flow));
      flow.around.clock.advance(STEP);
      expect(await flow.with({ keys: [newKey] }).complete(flow.appCode())).toMatchObject({ ok: true });
      await expect(flow.complete(flow.appCode(1))).rejects.toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
    }
  });

  it('lets a pending activation live through a new key', async () => {
    const flow = setUp();
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (begun.ok) flow.secret = begun.secret;
    const rotated = flow.with({ keys: [new Uint8Array(32).fill(8), new Uint8Array(32).fill(7)] });
    const code = flow.appCode();
    expect(await rotated.twoFactor.confirmActivation({ userId, code })).toMatchObject({ ok: true });
    flow.around.clock.advance(STEP);
    const after = flow.with({ keys: new Uint8Array(32).fill(8) });
    expect(await after.complete(flow.appCode())).toMatchObject({ ok: true });
  });

  it('accepts one of 64 parallel submissions while keys are changing', async () => {
    const flow = await activated();
    const rotated = flow.with({ keys: [new Uint8Array(32).fill(8), new Uint8Array(32).fill(7)] });
    const reading = flow.with({ keys: [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)] });
    let turn = 0;
    const results = await times(64, () => (turn++ % 2 ? rotated : reading).complete(flow.appCode()));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe('promise 6: accepted time steps strictly increase', () => {
  it('refuses the code that confirmed the activation', async () => {
    const flow = await activated();
    expect(await flow.complete(flow.appCode(-1))).toEqual({ ok: false, reason: 'replayed' });
    expect(await flow.complete(flow.appCode())).toMatchObject({ ok: true });
  });

  it('refuses the older of two codes that were both shown', async () => {
    const flow = await activated();
    flow.around.clock.advance(3 * STEP);
    expect(await flow.complete(flow.appCode(0))).toMatchObject({ ok: true });
    expect(await flow.complete(flow.appCode(-1))).toEqual({ ok: false, reason: 'replayed' });
    expect(await flow.complete(flow.appCode(1))).toMatchObject({ ok: true });
    expect(await flow.complete(flow.appCode(0))).toEqual({ ok: false, reason: 'replayed' });
  });

  it('refuses used steps also when the clock steps back', async () => {
    const flow = await activated();
    const code = flow.appCode();
    expect(await flow.complete(code)).toMatchObject({ ok: true });
    for (let i = 0; i < 3; i++) {
      flow.around.clock.advance(-STEP);
      expect(await flow.complete(flow.appCode())).toMatchObject({ ok: false });
      expect(await flow.complete(code)).toMatchObject({ ok: false });
      await flow.twoFactor.unlock(userId);
    }
  });

  it('reports a replay without spending the failure budget', async () => {
    const flow = await activated();
    await flow.complete(flow.appCode());
    await times(60, () => flow.complete(flow.appCode()));
    expect(flow.around.events.filter(({ type }) => type === 'replay_refused')).toHaveLength(60);
    flow.around.clock.advance(STEP);
    expect(await flow.complete(flow.appCode())).toMatchObject({ ok: true });
  });
});

describe('promise 7: there is always one factor, and it changes against proof only', () => {
  it('leaves mail the factor until the activation is confirmed', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.mail();
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (begun.ok) flow.secret = begun.secret;
    expect(await flow.complete(flow.appCode(), challenge)).toMatchObject({ ok: false });
    expect(await flow.complete(code, challenge)).toMatchObject({ ok: true, method: 'email' });
  });

  it('takes no mailed code while an app is active, from whenever the mail is', async () => {
    const flow = setUp();
    const before = await flow.mail();
    await flow.activate();
    expect(await flow.complete(before.code, before.challenge)).toMatchObject({ ok: false });
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    expect(await flow.complete(before.code, before.challenge)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('refuses activation over an active app', async () => {
    const flow = await activated();
    const again = { ok: false, reason: 'active' };
    expect(await flow.twoFactor.beginActivation({ userId, account: userId })).toEqual(again);
    expect(await flow.twoFactor.confirmActivation({ userId, code: flow.appCode() })).toEqual(again);
  });

  it('refuses deactivation and renewal with a wrong code, a used one, or without an app', async () => {
    const flow = await activated();
    const { twoFactor } = flow;
    for (const [code, reason] of [
      [flow.wrongCode(), 'mismatch'],
      [flow.appCode(-1), 'replayed'],
    ]) {
      expect(await twoFactor.deactivate({ userId, code })).toMatchObject({ ok: false, reason });
      expect(await twoFactor.renewRecoveryCodes({ userId, code })).toMatchObject({ ok: false, reason });
    }
    expect(await twoFactor.deactivate({ userId, code: flow.recovery[0] })).toEqual({ ok: true });
    const inactive = { ok: false, reason: 'inactive' };
    expect(await twoFactor.deactivate({ userId, code: flow.appCode() })).toEqual(inactive);
    expect(await twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() })).toEqual(inactive);
  });

  it('takes the recovery codes away with the app', async () => {
    const flow = await activated();
    await flow.twoFactor.deactivate({ userId, code: flow.appCode() });
    expect(await flow.complete(flow.recovery[0])).toEqual({ ok: false, reason: 'unknown' });
    await flow.activate();
    expect(await flow.complete(flow.recovery[0])).toMatchObject({ ok: false, reason: 'mismatch' });
  });
});

describe('promise 11: no secret or code in what is printed', () => {
  it('keeps them out of events, whose names tell the story', async () => {
    const flow = setUp();
    const { challenge, code } = await flow.mail();
    await flow.complete(code, challenge);
    const codes = await flow.activate();
    const appCode = flow.appCode();
    await flow.complete(flow.wrongCode());
    await flow.complete(appCode);
    await flow.complete(appCode);
    await flow.complete(codes[0]);
    await flow.twoFactor.unlock(userId);
    flow.around.clock.advance(STEP);
    const renewed = await flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode() });
    flow.around.clock.advance(STEP);
    await flow.twoFactor.deactivate({ userId, code: renewed.ok && renewed.recoveryCodes[0] });
    await flow.twoFactor.beginActivation({ userId, account: userId });
    await flow.twoFactor.erase(userId);
    await flow.twoFactor.erase(userId);
    expect(flow.around.events.map(({ type }) => type)).toEqual([
      ...['issued', 'sent', 'redeemed', 'activation_begun', 'activated', 'rejected', 'redeemed'],
      ...['replay_refused', 'recovery_code_used', 'redeemed', 'unlocked', 'recovery_codes_renewed'],
      ...['recovery_code_used', 'deactivated', 'activation_begun', 'erased'],
    ]);
    const printed = inspect(flow.around.events, { depth: null }) + JSON.stringify(flow.around.events);
    const instants = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
    for (const secret of [code, appCode, ...codes, flow.secret.toBase32()]) {
      expect(printed.replaceAll(instants, '')).not.toContain(secret);
    }
  });

  it('keeps them out of the flow itself, of what it hands out, and of errors', async () => {
    const flow = setUp();
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (!begun.ok) throw new Error(begun.reason);
    const { uri, ...rest } = begun;
    expect(uri).toContain(begun.secret.toBase32());
    expect(inspect(rest) + JSON.stringify(rest)).not.toContain(begun.secret.toBase32());
    expect(inspect(flow.twoFactor, { depth: null, showHidden: true })).not.toContain('7, 7, 7');
    const stranger = flow.with({ keys: new Uint8Array(32).fill(9) });
    const error: unknown = await stranger.twoFactor
      .confirmActivation({ userId, code: '123456' })
      .catch((caught: unknown) => caught);
    expect(inspect(error, { depth: null })).toContain('ERR_RECORD_UNREADABLE');
    expect(inspect(error, { depth: null })).not.toContain('123456');
  });

  it('drops what an observer throws', async () => {
    const flow = setUp({
      onEvent: () => {
        throw new Error('log is full');
      },
    });
    expect(await flow.mail()).toMatchObject({ challenge: expect.any(String) as unknown });
  });
});

describe('promise 12: an unknown customer is answered like a known one', () => {
  it('does the same store work and gives the same shape, and sends nothing', async () => {
    const stores = [new OpenStore(), new OpenStore()] as const;
    const flows = stores.map((store) => setUp({ store }));
    const begun = await Promise.all(
      flows.map(({ twoFactor }, index) => twoFactor.begin({ userId, email: index === 0 ? email : null })),
    );
    const [known, unknown] = begun.map((it) =>
      Object.fromEntries(Object.entries(it).map(([k, v]) => [k, kind(v)])),
    );
    expect(unknown).toEqual(known);
    expect(stores[1].calls).toEqual(stores[0].calls);
    expect(flows[1]?.around.mailbox.mails).toEqual([]);
    const answers = await Promise.all(
      flows.map((flow, index) => {
        const result = begun[index];
        return flow.complete('000000', result?.ok && result.method === 'email' ? result.challenge : '');
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(stores[1].calls).toEqual(stores[0].calls);
  });

  it('shows an address as plausible as a real one, and always the same', async () => {
    const flow = setUp({ resendAfterSeconds: 0 });
    const shown = async (to: string | null): Promise<unknown> => {
      const begun = await flow.twoFactor.begin({ userId, email: to });
      return 'sentTo' in begun && begun.sentTo;
    };
    const madeUp = await shown(null);
    expect(madeUp).toMatch(/^[a-z]\*{3}@[a-z]\*{3}$/);
    expect(await shown(null)).toBe(madeUp);
    expect(await shown(email)).toMatch(/^[a-z]\*{3}@[a-z]\*{3}$/);
  });

  it('makes both wait the same', async () => {
    const flows = [setUp(), setUp()];
    const answers = await Promise.all(
      flows.map(async ({ twoFactor }, index) => {
        const request = { userId, email: index === 0 ? email : null };
        await twoFactor.begin(request);
        return twoFactor.begin(request);
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[1]).toMatchObject({ ok: false, reason: 'cooldown' });
  });
});

/** What a value looks like, whoever it is for. */
function kind(value: unknown): string {
  return value instanceof Date ? value.toISOString() : `${typeof value} ${String(String(value).length)}`;
}
