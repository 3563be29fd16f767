import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, engineNamed, uniqueName } from '../support/engines/engines.js';
import { email, setUp, testKey, userId } from '../support/flow/flow.js';
import { type RemoteFlow, startProcess } from '../support/flow/process.js';

/** New and old key. */
const [fresh, old] = [2, 1];
const engines = ['Redis through node-redis', 'PostgreSQL through pg'];
const unknown = { ok: false, reason: 'unknown' };

describe.each(engines)('processes that share %s', (engine) => {
  let name = '';
  let shared: Connection | undefined;
  let processes: RemoteFlow[] = [];

  const start = async (...keys: number[]): Promise<RemoteFlow> => {
    const started = await startProcess({ engine, name, keys });
    processes.push(started);
    return started;
  };
  const challengeOf = async (remote: RemoteFlow): Promise<string> => {
    const begun = await remote.call('begin', { userId, email });
    if (begun.ok && 'challenge' in begun) return begun.challenge;
    throw new Error('no challenge');
  };

  beforeEach(async () => {
    name = uniqueName();
    shared = await engineNamed(engine).connect(name);
  });
  afterEach(async () => {
    await Promise.all(processes.map((each) => each.end()));
    processes = [];
    await shared?.remove();
  });

  it('with keys [new, old] and [old, new] mail one code for one token, twice, and accept it once', async () => {
    const [first, second] = await Promise.all([start(fresh, old), start(old, fresh)]);
    const challenges = [await challengeOf(first), await challengeOf(second)];
    const codes = [...first.mails, ...second.mails].map(({ code }) => code);
    expect(codes).toHaveLength(2);
    expect(new Set(codes).size).toBe(1);
    const at = Date.now() + 100;
    const answers = await Promise.all(
      [second, first].map((remote, index) =>
        remote.call('complete', { userId, challenge: challenges[index], code: codes[0] }, at),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers).toContainEqual({ ok: false, reason: 'replayed' });
  });

  it('let one code of an app in once, of two that race', async () => {
    const [first, second] = await Promise.all([start(fresh, old), start(old, fresh)]);
    const flow = setUp({
      store: shared?.openStore() ?? expect.fail(),
      keys: [testKey(fresh), testKey(old)],
      now: Date.now,
    });
    await flow.twoFactor.adopt({ userId, secret: flow.secret });
    const challenge = await challengeOf(first);
    for (let race = 0; race < 5; race++) {
      flow.clock.set(Date.now());
      const code = flow.appCode(race - 1);
      const at = Date.now() + 50;
      const request = { userId, challenge, code };
      const answers = await Promise.all(
        [first, second].map((remote) => remote.call('complete', request, at)),
      );
      // The window holds three of these five codes.
      expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
    }
    const { apps } = await first.call('status', userId);
    expect(apps).toMatchObject([{ lastUsedAt: expect.any(String) as unknown }]);
  });

  it('refuse a challenge that was made with a key that is retired by now', async () => {
    const [before, after] = await Promise.all([start(old), start(fresh, -old)]);
    const challenge = await challengeOf(before);
    const code = before.mails[0]?.code;
    expect(await after.call('complete', { userId, challenge, code })).toEqual(unknown);
    const own = await challengeOf(after);
    const mailed = after.mails.at(-1)?.code;
    expect(await after.call('complete', { userId, challenge: own, code: mailed })).toMatchObject({
      ok: true,
    });
  });

  it('refuse every earlier challenge after a revocation and an erasure in another process', async () => {
    const [first, second] = await Promise.all([start(fresh, old), start(old, fresh)]);
    for (const call of ['revoke', 'erase'] as const) {
      const challenges = [await challengeOf(first), await challengeOf(second)];
      await first.call(call, userId);
      const own = await challengeOf(second);
      const code = second.mails.at(-1)?.code;
      for (const challenge of challenges) {
        expect(await second.call('complete', { userId, challenge, code })).toEqual(unknown);
      }
      expect(await first.call('complete', { userId, challenge: own, code })).toMatchObject({ ok: true });
    }
  });
});
