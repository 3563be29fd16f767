import { resolvePolicy } from '../email-token/policy.js';
import { assertInteger, readOptions } from '../internal/asserts.js';
import type { Digits } from '../otp/parameters.js';
import type { FlowPolicy } from './account.js';
import { OWN_PARAMETERS } from './activation-state.js';
import { countGuesses, type GuessingYear } from './guessing-year.js';
import { type FlowPolicyOptions, resolveFlowPolicy } from './options.js';
import { type PolicyFinding, policyFindings } from './policy-findings.js';

/** What guessing comes to. */
export interface GuessingOdds {
  /** How many codes are evaluated in a year at most. */
  readonly guessesPerYear: number;
  /** The chance that one of them is right, from 0 to 1: at most so much. */
  readonly chancePerYear: number;
}

/** What guessing at one factor comes to: in the worst case, and for a guesser alone. */
export interface FactorOdds extends GuessingOdds {
  /** The same while the customer never logs in and no browser is stolen. */
  readonly alone: GuessingOdds;
}

/** What {@link explainPolicy} returns. */
export interface PolicyExplanation {
  /** The mailed code; nothing with the fallback `'none'`. */
  readonly email: FactorOdds;
  /** The code of an app: with as many apps as are allowed, each with a learned drift. */
  readonly app: FactorOdds;
  /** Recovery codes, which are judged outside the failure budget: at 1,000 guesses in every second of the year. */
  readonly recovery: GuessingOdds;
  /** The weakest way into an account. */
  readonly account: { readonly chancePerYear: number };
  /** The clauses of three standards that a policy can meet or miss. */
  readonly findings: readonly PolicyFinding[];
}

/**
 * Explains what a policy is worth: how many codes an attacker who knows the password can have evaluated in a year, and
 * the chance that one of them is right.
 *
 * The figures come from running the policy's own decisions over a simulated year. In the worst case the customer logs in
 * after every guess, which clears the delay, and the attacker holds the cookie of every known browser.
 *
 * @param options - the very options of `createTwoFactor`; what is no policy is not looked at
 * @returns the odds of each factor and of the account, and findings against NIST SP 800-63B-4, OWASP ASVS 5.0 and PCI
 *   DSS 4
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @see RFC 4226 section 7.3, NIST SP 800-63B-4 section 3.2.2
 * @example
 * ```ts
 * import { explainPolicy } from 'countersign';
 *
 * const { email, account, findings } = explainPolicy({ ttlSeconds: 600 });
 * console.log(email.guessesPerYear); // 698
 * console.log(account.chancePerYear < 0.005); // true
 * console.log(findings.find(({ clause }) => clause === '6.6.2')?.met); // false
 * ```
 */
export function explainPolicy(
  options: FlowPolicyOptions & { readonly digits?: Digits | undefined } = {},
): PolicyExplanation {
  const policy = readPolicy(options);
  const email = policy.fallback === 'email' ? oddsOf(policy, 'email') : noOdds;
  const app = oddsOf(policy, 'app');
  const recovery = odds(RECOVERY_GUESSES, RECOVERY_CODES / RECOVERY_SPACE);
  const weakest = Math.max(email.chancePerYear, app.chancePerYear);
  const account = { chancePerYear: Math.min(1, weakest + recovery.chancePerYear) };
  return { email, app, recovery, account, findings: policyFindings(policy) };
}

const RECOVERY_CODES = 10;
const RECOVERY_SPACE = 24 ** 25;
const RECOVERY_GUESSES = 1000 * 365 * 86_400;
const noOdds: FactorOdds = {
  guessesPerYear: 0,
  chancePerYear: 0,
  alone: { guessesPerYear: 0, chancePerYear: 0 },
};

/** Own properties only, as everywhere. */
function readPolicy(options: FlowPolicyOptions & { readonly digits?: Digits | undefined }): FlowPolicy {
  const own = readOptions('options', options, Object.keys({ ...options }));
  const { digits = 6 } = own;
  assertInteger('digits', digits, 6, 8);
  return { ...resolvePolicy(own), ...resolveFlowPolicy(own), mailDigits: digits };
}

function oddsOf(policy: FlowPolicy, factor: GuessingYear['factor']): FactorOdds {
  const chance = factor === 'email' ? 1 / 10 ** policy.mailDigits : appChance(policy);
  const oddsWith = (hasHelp: boolean): GuessingOdds =>
    odds(countGuesses({ policy, factor, hasHelp }), chance);
  return { ...oddsWith(true), alone: oddsWith(false) };
}

/** With a learned drift, each app's code is looked for in two windows. */
function appChance({ maxApps, window: { past, future } }: FlowPolicy): number {
  return (maxApps * 2 * (past + 1 + future)) / 10 ** OWN_PARAMETERS.digits;
}

/** At most the sum of the single chances, however they depend on each other. */
function odds(guessesPerYear: number, chance: number): GuessingOdds {
  return { guessesPerYear, chancePerYear: Math.min(1, guessesPerYear * chance) };
}
