/** What is stated of a policy beside what attackers get out of it in a year of public calls. */
import { explainPolicy } from '../../../src/two-factor/explain-policy.js';
import type { FlowPolicyOptions } from '../../../src/two-factor/options.js';
import { guessForAYear, inRows, type Plan, type Rhythm, rhythms } from '../../support/flow/guesser.js';
import { seeded } from '../../support/faults/seeded.js';
import { DAY, SECOND } from '../../support/flow/time.js';
import { randomPolicy } from './random-policies.js';

/** One policy and one way to attack it. */
export interface PolicyRow {
  readonly policy: number;
  readonly factor: 'email' | 'app';
  /** Whether every known browser is stolen and the customer helps without knowing. */
  readonly hasHelp: boolean;
  readonly stated: number;
  readonly best: number;
  /** Which attacker got furthest. */
  readonly strategy: string;
  readonly attackers: number;
}

/** How much to play. */
export interface PolicyRun {
  readonly policies: number;
  readonly seed: number;
  /** How many of the strategies to play: the greedy one first. */
  readonly strategies?: number;
  readonly report?: (row: PolicyRow) => void;
}

/** Holds random policies against every attacker. */
export async function attackPolicies({
  policies,
  seed,
  strategies = 99,
  report,
}: PolicyRun): Promise<readonly PolicyRow[]> {
  const random = seeded(seed);
  const rows: PolicyRow[] = [];
  for (let policy = 1; policy <= policies; policy++) {
    const options = randomPolicy(random);
    for (const factor of ['email', 'app'] as const) {
      for (const hasHelp of [false, true]) {
        const row = await attack(options, { policy, factor, hasHelp }, strategies);
        rows.push(row);
        report?.(row);
      }
    }
  }
  return rows;
}

async function attack(
  options: FlowPolicyOptions,
  about: Pick<PolicyRow, 'policy' | 'factor' | 'hasHelp'>,
  strategies: number,
): Promise<PolicyRow> {
  const { factor, hasHelp } = about;
  const odds = explainPolicy(options)[factor];
  const stated = hasHelp ? odds.guessesPerYear : odds.alone.guessesPerYear;
  let [best, strategy] = [-1, ''];
  const attackers = all(options, about).slice(0, strategies);
  for (const [name, attacker] of attackers) {
    const { evaluatedAt } = await guessForAYear(options, { factor, hasHelp, ...attacker });
    if (evaluatedAt.length > best) [best, strategy] = [evaluatedAt.length, name];
  }
  return { ...about, stated, best, strategy, attackers: attackers.length };
}

/** Waits at random, from a second to two days. */
function atRandom(seed: number): Rhythm {
  const random = seeded(seed);
  return (now, retryAt) => Math.max(now + SECOND + Math.floor(random.next() ** 6 * 2 * DAY), retryAt);
}

type Attacker = Pick<Plan, 'rhythm' | 'loginEvery'>;

/** Greedy first; then what else there is against this policy; then waiting, in bursts, and at random. */
function all(
  options: FlowPolicyOptions,
  { policy, hasHelp }: Pick<PolicyRow, 'policy' | 'hasHelp'>,
): readonly (readonly [string, Attacker])[] {
  const [greedy, ...others] = Object.entries(rhythms);
  const named = [
    ...(greedy === undefined ? [] : [greedy]),
    ...(hasHelp ? [] : rows(options)),
    ...others,
    ['at random', atRandom(policy)] as const,
  ];
  const attackers = named.map(([name, rhythm]) => [name, { rhythm }] as const);
  const daily = Object.entries(rhythms).slice(0, DAILY);
  const beside = daily.map(
    ([name, rhythm]) => [`${name}, one login a day`, { rhythm, loginEvery: DAY }] as const,
  );
  return hasHelp ? [...attackers.slice(0, 1), ...beside, ...attackers.slice(1)] : attackers;
}

/** How many rhythms are played beside a customer who logs in once a day. */
const DAILY = 4;

/** Rows that end where the delays get long, with a silence after which the throttle has forgotten them. */
function rows({ limits = {} }: FlowPolicyOptions): readonly (readonly [string, Rhythm])[] {
  const { freeFailures = 4, failureWindowSeconds = 30 * 86_400 } = limits;
  return [3, 6, 10, 12].map((beyond) => {
    const length = freeFailures + beyond;
    return [`rows of ${length}`, inRows(length, failureWindowSeconds * SECOND)];
  });
}
