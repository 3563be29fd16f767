/**
 * What every runtime must do alike. It uses the package and Web-standard globals only, so that it runs wherever the
 * package does.
 */
import {
  createEmailTokens,
  createTwoFactor,
  formatOtpauthUri,
  generateHotp,
  generateTotp,
  isCountersignError,
  memoryStore,
  parseOtpauthUri,
  resynchronizeHotp,
  Secret,
  type TwoFactorOptions,
  verifyTotp,
} from 'countersign';
import { qrSvg } from 'countersign/qr';
import { outbox, testClock } from 'countersign/testing';

/** A sentence about behaviour, and what went wrong; null if nothing did. */
export interface Check {
  readonly name: string;
  readonly problem: string | null;
}

/** Runs every check, one after another. */
export async function runSuite(): Promise<Check[]> {
  const results: Check[] = [];
  for (const [name, check] of Object.entries(checks)) results.push({ name, problem: await problemOf(check) });
  return results;
}

const userId = '12345';
const email = 'customer@example.com';
const rfcSecret = () => Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');

const checks: Readonly<Record<string, () => void | Promise<void>>> = {
  'computes the HOTP codes of RFC 4226, appendix D'() {
    const codes = [0, 1, 2, 9].map((counter) => generateHotp(rfcSecret(), { counter }));
    equal(codes, ['755224', '287082', '359152', '520489']);
  },
  'computes the TOTP codes of RFC 6238, appendix B, with all three hashes'() {
    const at = new Date(1_111_111_109_000);
    const keys = { SHA1: 20, SHA256: 32, SHA512: 64 };
    const codes = (['SHA1', 'SHA256', 'SHA512'] as const).map((algorithm) => {
      const text = '1234567890'.repeat(7).slice(0, keys[algorithm]);
      const secret = Secret.fromBytes(new TextEncoder().encode(text));
      return generateTotp(secret, { at, algorithm, digits: 8 });
    });
    equal(codes, ['07081804', '68084774', '25091201']);
  },
  'accepts each time step once'() {
    const at = new Date(1_111_111_109_000);
    const code = generateTotp(rfcSecret(), { at });
    const match = verifyTotp(rfcSecret(), code, { at, lastTimeStep: null });
    equal(match?.timeStep, 37_037_036);
    equal(verifyTotp(rfcSecret(), code, { at, lastTimeStep: match?.timeStep ?? 0 }), null);
  },
  'finds a counter by two codes'() {
    equal(resynchronizeHotp(rfcSecret(), ['254676', '287922'], { counter: 0 })?.nextCounter, 7);
  },
  'formats an otpauth URI and parses it'() {
    const label = { issuer: 'Straße & Söhne', account: 'ada@example.com' };
    const parsed = parseOtpauthUri(formatOtpauthUri(rfcSecret(), label));
    equal([parsed.issuer, parsed.account], [label.issuer, label.account]);
    equal(parsed.secret.toBase32(), rfcSecret().toBase32());
  },
  'draws a QR code'() {
    equal(qrSvg(formatOtpauthUri(rfcSecret(), { issuer: 'Example', account: '1' })).startsWith('<svg'), true);
  },
  'draws secrets of 160 bits, no two alike'() {
    equal(new Set(Array.from({ length: 100 }, () => Secret.generate().toBase32())).size, 100);
  },
  'keeps a secret out of what is printed'() {
    equal(`${String(rfcSecret())} ${JSON.stringify(rfcSecret())}`, '[Secret 160 bits] "[Secret 160 bits]"');
  },
  async 'logs in with a mailed code, once'() {
    const { begin, mail, complete } = login();
    const challenge = await begin();
    const code = mail.mails[0]?.code;
    equal(outcomeOf(await complete(challenge, code)), 'email');
    equal(outcomeOf(await complete(challenge, code)), 'replayed');
  },
  async 'logs in with an app, and lets one of two requests in'() {
    const { begin, complete, codeOf } = await enrolled();
    const challenge = await begin();
    const both = await Promise.all([complete(challenge, codeOf()), complete(challenge, codeOf())]);
    equal(both.map(outcomeOf).sort(), ['authenticator', 'replayed']);
  },
  async 'logs in with a recovery code while the app is delayed'() {
    const { begin, complete, codeOf, recoveryCodes } = await enrolled();
    const challenge = await begin();
    for (let guess = 0; guess < 8; guess++) await complete(challenge, '000000');
    equal(outcomeOf(await complete(challenge, codeOf())), 'delayed');
    equal(outcomeOf(await complete(challenge, recoveryCodes[0])), 'recovery');
  },
  async 'reads what an older key sealed'() {
    const store = memoryStore({ now: testClock().now });
    const { clock, codeOf } = await enrolled({ store });
    const rotated = login({ store, now: clock.now, keys: [newKey(), sharedKey] });
    equal(outcomeOf(await rotated.complete(await rotated.begin(), codeOf())), 'authenticator');
  },
  async 'adopts the secret of another system'() {
    const { twoFactor, begin, complete, clock } = login();
    await twoFactor.adopt({ userId, secret: rfcSecret() });
    const code = generateTotp(rfcSecret(), { at: clock.now() });
    equal(outcomeOf(await complete(await begin(), code)), 'authenticator');
  },
  async 'tells a mail that was not sent from one that was'() {
    const { begin, mail } = login();
    mail.refuseNext();
    const error = await begin().catch((reason: unknown) => reason);
    equal(isCountersignError(error) && error.code, 'ERR_SEND_FAILED');
  },
  async 'redeems an e-mail token for its own purpose only'() {
    const { mail, clock } = login();
    const store = memoryStore({ now: clock.now });
    const tokens = createEmailTokens({ store, keys: [newKey()], send: mail.send, now: clock.now });
    const issued = await tokens.issue({ subject: userId, purpose: 'delete-account', to: email });
    const challenge = issued.ok ? issued.challenge : '';
    const redeem = (purpose: string) =>
      tokens.redeem({ subject: userId, purpose, challenge, code: mail.mails[0]?.code });
    equal([(await redeem('login')).ok, (await redeem('delete-account')).ok], [false, true]);
  },
};

const newKey = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));
/** Not a random one: Workers draw no randomness before the first request. */
const sharedKey = new Uint8Array(32).fill(7);

function login(options: Partial<TwoFactorOptions> = {}) {
  const clock = testClock();
  const mail = outbox();
  const store = memoryStore({ now: clock.now });
  const twoFactor = createTwoFactor({
    ...{ store, send: mail.send, now: clock.now },
    keys: [sharedKey],
    issuer: 'Example',
    ...options,
  });
  const begin = async () => {
    const begun = await twoFactor.begin({ userId, email });
    return begun.ok && 'challenge' in begun ? begun.challenge : null;
  };
  const complete = (challenge: unknown, code: unknown) => twoFactor.complete({ userId, challenge, code });
  return { twoFactor, clock, mail, begin, complete };
}

async function enrolled(options?: Partial<TwoFactorOptions>) {
  const own = login(options);
  const begun = await own.twoFactor.beginActivation({ userId, account: userId });
  if (!begun.ok) throw new Error('there is an app already');
  const codeOf = (): string => generateTotp(begun.secret, { at: own.clock.now() });
  const confirmed = await own.twoFactor.confirmActivation({ userId, code: codeOf() });
  const recoveryCodes = confirmed.ok ? (confirmed.recoveryCodes ?? []) : [];
  own.clock.advance(30_000);
  return { ...own, codeOf, recoveryCodes };
}

function outcomeOf(result: { ok: true; method: string } | { ok: false; reason: string }): string {
  return result.ok ? result.method : result.reason;
}

function equal(actual: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`expected ${other}, got ${one}`);
}

async function problemOf(check: () => void | Promise<void>): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (error) {
    return String(error);
  }
}
