import { afterAll, describe, expect, it } from 'vitest';
import { email, STEP, userId } from './flow.js';
import { type Run, runInterleaved } from './interleaved-activation.js';

const SEEDS = 1000;

describe('promise 7: whatever the order in which a confirmation and logins by mail meet', () => {
  const seen = new Map<string, number>();
  const note = (what: string): Map<string, number> => seen.set(what, (seen.get(what) ?? 0) + 1);

  afterAll(() => {
    const counts = [...seen].map(([what, times]) => `${what} ${times}`).join(', ');
    process.stderr.write(`interleaved activations: ${counts}\n`);
  });

  it('no mail logs in once the app is active, and no record ever holds both', async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const run = await runInterleaved(seed);
      for (const { act, ok } of run.logins) note(`${act} ${ok ? 'in' : 'refused'}`);
      note(run.confirmedAt < Infinity ? 'confirmed' : 'not confirmed');
      await assertOneFactor(run, `seed ${seed}`);
    }
  });

  it('and all orders have been met', () => {
    for (const what of ['older mail in', 'older mail refused', 'new mail in', 'new mail refused'])
      expect(seen.get(what), what).toBeGreaterThan(SEEDS / 50);
    expect(seen.get('confirmed')).toBeGreaterThan(SEEDS / 10);
    expect(seen.get('not confirmed')).toBeGreaterThan(SEEDS / 100);
  });
});

async function assertOneFactor(run: Run, seed: string): Promise<void> {
  const { flow, confirmedAt, logins, mails, hadTwoFactors } = run;
  const late = logins.filter(({ ok, started }) => ok && started > confirmedAt);
  expect(late, seed).toEqual([]);
  expect(hadTwoFactors, seed).toBe(false);
  if (confirmedAt === Infinity) return;
  expect(await flow.twoFactor.begin({ userId, email }), seed).toEqual({ ok: true, method: 'authenticator' });
  flow.around.clock.advance(STEP);
  expect(await flow.complete(flow.appCode()), seed).toMatchObject({ ok: true, method: 'authenticator' });
  for (const { code, challenge } of mails)
    expect(await flow.complete(code, challenge), seed).toMatchObject({ ok: false });
}
