/** How failures of one subject and purpose slow down and stop whoever guesses. */
export interface FailurePolicy {
  /** So many failures in a row cost no delay. */
  readonly freeFailures: number;
  /** The delay after the next failure; it doubles with each further one. */
  readonly firstDelaySeconds: number;
  /** The longest delay. */
  readonly maxDelaySeconds: number;
  /** So many failures in the rolling window lock. */
  readonly maxFailures: number;
  /** The rolling window. */
  readonly failureWindowSeconds: number;
}

/** Failures as a record holds them. */
export interface Failures {
  /** Instants in ms, oldest first; those older than the rolling window are dropped. */
  readonly at: readonly number[];
  /** How many since the last success: they make the delay. */
  readonly inARow: number;
}

/** No failure yet. */
export const noFailures: Failures = { at: [], inARow: 0 };

/** A failure that was added, and what it brings. */
export interface CountedFailure {
  readonly failures: Failures;
  /** How many count, this one included. */
  readonly count: number;
  /** When the next guess is evaluated, in ms; null: at once. */
  readonly retryAt: number | null;
  /** Whether there are too many now. */
  readonly locks: boolean;
}

/** Adds a failure and tells what follows from it. */
export function countFailure(before: Failures, now: number, policy: FailurePolicy): CountedFailure {
  const failures = addFailure(before, now, policy);
  const locked = lockedUntil(failures, now, policy);
  const count = recentFailures(failures, now, policy).length;
  return { failures, count, retryAt: locked ?? delayedUntil(failures, now, policy), locks: locked !== null };
}

/**
 * What a success leaves: the delay goes, the rolling total stays. Were the total cleared too, an attacker who takes
 * turns with the person's daily login could guess for ever.
 */
export function clearDelay(failures: Failures): Failures {
  return { at: failures.at, inARow: 0 };
}

/** The failures that still count. */
export function recentFailures({ at }: Failures, now: number, policy: FailurePolicy): readonly number[] {
  return at.filter((instant) => instant > now - policy.failureWindowSeconds * 1000);
}

/** Until when too many failures lock, in ms; null if they do not. */
export function lockedUntil(failures: Failures, now: number, policy: FailurePolicy): number | null {
  const oldestOfTooMany = recentFailures(failures, now, policy).at(-policy.maxFailures);
  return oldestOfTooMany === undefined ? null : oldestOfTooMany + policy.failureWindowSeconds * 1000;
}

/** Until when the next guess has to wait, in ms; null if it need not. */
export function delayedUntil(failures: Failures, now: number, policy: FailurePolicy): number | null {
  const last = failures.at.at(-1);
  const beyond = failures.inARow - policy.freeFailures;
  if (last === undefined || beyond <= 0) return null;
  const seconds = Math.min(policy.firstDelaySeconds * 2 ** (beyond - 1), policy.maxDelaySeconds);
  const until = last + seconds * 1000;
  return until > now ? until : null;
}

/** When nothing of the failures counts any more, in ms. */
export function failuresExpireAt({ at }: Failures, policy: FailurePolicy): number {
  return (at.at(-1) ?? -Infinity) + policy.failureWindowSeconds * 1000;
}

/** Adds a failure. */
function addFailure(failures: Failures, now: number, policy: FailurePolicy): Failures {
  const recent = recentFailures(failures, now, policy);
  // What is out of the window makes no row either.
  return { at: [...recent, now], inARow: recent.length === 0 ? 1 : failures.inARow + 1 };
}
