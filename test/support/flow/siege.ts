/** A stranger who knows the password and may ask as often as they like, and a customer who wants in all the same. */
import type { CompleteResult } from '../../../src/two-factor/flow-results.js';
import { type Flow, repeat } from './flow.js';
import { MINUTE, SECOND } from './time.js';

const LETTERS = 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA';

/** Asks for a mail and sends a wrong code; resolves to when the next one is evaluated. */
export async function guessOnce(flow: Flow): Promise<number> {
  const begun = await flow.begin();
  const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
  await flow.complete(LETTERS, { challenge });
  const answer = await flow.complete(flow.wrongCode(), { challenge });
  if (answer.ok) throw new Error('a wrong code was accepted');
  return Math.max(answer.retryAt?.getTime() ?? 0, flow.clock.now());
}

/** Guesses for so long, as soon as a guess is evaluated, and asks for mails in between. */
export async function besiege(flow: Flow, ms: number): Promise<void> {
  const end = flow.clock.now() + ms;
  while (flow.clock.now() < end) {
    const next = await guessOnce(flow);
    const soon = next === flow.clock.now() ? next + 10 * MINUTE : next;
    flow.clock.set(Math.min(soon, end));
  }
}

/** A login that got in after all, and how long that took. */
export interface LoginUnderSiege {
  readonly answer: CompleteResult;
  readonly waitedMs: number;
  /** Whether it was by the long code. */
  readonly isLong: boolean;
}

/**
 * Logs in by mail while the stranger goes on: they guess at the customer's mail before the customer has read it, and
 * whenever the customer waits, they are the first to guess afterwards.
 *
 * @param flow - the customer
 * @param browser - the cookie of a known browser; undefined for an unknown one
 */
export async function logInUnderSiege(flow: Flow, browser?: string): Promise<LoginUnderSiege> {
  const since = flow.clock.now();
  for (let attempt = 0; attempt < 20; attempt++) {
    const begun = await flow.begin({ browser });
    const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
    // The stranger is quicker than the customer, who has to look for the mail.
    await repeat(6, () => flow.complete(flow.wrongCode(), { challenge }));
    flow.clock.advance(5 * SECOND);
    const isLong = begun.ok && 'long' in begun;
    const mail = flow.mails.filter(({ long = false }) => long === isLong).at(-1);
    const answer = await flow.complete(mail?.code, { challenge, browser });
    const waitedMs = flow.clock.now() - since;
    if (answer.ok) return { answer, waitedMs, isLong };
    const retryAt = begun.ok ? answer.retryAt : begun.retryAt;
    flow.clock.set(Math.max(retryAt?.getTime() ?? 0, flow.clock.now() + 10 * SECOND));
    await guessOnce(flow);
  }
  throw new Error('the customer does not get in');
}
