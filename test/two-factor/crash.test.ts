import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { type Flow, setUp, STEP, userId } from './flow.js';

/** A store whose process dies at its nth call, before or after the call has had its effect. */
function dyingStore(inner: Store, dieAt: number, moment: 'before' | 'after'): Store {
  let calls = 0;
  const pass = async <T>(call: () => Promise<T>): Promise<T> => {
    calls++;
    if (calls > dieAt || (calls === dieAt && moment === 'before')) throw new Error('the process is gone');
    const result = await call();
    if (calls === dieAt) throw new Error('the process is gone');
    return result;
  };
  return {
    read: (key) => pass(() => inner.read(key)),
    write: (key, next, expected) => pass(() => inner.write(key, next, expected)),
  };
}

type Answer = { readonly ok: boolean } | 'died';

const crashes = [1, 2, 3, 4].flatMap((call) =>
  (['before', 'after'] as const).map((at) => [at, call] as const),
);

/** A customer's process that dies, and the one that comes after it. */
async function crashing(
  prepare: (flow: Flow) => Promise<unknown>,
  [moment, call]: (typeof crashes)[number],
): Promise<{ dying: Flow; next: Flow }> {
  const inner = memoryStore({ now: () => 0 });
  const next = setUp({ store: inner });
  await prepare(next);
  return { next, dying: next.with({ store: dyingStore(inner, call, moment) }) };
}

const answerOf = (call: Promise<{ readonly ok: boolean }>): Promise<Answer> =>
  call.catch((): Answer => 'died');
const isYes = (answer: Answer): boolean => answer !== 'died' && answer.ok;

async function beginActivation(flow: Flow): Promise<void> {
  const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
  if (begun.ok) flow.secret = begun.secret;
}

describe.each(crashes)('a crash %s store call %i', (...crash) => {
  it('never lets one code of the app in twice', async () => {
    const { dying, next } = await crashing((flow) => flow.activate(), crash);
    dying.secret = next.secret;
    const code = next.appCode();
    const answers = [await answerOf(dying.complete(code)), await answerOf(next.complete(code))];
    expect(answers.filter(isYes).length).toBeLessThanOrEqual(1);
    next.around.clock.advance(STEP);
    expect(await next.complete(next.appCode())).toMatchObject({ ok: true });
  });

  it('never lets one recovery code in twice', async () => {
    let code = '';
    const { dying, next } = await crashing(async (flow) => {
      [code = ''] = await flow.activate();
    }, crash);
    const answers = [await answerOf(dying.complete(code)), await answerOf(next.complete(code))];
    expect(answers.filter(isYes).length).toBeLessThanOrEqual(1);
  });

  it('leaves exactly one factor behind an activation', async () => {
    let mail = { challenge: '', code: '' };
    const { dying, next } = await crashing(async (flow) => {
      mail = await flow.mail();
      await beginActivation(flow);
    }, crash);
    const confirmed = await answerOf(dying.twoFactor.confirmActivation({ userId, code: next.appCode() }));
    const { method } = await next.twoFactor.status(userId);
    if (isYes(confirmed)) expect(method).toBe('authenticator');
    next.around.clock.advance(STEP);
    const byApp = await next.complete(next.appCode());
    const byMail = await next.complete(mail.code, mail.challenge);
    expect(byApp.ok).toBe(method === 'authenticator');
    expect(byMail.ok).toBe(method === 'email');
  });

  it('leaves exactly one factor behind a deactivation', async () => {
    const { dying, next } = await crashing((flow) => flow.activate(), crash);
    await answerOf(dying.twoFactor.deactivate({ userId, code: next.appCode() }));
    const { method } = await next.twoFactor.status(userId);
    next.around.clock.advance(STEP);
    const begun = await next.twoFactor.begin({ userId, email: 'customer@example.com' });
    expect(begun).toMatchObject({ ok: true, method });
    const byApp = await next.complete(next.appCode());
    expect(byApp.ok).toBe(method === 'authenticator');
  });

  it('sends a mail for a token that is known to be stored, and for no other', async () => {
    const { dying, next } = await crashing(() => Promise.resolve(), crash);
    const begun = await answerOf(dying.twoFactor.begin({ userId, email: 'customer@example.com' }));
    expect(next.around.mailbox.mails).toHaveLength(isYes(begun) ? 1 : 0);
  });
});
