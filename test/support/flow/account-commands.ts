import fc from 'fast-check';
import { expect } from 'vitest';
import { looserThanRecommended } from '../../../src/email-token/policy.js';
import type { Secret } from '../../../src/otp/secret.js';
import type { TwoFactorOptions } from '../../../src/two-factor/options.js';
import { AccountModel, type Meant, model as options, type Ticket } from './account-model.js';
import type { NewFlow } from './on-engines.js';
import { bareMail, type Flow, userId } from './flow.js';

/** The real flow, and what the customer has in hand. */
interface Real {
  readonly flow: Flow;
  readonly challenges: string[];
  readonly cookies: string[];
  readonly secrets: Secret[];
  /** The codes of each mailed token, in order. */
  readonly mailed: string[];
  readonly sets: (readonly string[])[];
  /** Every code that was ever accepted. */
  readonly accepted: Set<string>;
}

type Command = fc.AsyncCommand<AccountModel, Real>;

/** The options of the model, for the real flow. */
export const modelOptions: Partial<TwoFactorOptions> = {
  render: bareMail,
  maxApps: options.maxApps,
  resendAfterSeconds: 0,
  browsers: { max: options.maxBrowsers, rememberSeconds: options.rememberSeconds },
  limits: looserThanRecommended({ sendsPerHour: 60, sendsPerDay: 200, maxFailures: options.maxFailures }),
};

/** Any sequence of commands keeps the flow and its model alike. */
export function accountProperty(
  newFlow: NewFlow,
  maxCommands: number,
): fc.IAsyncPropertyWithHooks<[Iterable<Command>]> {
  return fc.asyncProperty(fc.commands(commands, { maxCommands, size: 'max' }), async (run) => {
    const setup = (): { model: AccountModel; real: Real } => {
      const flow = newFlow(modelOptions);
      const model = new AccountModel();
      model.now = flow.clock.now() / 1000;
      const real: Real = {
        flow,
        ...{ challenges: [], cookies: [], secrets: [], mailed: [], sets: [[]], accepted: new Set() },
      };
      return { model, real };
    };
    await fc.asyncModelRun(setup, run);
  });
}

type Act = (model: AccountModel, real: Real) => Promise<readonly [actual: string, expected: string]>;

function command(name: string, act: Act): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      const [actual, expected] = await act(model, real);
      expect(actual, name).toBe(expected);
      const status = await real.flow.twoFactor.status(userId);
      // At no moment is the method weaker than what was proved.
      expect(status.method, name).toBe(model.apps.length > 0 ? 'authenticator' : 'email');
      expect(status.apps, name).toHaveLength(model.apps.length);
      expect(status.recoveryCodesLeft, name).toBe(model.left.size);
      expect(status.browsers, name).toHaveLength(model.browsers.length);
      expect(status.lockedUntil !== null, name).toBe(model.isLocked());
    },
    toString: () => name,
  };
}

type Answer = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A record that has expired as a whole cannot tell what it held: to the model these are one. */
const verdict = (answer: Answer): string =>
  answer.ok ? 'ok' : ['unknown', 'expired', 'inactive'].includes(answer.reason) ? 'gone' : answer.reason;

/** The digits and letters of what the customer means. */
function typed(code: Meant, { flow, mailed, secrets, sets }: Real): string {
  switch (code.kind) {
    case 'wrong':
      return wrongCode(flow, [...mailed], secrets);
    case 'wrong letters':
      return 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA';
    case 'mail':
      return mailed[code.id] ?? 'never mailed';
    case 'app':
      return flow.appCode(code.offset, secrets[code.secret]);
    case 'recovery':
      return sets[code.set]?.[code.index] ?? 'no such code';
  }
}

function wrongCode(flow: Flow, mailed: readonly string[], secrets: readonly Secret[]): string {
  // No command types a code that is more than two steps off, so no drift is more than that.
  const offsets = Array.from({ length: 9 }, (_, index) => index - 4);
  const right = new Set([
    ...mailed,
    ...secrets.flatMap((secret) => offsets.map((steps) => flow.appCode(steps, secret))),
  ]);
  for (let number = 0; ; number++) {
    const code = String(number).padStart(6, '0');
    if (!right.has(code)) return code;
  }
}

/** A code as a command chooses it, before it is known what there is. */
interface Choice {
  readonly kind: Meant['kind'];
  readonly back: number;
  readonly offset: number;
  readonly index: number;
}

/** The code that a choice means now. */
function meant({ kind, back, offset, index }: Choice, model: AccountModel): Meant {
  if (kind === 'mail' && model.mails > 0) return { kind, id: Math.max(model.mails - 1 - back, 0) };
  if (kind === 'app' && model.secrets > 0) {
    return { kind, secret: Math.max(model.secrets - 1 - back, 0), offset };
  }
  if (kind === 'recovery' && model.set > 0) {
    return { kind, set: Math.max(model.set - Math.min(back, 1), 1), index };
  }
  return { kind: 'wrong' };
}

/** Nothing is accepted twice, whatever came in between. */
function noteAccepted(real: Real, answer: { readonly ok: boolean }, codes: readonly string[]): void {
  if (!answer.ok) return;
  for (const code of codes) {
    expect(real.accepted.has(code), `${code} was accepted before`).toBe(false);
    real.accepted.add(code);
  }
}

const begin = (purpose: string, cookie: number | null): Command =>
  command(`begin for ${purpose} with cookie ${String(cookie)}`, async (model, real) => {
    const place = placeOf(cookie, model);
    const before = model.mails;
    const expected = model.begin(purpose, place);
    const begun = await real.flow.begin({ purpose, browser: cookieAt(place, real) });
    if (begun.ok && 'challenge' in begun) real.challenges.push(begun.challenge);
    if (model.mails > before) real.mailed.push(real.flow.mails.at(-1)?.code ?? '');
    return [begun.ok ? begun.method : begun.reason, expected];
  });

const complete = (choice: Choice, back: number, cookie: number | null, remember: boolean): Command =>
  command(`complete by ${choice.kind}, ${JSON.stringify(choice)}, ticket ${back}`, async (model, real) => {
    const index = model.tickets.length - 1 - back;
    const ticket: Ticket | undefined = model.tickets[index];
    if (ticket === undefined) return ['', ''];
    const place = placeOf(cookie, model);
    const code = meant(choice, model);
    const text = typed(code, real);
    const known = model.cookies;
    const expected = model.complete(code, ticket, place, remember);
    const request = { challenge: real.challenges[index], browser: cookieAt(place, real), remember };
    const done = await real.flow.complete(text, { ...request, purpose: ticket.purpose });
    noteAccepted(real, done, [text]);
    if (done.ok && model.cookies > known) real.cookies.push(done.browser?.value ?? '');
    return [verdict(done), expected];
  });

const scan = command('begin an activation', async (model, real) => {
  const expected = model.beginActivation();
  const begun = await real.flow.twoFactor.beginActivation({ userId, account: userId });
  if (begun.ok) real.secrets.push(begun.secret);
  return [verdict(begun), expected];
});

const confirm = (choice: Choice, proof: Choice | null): Command =>
  command(`confirm ${JSON.stringify([choice, proof])}`, async (model, real) => {
    const code = meant(choice, model);
    const proofCode = proof && meant(proof, model);
    const [text, proofText] = [typed(code, real), proofCode && typed(proofCode, real)];
    const isFirst = model.apps.length === 0;
    const set = model.set;
    const expected = model.confirm(code, proofCode);
    const confirmed = await real.flow.confirm(text, proofText ?? undefined);
    noteAccepted(real, confirmed, isFirst || proofText === null ? [text] : [text, proofText]);
    if (confirmed.ok && confirmed.recoveryCodes !== null) real.sets[set + 1] = confirmed.recoveryCodes;
    return [verdict(confirmed), expected];
  });

const deactivate = (choice: Choice): Command =>
  command(`deactivate ${JSON.stringify(choice)}`, async (model, real) => {
    const { apps } = await real.flow.twoFactor.status(userId);
    const code = meant(choice, model);
    const text = typed(code, real);
    const expected = model.deactivate(code);
    const done = await real.flow.twoFactor.deactivate({ userId, code: text, app: apps[0]?.id });
    noteAccepted(real, done, [text]);
    return [verdict(done), expected];
  });

const renew = (choice: Choice): Command =>
  command(`renew ${JSON.stringify(choice)}`, async (model, real) => {
    const code = meant(choice, model);
    const text = typed(code, real);
    const expected = model.renew(code);
    const renewed = await real.flow.twoFactor.renewRecoveryCodes({ userId, code: text });
    noteAccepted(real, renewed, [text]);
    if (renewed.ok) real.sets[model.set] = renewed.recoveryCodes;
    return [verdict(renewed), expected];
  });

const wait = (seconds: number): Command =>
  command(`wait ${seconds} s`, (model, real) => {
    // A little longer, since a challenge that follows a change of a factor is dated a millisecond later.
    const ms = seconds * 1000 + 20;
    real.flow.clock.advance(ms);
    model.now += ms / 1000;
    return Promise.resolve(['', '']);
  });

const operator = (name: 'unlock' | 'revoke' | 'erase'): Command =>
  command(name, async (model, real) => {
    await real.flow.twoFactor[name](userId);
    model[name]();
    return ['', ''];
  });

const forget = command('forget every browser', async (model, real) => {
  await real.flow.twoFactor.forgetBrowsers({ userId });
  model.browsers = [];
  return ['', ''];
});

/** One of the newest cookies that were ever given out; null for none. */
function placeOf(cookie: number | null, { cookies }: AccountModel): number | null {
  return cookie === null || cookies === 0 ? null : Math.max(cookies - 1 - cookie, 0);
}

function cookieAt(place: number | null, { cookies }: Real): string | undefined {
  return place === null ? undefined : cookies[place];
}

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.constantFrom<Meant['kind']>(
    ...([
      'app',
      'app',
      'app',
      'mail',
      'mail',
      'mail',
      'recovery',
      'recovery',
      'wrong',
      'wrong',
      'wrong',
    ] as const),
    'wrong letters',
  ),
  back: fc.constantFrom(0, 0, 0, 0, 1, 2),
  offset: fc.constantFrom(0, 0, 0, 0, -1, 1, 2, -2),
  index: fc.nat({ max: 9 }),
});
const appChoice = choice.map((each) => ({ ...each, kind: 'app' as const }));
const cookie = fc.constantFrom(null, null, 0, 0, 1, 3);

const commands = [
  fc
    .tuple(fc.constantFrom('login', 'login', 'login', 'other'), cookie)
    .map(([purpose, each]) => begin(purpose, each)),
  fc
    .tuple(choice, fc.constantFrom(0, 0, 0, 0, 1, 3), cookie, fc.boolean())
    .map(([code, back, each, remember]) => complete(code, back, each, remember)),
  fc
    .tuple(choice, fc.constantFrom(0, 0, 0, 0, 1, 3), cookie, fc.boolean())
    .map(([code, back, each, remember]) => complete(code, back, each, remember)),
  fc.constant(scan),
  fc.tuple(appChoice, fc.option(choice)).map(([code, proof]) => confirm(code, proof)),
  choice.map(deactivate),
  choice.map(renew),
  fc.constantFrom(1, 29, 30, 30, 60, 240, 600, 900, 7200, 90_000).map(wait),
  fc.constantFrom('unlock' as const, 'unlock' as const, 'revoke' as const, 'erase' as const).map(operator),
  fc.constant(forget),
];
