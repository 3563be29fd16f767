/** Policies at random, within what the options take. */
import { looserThanRecommended } from '../../../src/email-token/policy.js';
import type { FlowPolicyOptions } from '../../../src/two-factor/options.js';
import type { Seeded } from '../../support/faults/seeded.js';

/** Chooses every option of a policy: some near the defaults, some at a bound, most in between. */
export function randomPolicy(random: Seeded): FlowPolicyOptions {
  const between = (min: number, max: number): number => min + random.below(max - min + 1);
  // Limits that bite late make a year of ten thousands of guesses, so short delays come with small budgets.
  const firstDelaySeconds = random.pick([1, 30, 60, 300, 1800, 86_400]);
  return {
    ttlSeconds: random.pick([60, 300, 600, 900, 3600]),
    maxAttempts: between(1, 10),
    resendAfterSeconds: random.pick([0, 30, 60, 600]),
    window: { past: between(0, 2), future: between(0, 2) },
    maxApps: between(1, 3),
    browsers: {
      max: between(0, 8),
      knownSeconds: random.pick([1, 7, 29, 30, 180, 366]) * 86_400,
      rememberSeconds: 0,
    },
    limits: looserThanRecommended({
      sendsPerHour: between(1, 20),
      sendsPerDay: between(1, 40),
      freeFailures: between(0, 10),
      firstDelaySeconds,
      maxDelaySeconds: random.pick([3600, 61_200, 86_400, 7 * 86_400, 30 * 86_400]),
      maxFailures: between(5, 100),
      failureWindowSeconds: random.pick([3, 7, 30, 90]) * 86_400,
    }),
  };
}
