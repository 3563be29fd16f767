import { explainPolicy, looserThanRecommended, strictPolicy } from '../../src/index.js';
import type { Table } from './page-tables.js';

type Policy = NonNullable<Parameters<typeof explainPolicy>[0]>;

/** What `explainPolicy` says, as tables. */
export function policyTables(): ReadonlyMap<string, Table> {
  return new Map([
    ['odds', oddsTable()],
    ['odds in short', shortOddsTable()],
    ['other limits', otherLimitsTable()],
    ['findings', findingsTable()],
  ]);
}

const policies: readonly (readonly [string, Policy])[] = [
  ['the defaults', {}],
  ['`strictPolicy`', strictPolicy],
  ["`fallback: 'none'`", { fallback: 'none' }],
  ['`maxApps: 3`', { maxApps: 3 }],
  ['`browsers: { max: 0 }`', { browsers: { max: 0 } }],
  ['`digits: 8`', { digits: 8 }],
  ['`limits: { firstDelaySeconds: 1800 }`', { limits: { firstDelaySeconds: 1800 } }],
  ['`limits: { maxFailures: 20 }`', { limits: { maxFailures: 20 } }],
  ['`looserThanRecommended({ maxFailures: 100 })`', { limits: looserThanRecommended({ maxFailures: 100 }) }],
];

function oddsTable(): Table {
  const header = [
    'policy',
    'mail: guesses, chance',
    'app: guesses, chance',
    'account, at worst',
    'mail, alone',
    'app, alone',
  ];
  const rows = policies.map(([name, policy]) => {
    const { email, app, account } = explainPolicy(policy);
    return [
      name,
      describe(email),
      describe(app),
      percent(account.chancePerYear),
      describe(email.alone),
      describe(app.alone),
    ];
  });
  return [header, ...rows];
}

function shortOddsTable(): Table {
  const { email, app, recovery } = explainPolicy();
  return [
    ['what the attacker guesses at', 'guesses in a year, at worst', 'chance in a year'],
    ['a mailed code', grouped(email.guessesPerYear), percent(email.chancePerYear)],
    ['the code of an app', grouped(app.guessesPerYear), percent(app.chancePerYear)],
    ['a recovery code', grouped(recovery.guessesPerYear), percent(recovery.chancePerYear)],
  ];
}

/** Limits that others use, with the guesses that each allows in a year. */
function otherLimitsTable(): Table {
  const limits: readonly (readonly [string, number])[] = [
    ['5 a minute', 5 * 60 * 24 * 365],
    ['10, then a pause of 15 minutes', 10 * 4 * 24 * 365],
    ['doubling waits of up to an hour', 24 * 365 + 10],
    ['100 in a row and then never again, the most that NIST allows', 100],
  ];
  const chance = (guesses: number): number => 1 - (1 - 3 / 1e6) ** guesses;
  return [
    ['limit for one account', 'guesses in a year', 'chance in a year'],
    ...limits.map(([name, guesses]) => [name, grouped(guesses), percent(chance(guesses))]),
  ];
}

function findingsTable(): Table {
  const [defaults, strict] = [explainPolicy(), explainPolicy(strictPolicy)];
  const rows = defaults.findings.map(({ standard, clause, met, note }) => [
    `${standard}, ${clause}`,
    yesNo(met),
    yesNo(strict.findings.find((each) => each.standard === standard && each.clause === clause)?.met),
    note,
  ]);
  return [['clause', 'defaults', '`strictPolicy`', 'note'], ...rows];
}

function describe({
  guessesPerYear,
  chancePerYear,
}: {
  guessesPerYear: number;
  chancePerYear: number;
}): string {
  return guessesPerYear === 0 ? '–' : `${grouped(guessesPerYear)}, ${percent(chancePerYear)}`;
}

const grouped = (value: number): string => value.toLocaleString('en');
const yesNo = (met: boolean | undefined): string => (met === true ? 'met' : 'not met');

/** Two significant digits, and four where the chance is nearly one. */
export function percent(chance: number): string {
  if (chance < 1e-9) return 'under 0.0000001 %';
  return `${Number((chance * 100).toPrecision(chance > 0.99 ? 4 : 2))} %`;
}
