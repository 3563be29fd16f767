import { describe, expect, it } from 'vitest';
import {
  asFastAsAllowed,
  Attacker,
  bursts,
  DAY,
  fourThenWait,
  HOUR,
  type Rhythm,
  type Target,
} from './attacker.js';
import { type Flow, setUp } from './flow.js';

const MONTH = 30 * DAY;
const WRONG_CODES = 200;
const BUDGET = 50;
const START = Date.UTC(2030, 0);

/** How likely one evaluated guess is right: three steps of an app, a mail, ten recovery codes of 24^15. */
const chances: Readonly<Record<Target, number>> = {
  app: 3 / 1e6,
  mail: 1 / 1e6,
  recovery: 10 / 24 ** 15,
  'all with an app': 3 / 1e6,
  'all without an app': 3 / 1e6,
};
const targets = Object.keys(chances) as Target[];

/** Logins of the customer in a day; each success clears the delay. */
const customers = [0, 1, 10];

const burst = (size: number, gap: number): [string, Rhythm] => [
  `bursts of ${size}, ${gap / 1000} s apart`,
  bursts(START, MONTH, WRONG_CODES, size, gap),
];
const rhythms: [string, Rhythm][] = [
  ['as fast as allowed', asFastAsAllowed],
  ['four at a time, then waiting for the customer', fourThenWait],
  ['evenly spread', bursts(START, MONTH, WRONG_CODES, 1, 0)],
  ...[4, 5, 10, 50, 200].map((size) => burst(size, 60_000)),
  burst(200, 1000),
];

describe.each(targets)('promise 4: of 200 wrong codes in a month, sent to %s,', (target) => {
  it('no rhythm gets more than 50 evaluated, whoever logs in meanwhile', async () => {
    const found: [evaluated: number, name: string][] = [];
    for (const loginsPerDay of customers) {
      for (const [name, rhythm] of rhythms) {
        const { evaluated } = await attack({ target, rhythm, loginsPerDay, end: START + MONTH });
        expect(evaluated.length, name).toBeLessThanOrEqual(BUDGET);
        found.push([evaluated.length, `${name}, beside ${loginsPerDay} logins a day`]);
      }
    }
    const [best = 0, name = ''] = found.sort(([a], [b]) => b - a)[0] ?? [];
    const chance = chanceOf(best, chances[target]);
    report(`200 wrong codes to ${target}: at most ${best} evaluated (${name}), chance ${percent(chance)}`);
    expect(best).toBe(BUDGET);
    expect(chance).toBeLessThanOrEqual(1.5e-4);
  });
});

describe.each(rhythms.slice(0, 2))('promise 4: whoever sends wrong codes for a year, %s,', (name, rhythm) => {
  it.each(customers)('has 50 evaluated in any 30 days, beside %i logins a day', async (loginsPerDay) => {
    const end = START + 365 * DAY;
    const { evaluated } = await attack({ target: 'app', rhythm, loginsPerDay, end }, Infinity);
    const chance = percent(chanceOf(evaluated.length, chances.app));
    report(
      `a year ${name}, beside ${loginsPerDay} logins a day: ${evaluated.length} evaluated, chance ${chance}`,
    );
    for (const [index, instant] of evaluated.entries())
      expect((evaluated[index + BUDGET] ?? Infinity) - instant).toBeGreaterThanOrEqual(MONTH);
    expect(evaluated.length).toBeLessThanOrEqual(650);
  });
});

interface Attack {
  readonly target: Target;
  readonly rhythm: Rhythm;
  readonly loginsPerDay: number;
  readonly end: number;
}

/** Runs attacker and customer beside each other until the codes or the time are used up. */
async function attack(
  { target, rhythm, loginsPerDay, end }: Attack,
  wrongCodes = WRONG_CODES,
): Promise<Attacker> {
  const flow = setUp();
  const { clock } = flow.around;
  const hasApp = !['mail', 'all without an app'].includes(target);
  clock.set(START - HOUR);
  if (hasApp) await flow.activate();
  clock.set(START);
  const attacker = new Attacker(flow, target);
  let login = nextLogin(START, loginsPerDay);
  for (;;) {
    const guess = attacker.sent < wrongCodes ? attacker.next(rhythm) : Infinity;
    const time = Math.min(guess, login);
    if (time >= end || attacker.sent >= wrongCodes) return attacker;
    clock.set(time);
    if (guess < login) await attacker.send();
    else {
      if (await logIn(flow, hasApp)) attacker.noticeLogin();
      login = nextLogin(time, loginsPerDay);
    }
  }
}

function nextLogin(time: number, loginsPerDay: number): number {
  return loginsPerDay === 0 ? Infinity : time + DAY / loginsPerDay;
}

async function logIn(flow: Flow, hasApp: boolean): Promise<boolean> {
  if (hasApp) return (await flow.complete(flow.appCode())).ok;
  const mail = await flow.mail().catch(() => null);
  return mail !== null && (await flow.complete(mail.code, mail.challenge)).ok;
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** That one of so many guesses is right; exact also where 1 minus the chance of one is 1 to a computer. */
function chanceOf(guesses: number, chanceOfOne: number): number {
  return -Math.expm1(guesses * Math.log1p(-chanceOfOne));
}

function percent(chance: number): string {
  return `${(chance * 100).toPrecision(2)} %`;
}
