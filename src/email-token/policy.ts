import { assertInteger, assertOptions } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import type { FailurePolicy } from '../internal/throttle.js';

/** How often mails are sent and wrong guesses are taken, per subject and purpose. */
export interface EmailTokenLimits {
  /** Mails in any hour: 5 by default. A redeemed token frees its place. */
  readonly sendsPerHour?: number | undefined;
  /** Mails in any 24 hours: 10 by default. */
  readonly sendsPerDay?: number | undefined;
  /** Failures in a row that cost no delay: 4 by default. */
  readonly freeFailures?: number | undefined;
  /** The delay after the next failure, in seconds, doubling with each further one: 30 by default. */
  readonly firstDelaySeconds?: number | undefined;
  /** The longest delay in seconds: a day by default. */
  readonly maxDelaySeconds?: number | undefined;
  /** Failures in the rolling window that lock: 50 by default. */
  readonly maxFailures?: number | undefined;
  /** The rolling window in seconds: 30 days by default. */
  readonly failureWindowSeconds?: number | undefined;
}

/** Limits that may be looser than the defaults: see {@link looserThanRecommended}. */
export interface LooserLimits extends EmailTokenLimits {
  readonly [loosened]: true;
}

/** What the token state machine goes by. */
export interface TokenPolicy extends FailurePolicy {
  readonly ttlSeconds: number;
  readonly maxAttempts: number;
  readonly resendAfterSeconds: number;
  readonly sendsPerHour: number;
  readonly sendsPerDay: number;
}

/** How long a token lives, and how much guessing and mailing it takes. */
export interface PolicyOptions {
  /** How long a token lives, in seconds: from 60 to 86,400; 900 by default. NIST and OWASP ask for 600: see {@link strictPolicy}. */
  readonly ttlSeconds?: number | undefined;
  /** Guesses at one token: from 1 to 10; 5 by default. */
  readonly maxAttempts?: number | undefined;
  /** The wait before another mail, in seconds: from 0 to 3,600; 60 by default. */
  readonly resendAfterSeconds?: number | undefined;
  /** Quotas and failure budget; see {@link EmailTokenLimits}. */
  readonly limits?: EmailTokenLimits | LooserLimits | undefined;
}

/**
 * What NIST SP 800-63B-4 section 3.1.3.2 and OWASP ASVS 5.0 section 6.5.5 ask of a mailed code: 10 minutes.
 *
 * NIST does not accept e-mail as an out-of-band authenticator at all (section 3.1.3.1), whatever the settings.
 *
 * @example
 * ```ts
 * import { strictPolicy } from 'countersign';
 *
 * console.log(strictPolicy.ttlSeconds); // 600
 * ```
 */
export const strictPolicy: { readonly ttlSeconds: 600 } = /* @__PURE__ */ Object.freeze({ ttlSeconds: 600 });

/**
 * Makes guessing and mail flooding easier: takes limits that are looser than the defaults, up to what NIST SP
 * 800-63B-4 section 3.2.2 still allows (100 failures).
 *
 * @param limits - see {@link EmailTokenLimits}; what is left out keeps its default
 * @returns the limits, marked
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @example
 * ```ts
 * import { looserThanRecommended } from 'countersign';
 *
 * const limits = looserThanRecommended({ maxFailures: 100 });
 * console.log(limits.maxFailures); // 100
 * ```
 */
export function looserThanRecommended(limits: EmailTokenLimits): LooserLimits {
  assertOptions('limits', limits, limitNames);
  return Object.freeze({ ...limits, [loosened]: true as const });
}

/** Asserts the options and fills in the defaults. */
export function resolvePolicy(options: PolicyOptions): TokenPolicy {
  const { ttlSeconds = 900, maxAttempts = 5, resendAfterSeconds = 60, limits = {} } = options;
  assertInteger('ttlSeconds', ttlSeconds, 60, 86_400);
  assertInteger('maxAttempts', maxAttempts, 1, 10);
  assertInteger('resendAfterSeconds', resendAfterSeconds, 0, 3600);
  return { ttlSeconds, maxAttempts, resendAfterSeconds, ...resolveLimits(limits) };
}

const loosened: unique symbol = /* @__PURE__ */ Symbol.for('countersign.loosened');

interface Limit {
  readonly name: keyof EmailTokenLimits;
  readonly recommended: number;
  readonly min: number;
  readonly max: number;
  /** Which direction is looser. */
  readonly looser: 'more' | 'less';
}

const DAY_SECONDS = 86_400;

const table: readonly Limit[] = [
  { name: 'sendsPerHour', recommended: 5, min: 1, max: 60, looser: 'more' },
  { name: 'sendsPerDay', recommended: 10, min: 1, max: 200, looser: 'more' },
  { name: 'freeFailures', recommended: 4, min: 0, max: 10, looser: 'more' },
  { name: 'firstDelaySeconds', recommended: 30, min: 1, max: DAY_SECONDS, looser: 'less' },
  { name: 'maxDelaySeconds', recommended: DAY_SECONDS, min: 60, max: 2_592_000, looser: 'less' },
  { name: 'maxFailures', recommended: 50, min: 1, max: 100, looser: 'more' },
  {
    name: 'failureWindowSeconds',
    recommended: 2_592_000,
    min: DAY_SECONDS,
    max: 31_622_400,
    looser: 'less',
  },
];

const limitNames: readonly string[] = /* @__PURE__ */ table.map(({ name }) => name);

function resolveLimits(
  limits: EmailTokenLimits | LooserLimits,
): Required<{ [Name in keyof EmailTokenLimits]: number }> {
  assertOptions('limits', limits, limitNames);
  const mayLoosen = loosened in limits;
  const valueOf = (limit: Limit): number => resolveLimit(limit, limits[limit.name], mayLoosen);
  return Object.fromEntries(table.map((limit) => [limit.name, valueOf(limit)])) as ReturnType<
    typeof resolveLimits
  >;
}

function resolveLimit(
  { name, recommended, min, max, looser }: Limit,
  value: unknown,
  mayLoosen: boolean,
): number {
  if (value === undefined) return recommended;
  assertInteger(`limits.${name}`, value, min, max);
  const isLooser = looser === 'more' ? value > recommended : value < recommended;
  if (isLooser && !mayLoosen) {
    const message = `limits.${name} is looser than the default of ${recommended}: that takes looserThanRecommended`;
    throw new CountersignError('ERR_OUT_OF_RANGE', message);
  }
  return value;
}
