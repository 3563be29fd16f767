/**
 * How many guesses at one account a policy lets through in a year: bounds that hold whatever the attacker and the
 * customer do, and not what one way of attacking comes to.
 */
import {
  blockOf,
  countFailure,
  type FailurePolicy,
  type Failures,
  noFailures,
} from '../internal/throttle.js';
import { type FlowPolicy, MAX_BROWSER_FAILURES } from './account.js';

/**
 * How many are evaluated at most while the customer logs in as often, and from where, as helps the attacker most, who
 * has also stolen the cookie of every known browser.
 *
 * A login ends a delay and frees a mailed token, so neither is counted on. It takes no failure out of the rolling
 * window: every window holds so many at most, and so many windows cover a year. Guesses from a stolen browser are
 * outside that budget, and a browser has a few in its life.
 */
export function countWithHelp(policy: FlowPolicy): number {
  return mostInWindows(policy) + policy.browsers.max * MAX_BROWSER_FAILURES;
}

/** How many are evaluated at most, by factor, while the customer never logs in and no browser is stolen. */
export function countAlone(policy: FlowPolicy): { readonly email: number; readonly app: number } {
  const app = mostInRows(instantsOfRow(policy), policy);
  return { email: Math.min(app, mailedGuesses(policy)), app };
}

const DAYS = 365;
const YEAR_MS = DAYS * 86_400_000;
/** The delay has stopped growing by then: ten free failures, one second, and 22 doublings are more than 30 days. */
const MAX_GROWING = 33;

function mostInWindows({ maxFailures, failureWindowSeconds }: FailurePolicy): number {
  return Math.ceil(YEAR_MS / (failureWindowSeconds * 1000)) * maxFailures;
}

/** When each guess is evaluated in a year of guessing as soon as the throttle allows: none can be earlier in a row. */
function instantsOfRow(policy: FailurePolicy): readonly number[] {
  const instants: number[] = [];
  let failures = noFailures;
  for (let now = 0; now < YEAR_MS; now = nextGuessAt(failures, now, policy)) {
    instants.push(now);
    ({ failures } = countFailure(failures, { now, policy }));
  }
  return instants;
}

/** A lock may end before the delay does. */
function nextGuessAt(failures: Failures, from: number, policy: FailurePolicy): number {
  let now = from;
  for (let block = blockOf(failures, { now, policy }); block !== null;) {
    now = block.retryAt;
    block = blockOf(failures, { now, policy });
  }
  return now;
}

/**
 * The most guesses of an attacker who may also keep silent for a whole window. The throttle has forgotten all by then,
 * so the next guesses are free again: where the longest delay is long beside the window, that beats the greedy one.
 *
 * Every year of guessing is rows with such silences between them. Short rows are enough, and one of any length: where
 * the delay no longer grows, each `maxFailures` further guesses cost the same time, in whichever row they are, so those
 * of all long rows can be moved to one.
 */
function mostInRows(instants: readonly number[], policy: FailurePolicy): number {
  const windowMs = policy.failureWindowSeconds * 1000;
  const longest = Math.min(MAX_GROWING + 2 * policy.maxFailures, instants.length);
  const costs = instants.slice(0, longest).map((instant) => instant + windowMs);
  const bound = mostInWindows(policy);
  // By the number of guesses: the earliest instant at which so many are behind the attacker, and forgotten.
  const forgotten = [0];
  let most = 0;
  for (let count = 0, lastRow = instants.length; ; count++) {
    const start = forgotten[count] ?? Infinity;
    while (lastRow > 0 && (instants[lastRow - 1] ?? 0) + start >= YEAR_MS) lastRow--;
    if (lastRow === 0) return most;
    most = Math.max(most, count + lastRow);
    if (most >= bound) return most;
    forgotten.push(earliest(forgotten, costs));
  }
}

/** The earliest end of one more guess than in the list, over all lengths of the last row. */
function earliest(forgotten: readonly number[], costs: readonly number[]): number {
  let best = Infinity;
  for (let row = 1; row <= costs.length && row <= forgotten.length; row++) {
    best = Math.min(best, (forgotten[forgotten.length - row] ?? Infinity) + (costs[row - 1] ?? Infinity));
  }
  return best;
}

/** Every guess is at a mailed token, and mails are limited by the hour and by the day. */
function mailedGuesses({ maxAttempts, sendsPerHour, sendsPerDay }: FlowPolicy): number {
  return DAYS * Math.min(sendsPerDay, 24 * sendsPerHour) * maxAttempts;
}
