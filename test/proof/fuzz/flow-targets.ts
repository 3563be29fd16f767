/** Text from outside that goes through the flow, and stored records that were damaged. */
import type { Seeded } from '../../support/faults/seeded.js';
import {
  customer,
  type Holdings,
  install,
  type Installation,
  playLife,
  tokenTarget,
} from './fixed-installation.js';
import type { Package } from './instrument.js';
import type { Target } from './run-fuzzer.js';

const { userId } = customer;

/** The targets that need a store. */
export async function flowTargets(exports: Package): Promise<Target[]> {
  const place = install(exports);
  const holdings = await playLife(place, exports);
  place.store.isFrozen = true;
  const records = [...new Set(place.store.written)];
  return [
    challengeTarget(place, holdings),
    browserTarget(place, holdings),
    typedTarget(exports, place, holdings),
    recordTarget(records, place, flowActs(exports, place, holdings)),
    {
      ...recordTarget(records, place, tokenActs(place, holdings)),
      name: 'damaged records, mailed tokens',
      share: 0.01,
    },
  ];
}

function challengeTarget({ flow }: Installation, { challenges, proof, cookie }: Holdings): Target {
  const genuine = new Set([challenges.own, challenges.nobody]);
  return {
    name: 'challenges',
    share: 0.03,
    maxLength: 300,
    seeds: [...Object.values(challenges), proof, cookie, ''],
    words: [...Object.values(challenges), proof, 'A', '_', '-', '='],
    run: async (challenge) => {
      const answer = await flow.complete({ userId, challenge, code: '000000' });
      if (answer.ok) throw new Error('a wrong code was accepted');
      if (answer.reason !== 'unknown' && !genuine.has(challenge))
        throw new Error(`took it: ${answer.reason}`);
      return answer.reason;
    },
  };
}

function browserTarget({ flow }: Installation, { cookie, proof, challenges }: Holdings): Target {
  return {
    name: 'browser values',
    share: 0.01,
    maxLength: 300,
    seeds: [cookie, proof, challenges.own, ''],
    words: [cookie, 'A', '_', '-', 'null', ';', '='],
    run: async (browser) => {
      const begun = await flow.begin({ ...customer, browser });
      if (!begun.ok) return begun.reason;
      const isOwn = browser === cookie;
      if (begun.method === 'remembered' && !isOwn) throw new Error('skips the second step');
      const answer = await flow.complete({ userId, challenge: challenges.own, code: '000000', browser });
      return `${begun.method}, ${answer.ok ? 'ok' : answer.reason}`;
    },
  };
}

function typedTarget(
  { generateTotp, normalizeTyped }: Package,
  { flow, now }: Installation,
  holdings: Holdings,
): Target {
  const { secret, recoveryCodes, challenges } = holdings;
  const appCodes = [-30, 0, 30].map((seconds) => generateTotp(secret, { at: now() + seconds * 1000 }));
  const right = new Set([...appCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]);
  return {
    name: 'typed codes',
    share: 0.02,
    maxLength: 200,
    seeds: [
      ...appCodes,
      ...recoveryCodes.slice(0, 2),
      '000000',
      '0000000',
      '\uff11\uff12\uff13\uff14\uff15\uff16',
    ],
    words: [...appCodes, 'ACDEF', '-', ' ', '\u200b', '0', '\u0661'],
    run: async (code) => {
      const answer = await flow.complete({ userId, challenge: challenges.own, code });
      if (!answer.ok) return answer.reason;
      if (!right.has(normalizeTyped(code)?.toUpperCase() ?? '')) throw new Error('a wrong code was accepted');
      return answer.method;
    },
  };
}

interface Act {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

function recordTarget(records: readonly string[], { store }: Installation, acts: readonly Act[]): Target {
  return {
    name: 'damaged records, the flow',
    share: 0.02,
    maxLength: 20_000,
    seeds: [
      ...records,
      '',
      '{}',
      'live - - {}',
      'gone - - ',
      'live - - {"v":1}',
      'live - - [1]',
      'live - - null',
    ],
    words: [
      'live',
      'gone',
      ' - ',
      '"v":1',
      '"v":2',
      '{',
      '}',
      '[',
      ']',
      ',',
      'null',
      '"__proto__":',
      '""',
      ...records,
    ],
    mutate: damageJson,
    run: async (text, turn) => {
      const act = acts[turn % acts.length];
      if (act === undefined) throw new Error('no act');
      store.fixed = text;
      try {
        return `${act.name}: ${reasonOf(await act.run())}`;
      } finally {
        store.fixed = null;
      }
    },
  };
}

function reasonOf(answer: unknown): string {
  const isRefusal = typeof answer === 'object' && answer !== null && 'reason' in answer;
  return isRefusal ? String(answer.reason) : 'ok';
}

function flowActs(
  { generateTotp }: Package,
  { flow, now, mailedCode }: Installation,
  holdings: Holdings,
): Act[] {
  const { secret, recoveryCodes, challenges, cookie, proof } = holdings;
  const appCode = generateTotp(secret, { at: now() });
  const recoveryCode = recoveryCodes[0] ?? '';
  const complete = (code: string, browser?: string) => () =>
    flow.complete({ userId, challenge: challenges.own, code, browser, remember: true });
  return [
    { name: 'status', run: () => flow.status(userId) },
    { name: 'begin', run: () => flow.begin(customer) },
    { name: 'begin in a known browser', run: () => flow.begin({ ...customer, browser: cookie }) },
    { name: 'begin without an address', run: () => flow.begin({ ...customer, email: null }) },
    { name: 'complete by mail', run: complete(mailedCode()) },
    { name: 'complete by app', run: complete(appCode) },
    { name: 'complete by recovery code', run: complete(recoveryCode) },
    { name: 'complete, wrong', run: complete('000000', cookie) },
    { name: 'beginActivation', run: () => flow.beginActivation({ userId, account: userId }) },
    { name: 'confirmActivation', run: () => flow.confirmActivation({ userId, code: appCode, proof }) },
    { name: 'deactivate', run: () => flow.deactivate({ userId, code: appCode }) },
    { name: 'renewRecoveryCodes', run: () => flow.renewRecoveryCodes({ userId, code: appCode }) },
    { name: 'adopt', run: () => flow.adopt({ userId, secret }) },
    { name: 'forgetBrowsers', run: () => flow.forgetBrowsers({ userId, browser: cookie }) },
    { name: 'revoke', run: () => flow.revoke(userId) },
    { name: 'unlock', run: () => flow.unlock(userId) },
    { name: 'erase', run: mustSucceed(() => flow.erase(userId)) },
  ];
}

function tokenActs({ tokens, mailedCode }: Installation, { challenges }: Holdings): Act[] {
  const redeem = (code: string) => () => tokens.redeem({ ...tokenTarget, challenge: challenges.token, code });
  return [
    { name: 'issue', run: () => tokens.issue({ ...tokenTarget, to: 'new@example.com' }) },
    { name: 'issue without an address', run: () => tokens.issue({ ...tokenTarget, to: null }) },
    { name: 'redeem', run: redeem(mailedCode()) },
    { name: 'redeem, wrong', run: redeem('000000') },
    { name: 'revoke', run: () => tokens.revoke(tokenTarget) },
    { name: 'unlock', run: () => tokens.unlock(tokenTarget) },
    { name: 'erase', run: mustSucceed(() => tokens.erase(tokenTarget)) },
  ];
}

/** Erasing removes whatever is there, so it may not fail, not even with an error of the package. */
function mustSucceed(run: () => Promise<void>): () => Promise<void> {
  return () =>
    run().catch((cause: unknown) => {
      throw new Error('a damaged record cannot be erased', { cause });
    });
}

/** Puts another value in some place of a record's JSON. */
function damageJson(text: string, random: Seeded): string {
  const found = /^(live \S* \S* )(\{[^]*\})$/.exec(text);
  if (found === null) return text;
  const [, head = '', json = ''] = found;
  try {
    const root: unknown = JSON.parse(json);
    for (let left = 1 + random.below(3); left > 0; left--) damage(root, random);
    return head + JSON.stringify(root);
  } catch {
    return text;
  }
}

function damage(root: unknown, random: Seeded): void {
  let node = root;
  for (let depth = 0; depth < 6; depth++) {
    if (typeof node !== 'object' || node === null) return;
    const holder = node as Record<string, unknown>;
    const names = Object.keys(holder);
    const name = names[random.below(Math.max(1, names.length))];
    if (name === undefined) return;
    const inner = holder[name];
    const isLeaf = typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0;
    if (isLeaf || random.chance(0.3)) {
      damageField(holder, name, random);
      return;
    }
    node = inner;
  }
}

function damageField(holder: Record<string, unknown>, name: string, random: Seeded): void {
  if (random.chance(0.15)) {
    Reflect.deleteProperty(holder, name);
    return;
  }
  if (random.chance(0.15)) {
    holder[random.pick(['extra', '__proto__ ', 'constructor', 'v', '0'])] = holder[name];
    return;
  }
  const old = holder[name];
  holder[name] =
    random.chance(0.3) && typeof old === 'number'
      ? old + random.pick([-1, 1, 0.5, 1e6, 1e15])
      : random.pick(strangeValues)();
}

const strangeValues: readonly [() => unknown, ...(() => unknown)[]] = [
  () => null,
  () => true,
  () => -1,
  () => 0,
  () => 5,
  () => 1.5,
  () => 8.64e15,
  () => 8.64e15 + 2,
  () => 1e300,
  () => '',
  () => 'x'.repeat(65),
  () => '\ud800',
  () => [],
  () => [[[[[[]]]]]],
  () => ({}),
  () => Array.from({ length: 300 }, (_, index) => index),
  () => ({ length: 3, 0: 1 }),
  () => ({ toString: 1, valueOf: 2 }),
];
