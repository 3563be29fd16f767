import { describe, expect, it } from 'vitest';
import { type Flow, setUp, STEP, userId } from './flow.js';

const DAY = 86_400_000;
const FIVE_MINUTES = 10;

/** Logs in with a phone whose clock is so many steps off. */
async function logIn(flow: Flow, steps: number): Promise<boolean> {
  flow.around.clock.advance(DAY);
  return (await flow.complete(flow.appCode(steps))).ok;
}

async function driftTo(flow: Flow, steps: number): Promise<void> {
  for (let off = 1; off <= Math.abs(steps); off++) await logIn(flow, off * Math.sign(steps));
}

describe.each([
  ['fast', 1],
  ['slow', -1],
])('a phone that runs %s', (_, sign) => {
  it('is followed for five minutes and the window beyond, and no further', async () => {
    const flow = setUp();
    const [recovery] = await flow.activate();
    for (let off = 1; off <= FIVE_MINUTES + 1; off++) expect(await logIn(flow, sign * off)).toBe(true);
    expect(await logIn(flow, sign * (FIVE_MINUTES + 1))).toBe(true);
    expect(await logIn(flow, sign * (FIVE_MINUTES + 2))).toBe(false);
    expect(await flow.complete(recovery)).toMatchObject({ ok: true });
  });

  it('is not followed across two steps that no login has shown', async () => {
    const flow = setUp();
    await flow.activate();
    expect(await logIn(flow, sign * 2)).toBe(false);
    expect(await logIn(flow, sign)).toBe(true);
    expect(await logIn(flow, sign * 2)).toBe(true);
  });

  it('and is then set right at one go, gets in at once', async () => {
    const flow = setUp();
    await flow.activate();
    await driftTo(flow, sign * FIVE_MINUTES);
    expect(await logIn(flow, 0)).toBe(true);
    expect(await logIn(flow, sign * 2)).toBe(false);
  });

  it('and is five minutes off from the beginning, confirms no activation', async () => {
    const flow = setUp();
    const begun = await flow.twoFactor.beginActivation({ userId, account: userId });
    if (begun.ok) flow.secret = begun.secret;
    const code = flow.appCode(sign * FIVE_MINUTES);
    expect(await flow.twoFactor.confirmActivation({ userId, code })).toMatchObject({ reason: 'mismatch' });
    expect(await flow.twoFactor.status(userId)).toMatchObject({ method: 'email' });
  });
});

describe('a server whose clock steps back', () => {
  it.each([1, 2, 10, 120])(
    'by %i steps takes no code twice, and all is well when it is right again',
    async (steps) => {
      const flow = setUp();
      await flow.activate();
      expect(await logIn(flow, 0)).toBe(true);
      const used = flow.appCode();
      flow.around.clock.advance(-steps * STEP);
      expect(await flow.complete(used)).toMatchObject({ ok: false });
      expect(await flow.complete(flow.appCode())).toEqual({ ok: false, reason: 'replayed' });
      flow.around.clock.advance((steps + 1) * STEP);
      expect(await flow.complete(used)).toMatchObject({ ok: false });
      flow.around.clock.advance(STEP);
      expect(await flow.complete(flow.appCode())).toMatchObject({ ok: true });
    },
  );

  it('by one step takes the phone for a fast one, and then for one that is right', async () => {
    const flow = setUp();
    await flow.activate();
    flow.around.clock.advance(DAY - STEP);
    expect(await flow.complete(flow.appCode(1))).toMatchObject({ ok: true });
    expect(await logIn(flow, 0)).toBe(true);
    expect(await logIn(flow, -1)).toBe(true);
  });
});
