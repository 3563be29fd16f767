import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isCountersignError } from '../../src/internal/errors.js';
import type { Store } from '../../src/store/store.js';
import { type Flow, parallel, setUp, setUpWithApp, testKey, userId, yes } from '../support/flow/flow.js';
import { playScenario, secondEmail, type Secrets, setUpScenario } from '../support/flow/scenario.js';
import { OpenStore } from '../support/flow/stores.js';
import { MINUTE } from '../support/flow/time.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Everything that a log could make of a value. */
function printed(value: unknown): string {
  const options = { depth: null, showHidden: true, maxArrayLength: null, maxStringLength: null };
  const text = inspect(value, options) + JSON.stringify(value);
  return text + (value instanceof Error ? `${value.stack ?? ''}${printed(value.cause)}` : '');
}

/** The secrets that stand in a text. */
function secretsIn(text: string, secrets: Secrets): string[] {
  const bytes = secrets.secrets.map((secret) => Buffer.from(secret.toBytes()));
  const spellings = [
    ...secrets.secrets.map((secret) => secret.toBase32()),
    ...bytes.flatMap((each) => [each.toString('hex'), each.toString('base64'), each.toString('base64url')]),
    ...bytes.map((each) => each.join(', ')),
  ];
  const codes = [...secrets.mailCodes, ...secrets.appCodes, ...secrets.recoveryCodes];
  const all = [
    ...codes,
    ...codes.map((code) => code.replaceAll('-', '')),
    ...secrets.cookies,
    ...secrets.tickets,
  ];
  return [...all, ...spellings, ...secrets.uris].filter((secret) => text.includes(secret));
}

/** An error as drivers make them: with the whole command in it. */
class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly code = 'ECONNRESET';
  readonly command: unknown;

  constructor(...args: unknown[]) {
    super('connection terminated');
    this.command = { name: 'SET', args };
  }
}

/** A store that fails at one call, before or after its work. */
function failingStore(
  inner: Store,
  fatal: number,
  when: 'before' | 'after',
): Store & { readonly calls: number } {
  let calls = 0;
  const pass = async <T>(args: readonly unknown[], call: () => Promise<T>): Promise<T> => {
    const isFatal = ++calls >= fatal && calls < fatal + 6;
    if (isFatal && when === 'before') throw new DriverError(...args);
    const answer = await call();
    if (isFatal) throw new DriverError(...args, answer);
    return answer;
  };
  return {
    get calls() {
      return calls;
    },
    read: (key) => pass([key], () => inner.read(key)),
    write: (key, next, expected) => pass([key, next, expected], () => inner.write(key, next, expected)),
  };
}

describe('promise 11: no secret, code or key', () => {
  it('is in an event, however it is printed', async () => {
    const flow = setUpScenario();
    const secrets = await playScenario(flow);
    expect(flow.events.length).toBeGreaterThan(60);
    const text = printed(flow.events);
    expect(secretsIn(text, secrets)).toEqual([]);
    expect(text).not.toMatch(/\d{6}/);
    for (const address of secrets.addresses) expect(text).not.toContain(address);
  });

  it('is in anything that goes to the console', async () => {
    const written: unknown[] = [];
    for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
      vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void written.push(args));
    }
    const flow = setUpScenario();
    await playScenario(flow);
    expect(written).toEqual([]);
  });

  it('is in the error of a store that fails at whichever call, its causes included', async () => {
    const errors: unknown[] = [];
    const calls = 40;
    const secrets = await parallel(calls * 2, async (index) => {
      const inner = new OpenStore();
      const flow = setUp();
      const store = failingStore(inner, 1 + Math.floor(index / 2), index % 2 ? 'after' : 'before');
      const failing = flow.with({ store });
      return shortLife(failing, (error) => errors.push(error));
    });
    expect(errors.length).toBeGreaterThan(calls);
    expect(errors.every((error) => isCountersignError(error))).toBe(true);
    const text = printed(errors);
    for (const each of secrets) expect(secretsIn(text, each)).toEqual([]);
    expect(text).not.toContain('sealed');
    expect(text).not.toContain('customer@example.com');
    expect(text).toContain('ECONNRESET');
  });

  it('is in the error of a mail service that repeats what it was given', async () => {
    const errors: unknown[] = [];
    const codes: string[] = [];
    const flow = setUp({
      limits: { maxFailures: 1 },
      send: (mail) => {
        codes.push(mail.code);
        const error = new Error(`550 refused: ${mail.code} in ${mail.message.text}`);
        return Promise.reject(Object.assign(error, { response: mail, cause: mail }));
      },
    });
    await flow.begin().catch((error: unknown) => errors.push(error));
    const working = flow.with({ send: flow.around.mailbox.send });
    await working.complete(working.wrongCode(), { challenge: await working.challenge() });
    await flow.begin().catch((error: unknown) => errors.push(error));
    expect(codes).toEqual([
      expect.stringMatching(/^\d{6}$/),
      expect.stringMatching(/^[\w]{5}(-[\w]{5}){4}$/),
    ]);
    expect(errors).toMatchObject([{ code: 'ERR_SEND_FAILED' }, { code: 'ERR_SEND_FAILED' }]);
    for (const code of codes) expect(printed(errors)).not.toContain(code);
    expect(printed(errors)).toContain('550 refused');
  });

  it('is in the error of a template that throws what it was given', async () => {
    let code = '';
    const flow = setUp({
      render: (input) => {
        code = input.code;
        throw new TypeError(`cannot write ${JSON.stringify(input)}`);
      },
    });
    const error = await flow.begin().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_SEND_FAILED' });
    expect(code).toMatch(/^\d{6}$/);
    expect(printed(error)).not.toContain(code);
  });

  it('is in the error of a key that is gone, or of a request that is wrong', async () => {
    const { flow, recovery } = await setUpWithApp();
    const code = flow.appCode();
    const errors: unknown[] = [];
    const keep = (error: unknown): number => errors.push(error);
    await flow
      .with({ keys: testKey(99) })
      .logIn(code)
      .catch(keep);
    await flow.twoFactor.complete({ userId, challenge: '', code, [recovery[0] ?? '']: code }).catch(keep);
    await flow.twoFactor.begin({ userId, email: `${code}@x,${recovery[0] ?? ''}@y` }).catch(keep);
    await flow.twoFactor.adopt({ userId, secret: flow.secret.toBase32() as never }).catch(keep);
    await flow.twoFactor.beginActivation({ userId, account: `${flow.secret.toBase32()}:` }).catch(keep);
    expect(errors).toHaveLength(5);
    const text = printed(errors);
    for (const secret of [code, recovery[0] ?? '', flow.secret.toBase32()])
      expect(text).not.toContain(secret);
  });

  it('is in the flow itself, nor in what it hands out beside the secret’s own fields', async () => {
    const keys = [Uint8Array.from({ length: 32 }, (_, index) => index + 100)];
    const flow = setUp({ keys });
    const { secret, uri, ...rest } = yes(await flow.twoFactor.beginActivation({ userId, account: userId }));
    expect(uri).toContain(secret.toBase32());
    const own = printed({ rest, secret, flow: flow.twoFactor, status: await flow.twoFactor.status(userId) });
    expect(own).not.toContain(secret.toBase32());
    expect(own).not.toContain('100, 101, 102');
    expect(own).not.toContain(
      Buffer.from(keys[0] ?? [])
        .toString('base64')
        .slice(0, 10),
    );
  });

  it('is in the result of a login, beside the cookie and the proof that it is there for', async () => {
    const { flow, recovery } = await setUpWithApp();
    const { browser, proof, ...done } = yes(await flow.logIn(recovery[0]));
    expect(browser?.value).toHaveLength(27);
    expect(proof).toMatch(/^[\w-]{1,200}$/);
    const text = printed(done);
    for (const each of [recovery[0] ?? '', browser?.value ?? '', proof ?? ''])
      expect(text).not.toContain(each);
  });
});

describe('an observer', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the log is full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the log is full'))],
    ['never answers', () => new Promise(() => undefined)],
  ])('that %s stops no login', async (_, onEvent) => {
    const flow = setUp({ onEvent });
    expect(await flow.logInByMail()).toMatchObject({ ok: true });
  });
});

/** A few calls of each kind; errors are kept, and what went through the customer's hands is returned. */
async function shortLife(flow: Flow, keep: (error: unknown) => unknown): Promise<Secrets> {
  const [appCodes, recoveryCodes, tickets, cookies]: string[][] = [[], [], [], []];
  const attempt = async (call: () => Promise<unknown>): Promise<void> => {
    await call().catch((error: unknown) => {
      if (isCountersignError(error)) keep(error);
    });
  };
  const challenge = async (): Promise<string> => {
    const ticket = await flow.challenge();
    tickets?.push(ticket);
    return ticket;
  };
  const complete = async (code: unknown): Promise<void> => {
    const done = await flow.complete(code, { challenge: await challenge() });
    if (done.ok) cookies?.push(done.browser?.value ?? '');
  };
  await attempt(async () => complete(await challenge().then(() => flow.mails.at(-1)?.code)));
  flow.clock.advance(MINUTE);
  await attempt(() => flow.begin({ email: secondEmail, purpose: 'other' }));
  await attempt(() => flow.scan());
  appCodes?.push(flow.appCode());
  await attempt(async () => {
    const confirmed = await flow.confirm();
    if (confirmed.ok) recoveryCodes?.push(...(confirmed.recoveryCodes ?? []));
  });
  await attempt(() => complete(flow.wrongCode()));
  await attempt(() => complete(flow.appCode(1)));
  await attempt(() => complete(recoveryCodes?.[0] ?? ''));
  await attempt(() => flow.twoFactor.renewRecoveryCodes({ userId, code: flow.appCode(2) }));
  await attempt(() => flow.twoFactor.status(userId));
  return {
    mailCodes: flow.mails.map(({ code }) => code),
    appCodes: appCodes ?? [],
    recoveryCodes: recoveryCodes ?? [],
    cookies: (cookies ?? []).filter((cookie) => cookie !== ''),
    tickets: tickets ?? [],
    secrets: [flow.secret],
    uris: [],
    addresses: [],
  };
}
