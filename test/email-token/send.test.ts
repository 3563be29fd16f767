import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { looserThanRecommended } from '../../src/email-token/policy.js';
import type { OutgoingMail, Render, Send } from '../../src/email-token/settings.js';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { testClock } from '../../src/testing/test-clock.js';
import {
  address,
  bareMessage,
  HOUR,
  MINUTE,
  rejection,
  SECOND,
  START,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';

const sendFailed = { name: 'CountersignError', code: 'ERR_SEND_FAILED' };

describe('promise 8: a mail service that fails', () => {
  it.each<[string, Send]>([
    ['by a throw', fail],
    ['by a rejection', () => Promise.reject(new Error('550 no such mailbox'))],
    ['by a rejection with nothing', rejectWithNothing],
  ])('%s leaves no token, and costs neither cooldown nor quota', async (_, send) => {
    const { ask, record, events } = tokenHarness({ send });
    for (let attempt = 0; attempt < 20; attempt++) expect(await rejection(ask())).toMatchObject(sendFailed);
    expect((await record())?.value).toMatch(/^gone /);
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['issued', 'send_failed']);
  });

  it('leaves the token before it as it was, while that can be used', async () => {
    const { ask, answer, clock, mailService, state } = tokenHarness();
    const older = await ask();
    clock.advance(12 * MINUTE);
    const before = await state();
    mailService.isDown = true;
    expect(await rejection(ask())).toMatchObject(sendFailed);
    expect(await state()).toEqual(before);
    expect(await answer(older)).toBe('ok');
  });

  it('gives no new guesses: the failures so far are kept', async () => {
    const { ask, answer, clock, mailService, events } = tokenHarness();
    const first = await ask();
    await answer(first, wrongCode(first.code));
    clock.advance(15 * MINUTE);
    mailService.isDown = true;
    await rejection(ask());
    mailService.isDown = false;
    const second = await ask();
    await answer(second, wrongCode(second.code));
    expect(events.at(-1)).toMatchObject({ reason: 'mismatch', failures: 2 });
  });

  it('while the store fails too gives an error that names both, without the code', async () => {
    const { ask, store, mailService, written } = tokenHarness();
    mailService.isDown = true;
    store.plan((call) => (call > 2 ? 'request lost' : 'works'));
    const error = await rejection(ask());
    expect(error).toMatchObject({
      ...sendFailed,
      cause: { message: expect.stringMatching(/451 try later; and then the store failed/) as string },
    });
    expect(shown(error)).not.toContain(written.at(-1)?.code);
  });

  it('counts a send that returns a plain value as sent', async () => {
    const { ask, answer } = tokenHarness({ send: (() => undefined) as unknown as Send });
    expect(await answer(await ask())).toBe('ok');
  });
});

describe('promise 8: a mail service that is slow', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts as failed after sendTimeoutSeconds, and not before', async () => {
    const { ask } = tokenHarness({
      send: () => new Promise(() => undefined),
      sendTimeoutSeconds: 7,
      now: Date.now,
    });
    const outcome = vi.fn();
    const asking = ask().catch(outcome);
    await vi.advanceTimersByTimeAsync(6999);
    expect(outcome).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await asking;
    expect(outcome).toHaveBeenCalledWith(expect.objectContaining(sendFailed));
  });

  it('has all of its time, however long the store took before', async () => {
    const inner = memoryStore();
    const store: Store = {
      read: async (key) => {
        await wait(40);
        return inner.read(key);
      },
      write: (key, next, expected) => inner.write(key, next, expected),
    };
    const { ask } = tokenHarness({ send: slow(29), now: Date.now, store });
    const asking = ask();
    await vi.advanceTimersByTimeAsync(70 * SECOND);
    expect(await asking).toMatchObject({ sent: true });
  });

  it('and accepts in time has mailed a code that is accepted', async () => {
    const { ask, answer } = tokenHarness({ send: slow(29), now: Date.now, store: memoryStore() });
    const asking = ask();
    await vi.advanceTimersByTimeAsync(29 * SECOND);
    expect(await answer(await asking)).toBe('ok');
  });

  it('and accepts too late has mailed a code that is superseded', async () => {
    const codes: string[] = [];
    const send: Send = async (mail) => {
      codes.push(mail.code);
      if (codes.length === 1) await wait(31);
    };
    const { ask, answer } = tokenHarness({ send, now: Date.now, store: memoryStore() });
    const failing = rejection(ask());
    await vi.advanceTimersByTimeAsync(31 * SECOND);
    expect(await failing).toMatchObject(sendFailed);
    const next = await ask();
    expect(await answer(next, codes[0])).toBe('superseded');
    expect(await answer(next, codes[1])).toBe('ok');
  });

  it('and takes too long over a replacement leaves the earlier token in force, and its own code as superseded', async () => {
    let isSlow = false;
    const codes: string[] = [];
    const send: Send = async (mail) => {
      codes.push(mail.code);
      if (isSlow) await slow(31)(mail);
    };
    const { ask, answer, tokens, login } = tokenHarness({ send, now: Date.now, store: memoryStore() });
    const earlier = await ask();
    await vi.advanceTimersByTimeAsync(11 * MINUTE);
    const later = await tokens.issue({ ...login, to: address });
    expect(later).toMatchObject({ ok: true, sent: true });
    isSlow = true;
    await vi.advanceTimersByTimeAsync(11 * MINUTE);
    const failing = rejection(ask());
    await vi.advanceTimersByTimeAsync(40 * SECOND);
    expect(await failing).toMatchObject(sendFailed);
    const fresh = { ...earlier, challenge: later.ok ? later.challenge : '' };
    expect(codes).toHaveLength(3);
    expect(await answer(fresh, codes[2])).toBe('superseded');
    expect(await answer(fresh, codes[1])).toBe('ok');
  });

  it('shares its time with render', async () => {
    const render: Render = async (input) => {
      await wait(20);
      return bareMessage(input);
    };
    const { ask } = tokenHarness({ render, send: slow(11), now: Date.now });
    const failing = rejection(ask());
    await vi.advanceTimersByTimeAsync(30 * SECOND);
    expect(await failing).toMatchObject(sendFailed);
  });

  it('is not called any more when the store took all the time', async () => {
    const inner = memoryStore();
    const slowStore: Store = {
      read: (name) => inner.read(name),
      write: async (...call) => {
        await wait(31);
        return inner.write(...call);
      },
    };
    const send = vi.fn<Send>(() => Promise.resolve());
    const { ask } = tokenHarness({ store: slowStore, send, now: Date.now });
    const failing = rejection(ask());
    await vi.advanceTimersByTimeAsync(70 * SECOND);
    expect(await failing).toMatchObject(sendFailed);
    expect(send).not.toHaveBeenCalled();
  });

  it('leaves no timer running once it has answered', async () => {
    const { ask, tokens, login } = tokenHarness({ now: Date.now });
    await ask();
    await ask();
    await tokens.issue({ ...login, to: 'other@example.com' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('30: a template that fails', () => {
  it.each<[string, Render]>([
    ['by a throw', fail],
    ['by a rejection', () => Promise.reject(new Error('no such locale'))],
  ])('%s has changed nothing: a read, no write, no mail, no event', async (_, render) => {
    const { ask, store, mails, events } = tokenHarness({ render });
    for (const to of [address, null])
      expect(await rejection(ask({ to }))).toMatchObject({
        ...sendFailed,
        message: 'the mail could not be rendered, and nothing was changed',
      });
    expect(store.verbs()).toEqual(['read', 'read']);
    expect([mails, events]).toEqual([[], []]);
  });

  it.each([undefined, null, 'text', {}, { subject: 'x' }])('is one that returns %o', async (message) => {
    const { ask, mails } = tokenHarness({ render: () => message as never });
    expect(await rejection(ask())).toMatchObject({
      code: 'ERR_SEND_FAILED',
      cause: { message: 'render must return a MailMessage, with subject and text' },
    });
    expect(mails).toEqual([]);
  });

  it('leaves the live token as it was', async () => {
    let isBroken = false;
    const render: Render = (input) => (isBroken ? fail() : bareMessage(input));
    const { ask, answer, clock, record } = tokenHarness({ render });
    const first = await ask();
    clock.advance(12 * MINUTE);
    const before = await record();
    isBroken = true;
    await rejection(ask());
    expect(await record()).toEqual(before);
    expect(await answer(first)).toBe('ok');
  });
});

describe('26: a mail of a token from a clock that was ahead', () => {
  it('is rendered once or twice and sent, however the clock goes on', async () => {
    const clock = testClock(START);
    // A clock that moves with every reading, as a real one does.
    const now = (): number => {
      clock.advance(1);
      return clock.now();
    };
    const limits = looserThanRecommended({});
    const { ask, answer, written } = tokenHarness({ clock, now, limits, resendAfterSeconds: 0 });
    clock.set(START + HOUR);
    await ask();
    clock.set(START);
    const again = await ask();
    expect(again.sent).toBe(true);
    expect(written.length).toBeLessThanOrEqual(3);
    expect(await answer(again)).toBe('ok');
  });
});

describe('what is handed to render and send', () => {
  it('is everything that they need, with the context as it was passed', async () => {
    const context = { timeZone: 'Europe/Berlin', device: Symbol('phone') };
    const { ask, mails, written } = tokenHarness({ appName: 'Acme' });
    const { code } = await ask({ locale: 'de', context });
    expect(written).toEqual([
      {
        ...{ code, appName: 'Acme', locale: 'de', purpose: 'login', context, long: false },
        ...{ askedAt: new Date(START), expiresInSeconds: 900, languages: expect.anything() as unknown },
      },
    ]);
    expect(written[0]?.context).toBe(context);
    expect(mails).toEqual([
      {
        ...{ to: address, code, subject: 'customer-12345', purpose: 'login', context },
        ...{
          expiresAt: new Date(START + 15 * MINUTE),
          message: { subject: '', text: '', html: '', headers: {} },
        },
      },
    ] satisfies OutgoingMail[]);
  });

  it('has no context where none was passed', async () => {
    const { ask, mails, events } = tokenHarness();
    await ask();
    for (const each of [mails[0], ...events]) expect(each).not.toHaveProperty('context');
  });

  it('tells a resend how long is left, and when it was asked for', async () => {
    const { ask, written, clock } = tokenHarness();
    await ask();
    clock.advance(4 * MINUTE);
    await ask();
    expect(written.map(({ expiresInSeconds, askedAt }) => [expiresInSeconds, askedAt])).toEqual([
      [900, new Date(START)],
      [660, new Date(START + 4 * MINUTE)],
    ]);
  });

  it('marks a long code, in groups of five', async () => {
    const { ask, answer, mails, written } = tokenHarness({ limits: { maxFailures: 1 } });
    const first = await ask();
    await answer(first, wrongCode(first.code));
    const long = await ask();
    expect(written.map((input) => input.long)).toEqual([false, true]);
    expect(mails.at(-1)).toMatchObject({
      long: true,
      code: expect.stringMatching(/^(\w{5}-){4}\w{5}$/) as string,
    });
    expect(long).toMatchObject({ long: true, sent: true, expiresAt: mails.at(-1)?.expiresAt });
    expect(await answer(long)).toBe('ok');
  });
});

describe('promise 11: the error of a template or a mail service', () => {
  const shapes: readonly [string, (code: string) => unknown][] = [
    ['in its message', (code) => new Error(`550 rejected: Your code is ${code}.`)],
    ['in its message, in groups', (code) => new Error(`rejected ${code.slice(0, 3)} ${code.slice(3)}`)],
    [
      'in its message, broken by quoted-printable',
      (code) => new Error(`rejected ${code.slice(0, 2)}=\r\n${code.slice(2)}`),
    ],
    ['in its message, percent-encoded', (code) => new Error(`?code=${code.slice(0, 3)}%20${code.slice(3)}`)],
    ['in its message, with an en dash', (code) => new Error(`${code.slice(0, 3)}\u2013${code.slice(3)}`)],
    ['in its message, dotted', (code) => new Error(Array.from(code).join('.'))],
    ['in its message, with zero-width spaces', (code) => new Error(Array.from(code).join('\u200b'))],
    [
      'in its message, with an escaped line feed',
      (code) => new Error(`${code.slice(0, 3)}\\n${code.slice(3)}`),
    ],
    ['in its message, twice', (code) => new Error(`${code} and ${code}`)],
    ['in its name', (code) => Object.assign(new Error('x'), { name: `Rejected${code}` })],
    ['in its code', (code) => Object.assign(new Error('x'), { code })],
    ['in its code, as a number', (code) => Object.assign(new Error('x'), { code: Number(code) })],
    ['in another property', (code) => Object.assign(new Error('x'), { config: { data: code }, [code]: 1 })],
    ['in its cause', (code) => new Error('x', { cause: new Error(code, { cause: code }) })],
    ['among its errors', (code) => new AggregateError([new Error(code)], 'x')],
    ['in its stack', (code) => Object.assign(new Error('x'), { stack: `at ${code}` })],
    ['as what is thrown', (code) => code],
  ];

  it.each(shapes)('does not repeat the code: %s', async (_, makeError) => {
    const failing = ({ code }: { readonly code: string }): Promise<never> => {
      const error = makeError(code) as Error;
      return Promise.reject(error);
    };
    for (const part of [{ send: failing }, { render: failing }]) {
      const { ask, written } = tokenHarness({ digits: 8, ...part });
      const error = await rejection(ask());
      const code = written[0]?.code ?? never();
      expect(error).toMatchObject(sendFailed);
      const bare = shown(error).replace(/%20|\\\\n|[\s=\r\n.\u2013\u200b-]/g, '');
      expect(bare).not.toMatch(new RegExp(code.replace(/^0+/, '')));
    }
  });

  it('does not repeat a long code, with dashes or without, in either case', async () => {
    const spellings = [(code: string) => code, (code: string) => code.replaceAll('-', '').toLowerCase()];
    for (const spell of spellings) {
      const { ask, answer, mailService, written } = tokenHarness({
        limits: { maxFailures: 1 },
        send: ({ code, long }) =>
          long ? Promise.reject(new Error(`refused: ${spell(code)}`)) : Promise.resolve(),
      });
      mailService.isDown = false;
      const first = await ask();
      await answer(first, wrongCode(first.code));
      const error = await rejection(ask());
      expect(error).toMatchObject({ cause: { message: 'refused: …' } });
      expect(shown(error)).not.toContain(spell(written.at(-1)?.code ?? never()));
    }
  });

  it.each<[string, object]>([
    ['no name', { name: undefined }],
    ['a message that is no text', { message: { a: 1 } }],
    ['a name that is a number', { name: 5 }],
  ])('with %s is told all the same', async (_, part) => {
    const broken = Object.assign(new Error('x'), part);
    for (const failing of [{ send: () => Promise.reject(broken) }, { render: () => Promise.reject(broken) }])
      expect(await rejection(tokenHarness(failing).ask())).toMatchObject(sendFailed);
  });

  it('of any length takes little time, and is told in part', async () => {
    const long = new Error('%20'.repeat(1_000_000));
    const begun = performance.now();
    const error = await rejection(tokenHarness({ send: () => Promise.reject(long) }).ask());
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(((error as Error).cause as Error).message.length).toBeLessThanOrEqual(1000);
  });

  it('keeps name, message and code, to find out what is wrong', async () => {
    const cause = Object.assign(new TypeError('535 authentication failed'), { code: 'EAUTH' });
    const error = await rejection(tokenHarness({ send: () => Promise.reject(cause) }).ask());
    expect(error).toMatchObject({
      cause: { name: 'TypeError', message: '535 authentication failed', code: 'EAUTH' },
    });
    const numbered = Object.assign(new Error('x'), { code: 535 });
    const other = await rejection(tokenHarness({ send: () => Promise.reject(numbered) }).ask());
    expect(other).toMatchObject({ cause: { code: 535 } });
    const shaped = Object.assign(new Error('x'), { code: { response: '250 123456' } });
    const dropped = await rejection(tokenHarness({ send: () => Promise.reject(shaped) }).ask());
    expect((dropped as Error).cause).not.toHaveProperty('code');
  });
});

describe('an observer that fails', () => {
  it.each<[string, () => unknown]>([
    ['by a throw', fail],
    ['by a rejection', () => Promise.reject(new Error('the log is full'))],
    ['by a thenable that throws', () => ({ then: fail })],
  ])('%s changes no answer and is no unhandled rejection', async (_, onEvent) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { ask, answer, mailService, clock } = tokenHarness({ onEvent });
    const token = await ask();
    expect(await answer(token, wrongCode(token.code))).toBe('mismatch');
    expect(await answer(token)).toBe('ok');
    mailService.isDown = true;
    clock.advance(HOUR);
    expect(await rejection(ask())).toMatchObject(sendFailed);
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * SECOND));
}

/** A mail service that takes its time. */
function slow(seconds: number): Send {
  return () => wait(seconds);
}

function fail(): never {
  throw new Error('failed at once');
}

function never(): never {
  throw new Error('it is there');
}

/** As a promise may do that was made of a callback by hand. */
function rejectWithNothing(): Promise<never> {
  return new Promise((_, reject) => setTimeout(reject));
}

/** All that a logger could make of an error. */
function shown(error: unknown): string {
  return (
    inspect(error, { showHidden: true, depth: Infinity, maxStringLength: Infinity }) + JSON.stringify(error)
  );
}
