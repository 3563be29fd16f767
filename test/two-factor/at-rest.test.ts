import { createHash, createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { looserThanRecommended } from '../../src/email-token/policy.js';
import { Secret } from '../../src/otp/secret.js';
import { parseEnvelope } from '../../src/store/record.js';
import { bareMail, cookieOf, repeat, setUp, userId, yes } from '../support/flow/flow.js';
import { playScenario, type Secrets, setUpScenario } from '../support/flow/scenario.js';
import { OpenStore } from '../support/flow/stores.js';
import { MINUTE, STEP } from '../support/flow/time.js';

/** A record as it was written, and when. */
interface Written {
  readonly at: number;
  readonly text: string;
  readonly fields: Record<string, unknown>;
}

/** Every text and every number in a record, with the name it stands under. */
function leavesOf(value: unknown, name = ''): { name: string; leaf: string | number }[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ name, leaf: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, Array.isArray(value) ? name : key));
}

const instants = [
  ...['issuedAt', 'expiresAt', 'longSentAt', 'sentAt', 'at', 'voidBefore', 'activatedAt', 'deactivatedAt'],
  ...['lastUsedAt', 'rememberedAt'],
];
const counts = ['v', 'attempts', 'mails', 'inARow', 'failures', 'digits', 'period', 'drift', 'lastTimeStep'];

/** Whatever a thief would try with a guessed code and a text that stands beside it. */
function digestsOf(code: string, beside: readonly string[]): string[] {
  const inputs = beside.flatMap((text) => [
    text,
    text + code,
    code + text,
    `${text}:${code}`,
    `${code}:${text}`,
  ]);
  const buffers = ['sha1', 'sha256', 'sha512'].flatMap((hash) => [
    createHash(hash).update(code).digest(),
    ...inputs.map((text) => createHash(hash).update(text).digest()),
    ...beside.flatMap((text) => [
      createHmac(hash, text).update(code).digest(),
      createHmac(hash, code).update(text).digest(),
    ]),
  ]);
  return buffers.flatMap((bytes) => [
    bytes.toString('base64url').slice(0, 12),
    bytes.toString('base64').slice(0, 12),
    bytes.toString('hex').slice(0, 12),
  ]);
}

describe('promise 5: of every value that is written in a customer’s life', () => {
  const store = new OpenStore();
  let secrets: Secrets;
  let records: readonly Written[] = [];
  let all = '';

  beforeAll(async () => {
    const flow = setUpScenario({ store });
    store.now = flow.clock.now;
    secrets = await playScenario(flow);
    records = store.written.map((value, index) => {
      const text = parseEnvelope(value).value ?? '{}';
      return { at: store.writtenAt[index] ?? 0, text, fields: JSON.parse(text) as Record<string, unknown> };
    });
    all = store.written.join('\n');
  });

  it('there are many, and everything happened', () => {
    expect(records.length).toBeGreaterThan(50);
    expect(secrets.mailCodes.length).toBeGreaterThan(8);
    expect(secrets.mailCodes.some((code) => code.length > 8)).toBe(true);
    expect(secrets.recoveryCodes).toHaveLength(20);
    expect(secrets.cookies.length).toBeGreaterThan(4);
    expect(secrets.secrets).toHaveLength(5);
    for (const name of ['longSentAt', 'rememberedAt', 'deactivatedAt', 'voidBefore']) {
      expect(records.some(({ fields }) => leavesOf(fields).some((leaf) => leaf.name === name))).toBe(true);
    }
  });

  it('none holds a mailed code, an app’s code or a recovery code', () => {
    const leaves = records.flatMap(({ fields }) => leavesOf(fields));
    const numbers = new Set(leaves.flatMap(({ name, leaf }) => (typeof leaf === 'number' ? name : [])));
    expect([...numbers].filter((name) => ![...instants, ...counts].includes(name))).toEqual([]);
    const texts = leaves.flatMap(({ leaf }) => (typeof leaf === 'string' ? leaf : [])).join('\n');
    const codes = [...secrets.mailCodes, ...secrets.appCodes, ...secrets.recoveryCodes];
    const spellings = codes.flatMap((code) => [code, code.replaceAll('-', '')]);
    expect(spellings.filter((code) => texts.includes(code))).toEqual([]);
  });

  it('none holds a digest that a thief could grind', () => {
    const texts = new Set(records.flatMap(({ fields }) => leavesOf(fields).map(({ leaf }) => String(leaf))));
    const salts = [...texts].filter((text) => text.length >= 6 && text.length < 50).slice(0, 150);
    const parts = new Set(Array.from({ length: all.length }, (_, index) => all.slice(index, index + 12)));
    const short = secrets.mailCodes.filter((code) => code.length <= 8);
    const found = [...short.slice(0, 4), ...secrets.appCodes.slice(0, 2)].flatMap((code) =>
      digestsOf(code, ['', userId, ...salts]).filter((digest) => parts.has(digest)),
    );
    expect(found).toEqual([]);
  });

  it('none holds a secret of an app in any spelling, nor its URI', () => {
    for (const secret of secrets.secrets) {
      const bytes = Buffer.from(secret.toBytes());
      const spellings = (['hex', 'base64', 'base64url', 'latin1'] as const).map((name) =>
        bytes.toString(name),
      );
      const text = secret.toBase32();
      for (const each of [...spellings, text, text.toLowerCase()]) expect(all).not.toContain(each);
    }
    expect(all).not.toContain('otpauth');
  });

  it('none holds a cookie, a challenge or a proof', () => {
    for (const each of [...secrets.cookies, ...secrets.tickets]) expect(all).not.toContain(each);
  });

  it('none holds the address of a token that has ended', () => {
    for (const { at, fields } of records) {
      const { token, sending, long } = fields;
      const live = [token, sending, long].filter((each) => typeof each === 'object' && each !== null);
      const named = live as { to: string | null; expiresAt: number }[];
      for (const { to, expiresAt } of named) expect(to === null || expiresAt > at).toBe(true);
      const text = JSON.stringify({ ...fields, token: null, sending: null, long: null });
      for (const address of secrets.addresses) expect(text).not.toContain(address);
    }
  });

  it('none holds the customer’s id, and no record’s name does', () => {
    expect(all).not.toContain(userId);
    for (const key of store.records.keys()) expect(key).toMatch(/^two-factor:[0-9a-f]{64}$/);
  });

  it('recovery codes and browsers stand there as digests under a salt of 132 random bits', () => {
    const lists = records.flatMap(({ fields }) => {
      const { recovery, browsers } = fields as {
        recovery?: { left: string[]; used: string[] };
        browsers?: { digest: string }[];
      };
      return [
        ...(recovery ? [...recovery.left, ...recovery.used] : []),
        ...(browsers ?? []).map(({ digest }) => digest),
      ];
    });
    expect(lists.length).toBeGreaterThan(100);
    for (const digest of lists) expect(digest).toMatch(/^[\w-]{43}$/);
    for (const { fields } of records) {
      if ('salt' in fields) expect(fields['salt']).toMatch(/^[\w-]{22}$/);
    }
  });
});

describe('promise 5: two customers with the same secret', () => {
  it('have nothing in their records that is the same', async () => {
    const store = new OpenStore();
    const flow = setUp({ store });
    const other = flow.customer('666');
    other.secret = flow.secret;
    for (const each of [flow, other]) {
      const { userId: id, secret } = each;
      await each.twoFactor.adopt({ userId: id, secret });
    }
    const [first = '', second = ''] = store.written.map((value) => parseEnvelope(value).value ?? '');
    const texts = (json: string): string[] =>
      leavesOf(JSON.parse(json)).flatMap(({ leaf }) =>
        typeof leaf === 'string' && leaf.length > 20 ? leaf : [],
      );
    expect(texts(first)).toHaveLength(3);
    expect(texts(first).filter((text) => texts(second).includes(text))).toEqual([]);
  });
});

describe('a record’s size', () => {
  it('stays under 32 kB with every option at its bound', async () => {
    const store = new OpenStore();
    const limits = looserThanRecommended({
      sendsPerHour: 60,
      sendsPerDay: 200,
      maxFailures: 100,
      freeFailures: 10,
      firstDelaySeconds: 1,
      maxDelaySeconds: 60,
    });
    const flow = setUp({
      store,
      maxApps: 5,
      render: bareMail,
      resendAfterSeconds: 0,
      maxAttempts: 10,
      ttlSeconds: 86_400,
      limits,
    });
    const purpose = '\u0001'.repeat(512);
    const long = `${'ü'.repeat(150)}@${'ä'.repeat(160)}.example`;
    const cookies = await repeat(8, async () => cookieOf(await flow.logInByMail({ purpose })));
    for (const browser of cookies) await repeat(60, () => flow.begin({ browser, purpose, email: long }));
    for (let sent = 0; sent < 200; sent++) {
      await flow.begin({ purpose, email: long });
      flow.clock.advance(MINUTE + STEP);
    }
    for (let failures = 0; failures < 100;) {
      const begun = await flow.begin({ purpose, email: sentTo(failures) });
      const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
      const answer = await flow.complete(flow.wrongCode(), { challenge, purpose });
      failures += Number(!answer.ok && answer.reason === 'mismatch');
      flow.clock.advance(MINUTE);
    }
    const name = '\u{1F4F1}'.repeat(50);
    await flow.scan({ name });
    yes(await flow.confirm());
    await repeat(3, () => flow.scan({ name }));
    for (const byte of [1, 2, 3, 4]) {
      const secret = Secret.fromBytes(new Uint8Array(128).fill(byte));
      yes(await flow.twoFactor.adopt({ userId, secret, name, algorithm: 'SHA512' }));
    }
    const largest = Math.max(...store.written.map((value) => Buffer.byteLength(value)));
    process.stderr.write(`the largest record has ${largest} bytes\n`);
    expect(largest).toBeGreaterThan(12_000);
    expect(largest).toBeLessThan(32_000);
  });
});

function sentTo(number: number): string {
  return `${'ü'.repeat(150)}${number}@${'ä'.repeat(150)}.example`;
}
