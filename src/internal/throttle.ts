/** How failures slow down and stop guessing at one account. */
export interface FailurePolicy {
  /** How many failures in a row cost no delay. */
  readonly freeFailures: number;
  /** The delay after the next failure; it doubles with each further one. */
  readonly firstDelaySeconds: number;
  /** The longest delay. */
  readonly maxDelaySeconds: number;
  /** How many failures in the rolling window lock the account. */
  readonly maxFailures: number;
  /** The rolling window. */
  readonly failureWindowSeconds: number;
}

/** The context of every decision about failures. */
export interface ThrottleContext {
  /** The instant of the decision, in ms. */
  readonly now: number;
  readonly policy: FailurePolicy;
}

/** Failures as a record holds them. */
export interface Failures {
  /** Instants in ms, oldest first; those older than the rolling window are dropped. */
  readonly at: readonly number[];
  /** How many there were since the last success. They make the delay. */
  readonly inARow: number;
}

/** No failure yet. */
export const noFailures: Failures = { at: [], inARow: 0 };

/** Why no code is evaluated, and until when, in ms. */
export interface Block {
  readonly reason: 'locked' | 'delayed';
  readonly retryAt: number;
}

/** A failure that was added, and what follows from it. */
export interface CountedFailure {
  readonly failures: Failures;
  /** How many count, this one included. */
  readonly count: number;
  /** What the failure brings about; null if the next code is evaluated at once. */
  readonly block: Block | null;
}

/** Adds a failure, and tells what follows from it. */
export function countFailure(before: Failures, context: ThrottleContext): CountedFailure {
  const recent = recentFailures(before, context);
  // A row of failures outside the window is over.
  const inARow = recent.length === 0 ? 1 : before.inARow + 1;
  const failures = { at: [...recent, context.now], inARow };
  return { failures, count: failures.at.length, block: blockOf(failures, context) };
}

/**
 * What a success leaves: the delay goes, the rolling total stays. If the total were cleared too, an attacker who takes
 * turns with the person's daily login could guess for ever.
 */
export function clearDelay(failures: Failures): Failures {
  return failures.inARow === 0 ? failures : { at: failures.at, inARow: 0 };
}

/** Why the next code is not evaluated now; null if it is. */
export function blockOf(failures: Failures, context: ThrottleContext): Block | null {
  const locked = lockedUntil(failures, context);
  if (locked !== null) return { reason: 'locked', retryAt: locked };
  const delayed = delayedUntil(failures, context);
  return delayed === null ? null : { reason: 'delayed', retryAt: delayed };
}

/** The instant until which the account is locked because of too many failures, in ms; null if it is not. */
export function lockedUntil(failures: Failures, context: ThrottleContext): number | null {
  const { maxFailures, failureWindowSeconds } = context.policy;
  const oldestOfTooMany = recentFailures(failures, context).at(-maxFailures);
  return oldestOfTooMany === undefined ? null : oldestOfTooMany + failureWindowSeconds * 1000;
}

/** When the failures stop counting, in ms; `-Infinity` if there are none. */
export function failuresExpireAt({ at }: Failures, policy: FailurePolicy): number {
  return (at.at(-1) ?? -Infinity) + policy.failureWindowSeconds * 1000;
}

function recentFailures({ at }: Failures, { now, policy }: ThrottleContext): readonly number[] {
  return at.filter((instant) => instant > now - policy.failureWindowSeconds * 1000);
}

function delayedUntil({ at, inARow }: Failures, { now, policy }: ThrottleContext): number | null {
  const last = at.at(-1);
  const beyond = inARow - policy.freeFailures;
  if (last === undefined || beyond <= 0) return null;
  const { firstDelaySeconds, maxDelaySeconds, failureWindowSeconds } = policy;
  // A failure that has left the window is forgotten, and its delay with it.
  const seconds = Math.min(firstDelaySeconds * 2 ** (beyond - 1), maxDelaySeconds, failureWindowSeconds);
  const until = last + seconds * 1000;
  return until > now ? until : null;
}

/** The same instants, those later than `now` counted as `now`; the same list if there are none. */
export function notAfter(instants: readonly number[], now: number): readonly number[] {
  return instants.some((instant) => instant > now)
    ? instants.map((instant) => Math.min(instant, now))
    : instants;
}
