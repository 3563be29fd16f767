import { assertInteger, readOptions } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import type { FailurePolicy } from '../internal/throttle.js';
import type { TotpWindow } from '../otp/totp.js';

/** How many mails are sent and how many wrong codes are taken for one account. */
export interface EmailTokenLimits {
  /** Mails in any hour: an integer from 1 to 60; 5 by default. A redeemed token frees its places. */
  readonly sendsPerHour?: number | undefined;
  /** Mails in any 24 hours: an integer from 1 to 200; 10 by default. */
  readonly sendsPerDay?: number | undefined;
  /** Failures in a row that cost no delay: an integer from 0 to 10; 4 by default. */
  readonly freeFailures?: number | undefined;
  /** The delay after the next failure, in seconds, doubling with each further one: from 1 to 86,400; 30 by default. */
  readonly firstDelaySeconds?: number | undefined;
  /** The longest delay in seconds: from 60 to 30 days; a day by default. */
  readonly maxDelaySeconds?: number | undefined;
  /** Failures in the rolling window that lock the account: an integer from 1 to 100; 50 by default. */
  readonly maxFailures?: number | undefined;
  /** The rolling window in seconds: from a day to 366 days; 30 days by default. */
  readonly failureWindowSeconds?: number | undefined;
}

/** Limits that permit a policy looser than the defaults: see {@link looserThanRecommended}. */
export interface LooserLimits extends EmailTokenLimits {
  readonly [loosened]: true;
}

/** How long a token lives, and how much guessing and mailing an account takes. */
export interface PolicyOptions {
  /**
   * How long a token and a challenge stay good, in seconds: from 60 to 86,400; 900 by default. NIST and OWASP ask for
   * 600: see {@link strictPolicy}. More than 900 needs {@link looserThanRecommended}.
   */
  readonly ttlSeconds?: number | undefined;
  /** Wrong codes that one token takes: from 1 to 10; 5 by default. More needs {@link looserThanRecommended}. */
  readonly maxAttempts?: number | undefined;
  /** The wait before another mail, in seconds: from 0 to 3,600; 60 by default. Less needs {@link looserThanRecommended}. */
  readonly resendAfterSeconds?: number | undefined;
  /** Quotas and failure budget; see {@link EmailTokenLimits}. */
  readonly limits?: EmailTokenLimits | LooserLimits | undefined;
  /**
   * Time steps of an app accepted around the expected one, from 0 to 10 each way; one each way by default. More needs
   * {@link looserThanRecommended}. Only `createTwoFactor` has apps; `createEmailTokens` ignores it.
   */
  readonly window?: TotpWindow | undefined;
}

/** When a mail counts as not sent. */
export interface SendTimeout {
  /** When `render` and `send` together count as failed, in seconds: from 1 to 300; 30 by default. */
  readonly sendTimeoutSeconds?: number | undefined;
}

/** The policy that token transitions follow. */
export interface TokenPolicy extends FailurePolicy {
  readonly ttlSeconds: number;
  readonly maxAttempts: number;
  readonly resendAfterSeconds: number;
  readonly sendsPerHour: number;
  readonly sendsPerDay: number;
  /** When a mail counts as not sent. */
  readonly sendTimeoutSeconds: number;
}

/**
 * The settings that meet every line of NIST SP 800-63B-4 and OWASP ASVS 5.0 that settings can meet: a mailed code lives
 * 10 minutes (NIST 3.1.3.2, ASVS 6.5.5), and an app's code counts only while the app shows it (ASVS 6.5.5).
 *
 * NIST does not accept e-mail as an out-of-band authenticator at all (section 3.1.3.1), whatever the settings.
 * {@link explainPolicy} lists what is met and what is not.
 *
 * @example
 * ```ts
 * import { strictPolicy } from 'countersign';
 *
 * console.log(strictPolicy.ttlSeconds, strictPolicy.window); // 600 { past: 0, future: 0 }
 * ```
 */
export const strictPolicy: {
  readonly ttlSeconds: 600;
  readonly window: { readonly past: 0; readonly future: 0 };
} = /* @__PURE__ */ Object.freeze({
  ttlSeconds: 600,
  window: /* @__PURE__ */ Object.freeze({ past: 0, future: 0 }),
});

/**
 * Makes guessing and mail flooding easier: permits a policy looser than the defaults, up to what NIST SP 800-63B-4
 * section 3.2.2 still allows (100 failures).
 *
 * The mark permits looser `limits`, and also a looser `ttlSeconds`, `maxAttempts`, `resendAfterSeconds` and `window`
 * beside them.
 *
 * @param limits - see {@link EmailTokenLimits}; what is left out keeps its default
 * @returns the limits, marked, for the `limits` option
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_UNKNOWN_OPTION`
 * @example
 * ```ts
 * import { looserThanRecommended } from 'countersign';
 *
 * const limits = looserThanRecommended({ maxFailures: 100 });
 * console.log(limits.maxFailures); // 100
 * ```
 */
export function looserThanRecommended(limits: EmailTokenLimits): LooserLimits {
  const own = readOptions<EmailTokenLimits>('limits', limits, limitNames());
  return Object.freeze({ ...own, [loosened]: true as const });
}

/** Tells whether {@link looserThanRecommended} marked the limits. */
export function isLoosened(limits: unknown): boolean {
  return typeof limits === 'object' && limits !== null && Object.hasOwn(limits, loosened);
}

/** Asserts the options and fills in the defaults. It ignores options that are not a policy's. */
export function resolvePolicy(options: PolicyOptions & SendTimeout): TokenPolicy {
  const own = readOptions('options', options, Object.keys(options));
  const { limits = {} } = own;
  const ownLimits = readOptions<EmailTokenLimits>('limits', limits, limitNames());
  const mayLoosen = isLoosened(limits);
  const valueOf = (name: string, value: unknown, bounds: Bounds): number =>
    resolveValue(name, value, bounds, mayLoosen);
  const entries: [string, number][] = [
    ...tokenBounds().map(([name, bounds]): [string, number] => [name, valueOf(name, own[name], bounds)]),
    ...limitBounds().map(([name, bounds]): [string, number] => [
      name,
      valueOf(`limits.${name}`, ownLimits[name], bounds),
    ]),
  ];
  return Object.fromEntries(entries) as Record<keyof TokenPolicy, number>;
}

/** Throws the error of a value that only marked limits permit. */
export function failLooser(name: string, recommended: string): never {
  const message =
    `${name} is looser than the default of ${recommended}: ` +
    'if you mean it, pass limits: looserThanRecommended({ … }) beside it';
  throw new CountersignError('ERR_OUT_OF_RANGE', message);
}

const loosened: unique symbol = /* @__PURE__ */ Symbol.for('countersign.loosened');

interface Bounds {
  readonly recommended: number;
  readonly min: number;
  readonly max: number;
  /** Which direction is looser. */
  readonly looser: 'more' | 'less' | 'neither';
}

const DAY_SECONDS = 86_400;

function tokenBounds(): (readonly [
  'ttlSeconds' | 'maxAttempts' | 'resendAfterSeconds' | 'sendTimeoutSeconds',
  Bounds,
])[] {
  return [
    ['sendTimeoutSeconds', { recommended: 30, min: 1, max: 300, looser: 'neither' }],
    ['ttlSeconds', { recommended: 900, min: 60, max: DAY_SECONDS, looser: 'more' }],
    ['maxAttempts', { recommended: 5, min: 1, max: 10, looser: 'more' }],
    ['resendAfterSeconds', { recommended: 60, min: 0, max: 3600, looser: 'less' }],
  ];
}

function limitBounds(): (readonly [keyof EmailTokenLimits, Bounds])[] {
  const month = 30 * DAY_SECONDS;
  return [
    ['sendsPerHour', { recommended: 5, min: 1, max: 60, looser: 'more' }],
    ['sendsPerDay', { recommended: 10, min: 1, max: 200, looser: 'more' }],
    ['freeFailures', { recommended: 4, min: 0, max: 10, looser: 'more' }],
    ['firstDelaySeconds', { recommended: 30, min: 1, max: DAY_SECONDS, looser: 'less' }],
    ['maxDelaySeconds', { recommended: DAY_SECONDS, min: 60, max: month, looser: 'less' }],
    ['maxFailures', { recommended: 50, min: 1, max: 100, looser: 'more' }],
    [
      'failureWindowSeconds',
      { recommended: month, min: DAY_SECONDS, max: 366 * DAY_SECONDS, looser: 'less' },
    ],
  ];
}

function limitNames(): string[] {
  return limitBounds().map(([name]) => name);
}

function resolveValue(name: string, value: unknown, bounds: Bounds, mayLoosen: boolean): number {
  const { recommended, min, max, looser } = bounds;
  if (value === undefined) return recommended;
  assertInteger(name, value, min, max);
  const isLooser = { more: value > recommended, less: value < recommended, neither: false };
  if (isLooser[looser] && !mayLoosen) failLooser(name, String(recommended));
  return value;
}
