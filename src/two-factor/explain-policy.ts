import { resolvePolicy } from '../email-token/policy.js';
import { assertInteger, readOptions } from '../internal/asserts.js';
import { blockOf, countFailure, noFailures } from '../internal/throttle.js';
import type { Digits } from '../otp/parameters.js';
import { type FlowPolicy, MAX_BROWSER_FAILURES } from './account.js';
import { OWN_PARAMETERS } from './activation-state.js';
import { countAlone, countWithHelp } from './guessing-year.js';
import { type FlowPolicyOptions, resolveFlowPolicy } from './options.js';

/** What guessing achieves. */
export interface GuessingOdds {
  /** The largest number of codes that are evaluated in a year. */
  readonly guessesPerYear: number;
  /** The chance that one of them is right, from 0 to 1, at most. */
  readonly chancePerYear: number;
}

/** What guessing at one factor achieves: in the worst case, and for an attacker without help. */
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
 * In the worst case the customer logs in after every guess, which clears the delay, and the attacker holds the cookie of
 * every known browser. Then the rolling window alone holds the guesses back: the figure is what so many windows take, and
 * the failures of so many browsers. Alone, it is the most that the policy's own decisions let through, over every way of
 * guessing at once, waiting, or keeping silent until the failures are forgotten. An attacker reaches nearly all of either,
 * unless mails are so few, or logins that no browser or free failure makes easy so slow, that they hold guesses back too.
 *
 * @param options - the same options as for `createTwoFactor`; those that are not part of the policy are ignored
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
  const [withHelp, alone] = [countWithHelp(policy), countAlone(policy)];
  const oddsOf = (factor: 'email' | 'app', chance: number): FactorOdds => ({
    ...odds(withHelp, chance),
    alone: odds(alone[factor], chance),
  });
  const email = policy.fallback === 'email' ? oddsOf('email', 1 / 10 ** policy.mailDigits) : noOdds;
  const app = oddsOf('app', appChance(policy));
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

/** With a learned drift, each app's code is looked for in two windows. */
function appChance({ maxApps, window: { past, future } }: FlowPolicy): number {
  return (maxApps * 2 * (past + 1 + future)) / 10 ** OWN_PARAMETERS.digits;
}

/** At most the sum of the single chances, however they depend on each other. */
function odds(guessesPerYear: number, chance: number): GuessingOdds {
  return { guessesPerYear, chancePerYear: Math.min(1, guessesPerYear * chance) };
}

/** What a policy makes of one clause of a standard. */
export interface PolicyFinding {
  readonly standard: 'NIST SP 800-63B-4' | 'OWASP ASVS 5.0' | 'PCI DSS 4';
  readonly clause: string;
  readonly met: boolean;
  /** Why it is met, or what would meet it. */
  readonly note: string;
}

/** Holds a policy against the clauses that a policy can meet or miss. */
export function policyFindings(policy: FlowPolicy): readonly PolicyFinding[] {
  return [...nistFindings(policy), ...asvsFindings(policy), ...pciFindings(policy)];
}

const MAX_OUT_OF_BAND_SECONDS = 600;
const MAX_CONSECUTIVE_FAILURES = 100;
const PCI_ATTEMPTS = 10;
const PCI_LOCK_MS = 30 * 60_000;

type Standard = PolicyFinding['standard'];

/** Makes findings of one standard; the remedy is given only where a clause is not met. */
function findingsOf(
  standard: Standard,
): (clause: string, met: boolean, fact: string, remedy?: string) => PolicyFinding {
  return (clause, met, fact, remedy = '') => {
    const note = met || remedy === '' ? fact : `${fact} ${remedy}`;
    return { standard, clause, met, note };
  };
}

function nistFindings(policy: FlowPolicy): PolicyFinding[] {
  const { ttlSeconds, fallback, browsers, maxFailures } = policy;
  const hasMail = fallback === 'email';
  const failures = browsers.max * MAX_BROWSER_FAILURES + maxFailures;
  const isMailShort = !hasMail || ttlSeconds <= MAX_OUT_OF_BAND_SECONDS;
  const finding = findingsOf('NIST SP 800-63B-4');
  return [
    finding('3.1.2.2', true, 'Recovery codes have 114 bits and are stored as salted digests.'),
    finding('3.1.3.1', !hasMail, mailFact(hasMail), NO_MAIL),
    finding('3.1.3.2', isMailShort, lifeFact(policy), 'Set ttlSeconds: 600.'),
    finding('3.1.4.2', true, 'The code of an app is accepted once.'),
    finding(
      '3.2.1',
      browsers.rememberSeconds === 0,
      `A browser may skip the second step for ${browsers.rememberSeconds} s.`,
      'That is a cookie, which is no authenticator above AAL1: set browsers.rememberSeconds: 0.',
    ),
    finding(
      '3.2.2',
      failures <= MAX_CONSECUTIVE_FAILURES,
      `At most ${failures} failures in a row within the failure window, over all browsers.`,
      `The clause allows ${MAX_CONSECUTIVE_FAILURES}: lower limits.maxFailures or browsers.max.`,
    ),
  ];
}

function asvsFindings(policy: FlowPolicy): PolicyFinding[] {
  const { ttlSeconds, fallback, window } = policy;
  const hasMail = fallback === 'email';
  const appSeconds = (window.past + 1 + window.future) * PERIOD_SECONDS;
  const isShort = (!hasMail || ttlSeconds <= MAX_OUT_OF_BAND_SECONDS) && appSeconds === PERIOD_SECONDS;
  const finding = findingsOf('OWASP ASVS 5.0');
  return [
    finding('6.3.6', !hasMail, mailFact(hasMail), `At level 3 that is no factor. ${NO_MAIL}`),
    finding('6.5.1', true, 'Every code is accepted once.'),
    finding('6.5.2', true, 'Recovery codes have 114 bits, and 112 are enough for a plain digest.'),
    finding(
      '6.5.5',
      isShort,
      `${lifeFact(policy)} The code of an app is good for ${appSeconds} s.`,
      'The clause allows 600 and 30: spread strictPolicy into the options.',
    ),
    finding(
      '6.6.2',
      !hasMail,
      hasMail
        ? 'A mailed code is bound to person, purpose and address, and not to one login, so that asking twice keeps ' +
            'nobody out: decision 0022.'
        : mailFact(hasMail),
    ),
    finding('6.6.3', true, 'Guesses are limited for the account, whatever the number of logins.'),
  ];
}

function pciFindings(policy: FlowPolicy): PolicyFinding[] {
  const waitMs = waitAfter(PCI_ATTEMPTS, policy);
  const finding = findingsOf('PCI DSS 4');
  return [
    finding(
      '8.3.4',
      waitMs >= PCI_LOCK_MS,
      `After ten wrong codes in a row the account waits for ${Math.round(waitMs / 60_000)} minutes.`,
      'The clause asks for 30: set limits: { firstDelaySeconds: 1800 }.',
    ),
    finding('8.5.1', true, 'No code is accepted twice.'),
  ];
}

const NO_MAIL = "fallback: 'none' sends no code, and needs an app for everybody.";
const PERIOD_SECONDS = 30;

function mailFact(hasMail: boolean): string {
  return hasMail ? 'Codes are sent by e-mail.' : 'No code is sent by e-mail.';
}

function lifeFact({ fallback, ttlSeconds }: FlowPolicy): string {
  return fallback === 'email' ? `A mailed code is good for ${ttlSeconds} s.` : mailFact(false);
}

/** How long no code is evaluated after so many failures in a row, in ms. */
function waitAfter(attempts: number, policy: FlowPolicy): number {
  let now = 0;
  let failures = noFailures;
  for (let attempt = 0; attempt < attempts; attempt++) {
    now = blockOf(failures, { now, policy })?.retryAt ?? now;
    failures = countFailure(failures, { now, policy }).failures;
  }
  return (blockOf(failures, { now, policy })?.retryAt ?? now) - now;
}
