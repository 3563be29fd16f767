import { describe, expect, it } from 'vitest';
import { type Flow, setUp, setUpWithApp, userId } from '../support/flow/flow.js';
import { DAY, STEP } from '../support/flow/time.js';
import { refusedByFixedWindow, refusedByFlow } from '../support/flow/typing.js';

/** Logs in a day later with a phone whose clock is so many steps ahead. */
async function logIn(flow: Flow, steps: number): Promise<boolean> {
  flow.clock.advance(DAY);
  return (await flow.logIn(flow.appCode(steps))).ok;
}

describe.each([
  ['fast', 1],
  ['slow', -1],
])('a phone that runs %s', (_, sign) => {
  it('is followed for five minutes and the window beyond, and no further', async () => {
    const { flow, recovery } = await setUpWithApp();
    for (let off = 1; off <= 11; off++) expect(await logIn(flow, sign * off)).toBe(true);
    expect(await logIn(flow, sign * 11)).toBe(true);
    expect(await logIn(flow, sign * 12)).toBe(false);
    expect(await flow.logIn(recovery[0])).toMatchObject({ ok: true });
  });

  it('is not followed across two steps that no login has shown', async () => {
    const { flow } = await setUpWithApp();
    expect(await logIn(flow, sign * 2)).toBe(false);
    expect(await logIn(flow, sign)).toBe(true);
    expect(await logIn(flow, sign * 2)).toBe(true);
  });
});

describe('fault 4: a phone that was followed', () => {
  it('by two steps is at home again once its clock is set right, as soon as its step is a newer one', async () => {
    const { flow } = await setUpWithApp();
    expect(await logIn(flow, 1)).toBe(true);
    expect(await logIn(flow, 2)).toBe(true);
    flow.clock.advance(STEP);
    expect(await flow.logIn(flow.appCode(0))).toEqual({ ok: false, reason: 'replayed' });
    flow.clock.advance(2 * STEP);
    expect(await flow.logIn(flow.appCode(0))).toMatchObject({ ok: true });
  });

  it.each([-10, -5, 5, 10])(
    'by %i steps is at home again a day after its clock was set right',
    async (far) => {
      const { flow } = await setUpWithApp();
      for (let off = 1; off <= Math.abs(far); off++) await logIn(flow, off * Math.sign(far));
      expect(await logIn(flow, far)).toBe(true);
      expect(await logIn(flow, 0)).toBe(true);
      expect(await logIn(flow, 0)).toBe(true);
    },
  );

  it('has two windows and no third: codes between and beyond are wrong', async () => {
    const { flow } = await setUpWithApp();
    for (let off = 1; off <= 8; off++) await logIn(flow, off);
    for (const steps of [-2, 2, 3, 4, 5, 6, 10]) {
      expect(await logIn(flow, steps)).toBe(false);
      await flow.twoFactor.unlock(userId);
    }
    expect(await logIn(flow, 9)).toBe(true);
  });

  it.each([-30, -20, -10, 0, 10, 20, 30])(
    '%i s ahead has no more right codes refused than by a fixed window',
    async (offset) => {
      const typing = { offset, logins: 100, seed: 4 };
      const fixed = refusedByFixedWindow(typing, { past: 1, future: 1 });
      expect(await refusedByFlow(typing)).toBeLessThanOrEqual(fixed);
    },
  );
});

describe('promise 6: accepted time steps strictly increase', () => {
  it('refuses the code that confirmed the activation', async () => {
    const flow = setUp();
    await flow.scan();
    const code = flow.appCode();
    await flow.confirm(code);
    expect(await flow.logIn(code)).toEqual({ ok: false, reason: 'replayed' });
  });

  it('refuses the older of two codes that were both shown', async () => {
    const { flow } = await setUpWithApp();
    flow.clock.advance(3 * STEP);
    expect(await flow.logIn(flow.appCode(0))).toMatchObject({ ok: true });
    expect(await flow.logIn(flow.appCode(-1))).toEqual({ ok: false, reason: 'replayed' });
    expect(await flow.logIn(flow.appCode(1))).toMatchObject({ ok: true });
    expect(await flow.logIn(flow.appCode(0))).toEqual({ ok: false, reason: 'replayed' });
  });

  it.each([1, 2, 10, 120])('also when the server’s clock steps back by %i steps', async (steps) => {
    const { flow } = await setUpWithApp();
    flow.clock.advance(DAY);
    const used = flow.appCode();
    expect(await flow.logIn(used)).toMatchObject({ ok: true });
    flow.clock.advance(-steps * STEP);
    expect(await flow.logIn(used)).toMatchObject({ ok: false });
    expect(await flow.logIn(flow.appCode())).toEqual({ ok: false, reason: 'replayed' });
    flow.clock.advance((steps + 1) * STEP);
    expect(await flow.logIn(used)).toMatchObject({ ok: false });
    flow.clock.advance(STEP);
    expect(await flow.logIn(flow.appCode())).toMatchObject({ ok: true });
  });

  it('counts no replay: sixty of them, and the next code is evaluated', async () => {
    const { flow } = await setUpWithApp();
    const challenge = await flow.challenge();
    await flow.complete(flow.appCode(), { challenge });
    for (let replay = 0; replay < 60; replay++) await flow.complete(flow.appCode(), { challenge });
    expect(flow.story.filter((type) => type === 'replay_refused')).toHaveLength(60);
    flow.clock.advance(STEP);
    expect(await flow.complete(flow.appCode(), { challenge })).toMatchObject({ ok: true });
  });

  it('says of a code that one app has used that it is used, for every app', async () => {
    const { flow } = await setUpWithApp({ maxApps: 2 });
    const first = flow.secret;
    await flow.activateWith(flow.appCode());
    const code = flow.appCode(0, first);
    expect(await flow.logIn(code)).toMatchObject({ ok: true });
    expect(await flow.logIn(code)).toEqual({ ok: false, reason: 'replayed' });
  });
});
