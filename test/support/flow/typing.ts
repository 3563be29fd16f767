/** People who type codes from a phone whose clock may be off: what is refused of right codes. */
import type { TotpWindow } from '../../../src/otp/totp.js';
import { verifyTotp } from '../../../src/otp/totp.js';
import { type Seeded, seeded } from '../faults/seeded.js';
import { setUp } from './flow.js';
import { HOUR, SECOND, STEP } from './time.js';

/** A year of logins with one phone. */
export interface Typing {
  /** How many seconds the phone's clock is ahead. */
  readonly offset: number;
  readonly logins: number;
  readonly seed: number;
}

/** Seconds from looking at the phone to the server's reading of the code: 30 % of people take from 25 to 45. */
function typingSeconds(random: Seeded): number {
  return random.chance(0.3) ? 25 + random.next() * 20 : 2 + random.next() * 13;
}

/** How many right codes the flow refuses, which follows the phone's clock. */
export async function refusedByFlow({ offset, logins, seed }: Typing): Promise<number> {
  const random = seeded(seed);
  const flow = setUp({ browsers: { max: 0 } });
  await flow.activate();
  let refused = 0;
  for (let login = 0; login < logins; login++) {
    flow.clock.advance(HOUR + Math.floor(random.next() * HOUR));
    const code = flow.appCode((offset * SECOND) / STEP);
    flow.clock.advance(Math.floor(typingSeconds(random) * SECOND));
    const answer = await flow.logIn(code);
    refused += Number(!answer.ok);
    if (!answer.ok) await flow.twoFactor.unlock(flow.userId);
  }
  return refused;
}

/** How many a window refuses that stays where it is. */
export function refusedByFixedWindow({ offset, logins, seed }: Typing, window: TotpWindow): number {
  const random = seeded(seed);
  const flow = setUp();
  let [refused, lastTimeStep] = [0, 0];
  for (let login = 0; login < logins; login++) {
    flow.clock.advance(HOUR + Math.floor(random.next() * HOUR));
    const code = flow.appCode((offset * SECOND) / STEP);
    flow.clock.advance(Math.floor(typingSeconds(random) * SECOND));
    const match = verifyTotp(flow.secret, code, { at: flow.clock.now(), window, lastTimeStep });
    refused += Number(match === null);
    lastTimeStep = match?.timeStep ?? lastTimeStep;
  }
  return refused;
}
