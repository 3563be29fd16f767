import { looserThanRecommended, strictPolicy } from '../../../src/email-token/policy.js';
import type { FlowPolicyOptions } from '../../../src/two-factor/options.js';

/** The settings that are held against an attacker. */
export const policies: Readonly<Record<string, FlowPolicyOptions>> = {
  'the defaults': {},
  strictPolicy,
  'three apps': { maxApps: 3 },
  'no known browsers': { browsers: { max: 0 } },
};

/** As loose as the options allow. */
export const loosest: FlowPolicyOptions = {
  ttlSeconds: 86_400,
  maxAttempts: 10,
  resendAfterSeconds: 0,
  maxApps: 5,
  window: { past: 10, future: 10 },
  limits: looserThanRecommended({
    sendsPerHour: 60,
    sendsPerDay: 200,
    freeFailures: 10,
    firstDelaySeconds: 1,
    maxDelaySeconds: 60,
    maxFailures: 100,
    failureWindowSeconds: 86_400,
  }),
};
