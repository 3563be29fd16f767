import {
  type Algorithm,
  createTwoFactor,
  generateTotp,
  memoryStore,
  parseOtpauthUri,
  Secret,
} from '../../src/index.js';
import { outbox, testClock } from '../../src/testing/index.js';
import { expect, it } from 'vitest';
import { describeWith } from '../support/engines/external.js';
import { isInstalled, loadPeer, peers } from './installed.js';
import { type Otplib12, repeatedKey } from './otplib-12.js';

/** What a peer's row and its options come to. */
interface Row {
  readonly secret: Secret;
  readonly algorithm?: Algorithm;
  /** The code that the peer computes for an instant, in milliseconds. */
  readonly codeAt: (now: number) => string | Promise<string>;
}

const base32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const shortBase32 = 'GEZDGNBVGY3TQOJQ';
/** Two bits behind the last byte are not zero. */
const cutBase32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGZ';
const ascii = '12345678901234567890';
const userId = '12345';
const email = 'customer@example.com';

describeWith(peers, isInstalled, 'people who were enrolled with a peer', () => {
  it.each([
    ['otplib 13', otplib13],
    ['otplib 13 with SHA-256', otplib13WithSha256],
    ['otplib 12', () => otplib12(base32)],
    ['otplib 12 and a secret of 80 bits', () => otplib12(shortBase32)],
    ['otplib 12 and a secret with tail bits', () => otplib12(cutBase32)],
    ['otplib 12, whose `totp` reads ASCII', otplib12Ascii],
    ['otplib 12 and a key repeated for SHA-256', () => otplib12Repeated('SHA256', shortBase32)],
    ['otplib 12 and a key repeated for SHA-512', () => otplib12Repeated('SHA512', base32)],
    ['otpauth', otpauth],
    ['otpauth and a secret with tail bits', otpauthWithTailBits],
    ['speakeasy', () => speakeasy({ secret: base32, encoding: 'base32' })],
    ['speakeasy, which reads ASCII by default', () => speakeasy({ secret: ascii })],
    ['speakeasy with SHA-512', () => speakeasy({ secret: ascii, algorithm: 'sha512' })],
    ['node-2fa', node2fa],
    ['better-auth', betterAuth],
  ])('log in with the codes of %s, each code once', async (_, read) => {
    const { secret, codeAt, ...parameters } = await read();
    const { twoFactor, clock, complete } = login();
    const code = await codeAt(clock.now());
    expect(await twoFactor.adopt({ userId, secret, ...parameters })).toMatchObject({ ok: true });
    expect(await complete(code)).toMatchObject({ ok: true, method: 'authenticator' });
    expect(await complete(code)).toMatchObject({ ok: false, reason: 'replayed' });
    clock.advance(30_000);
    expect(await complete(await codeAt(clock.now()))).toMatchObject({ ok: true });
  });

  it('cannot use a code that the peer has accepted', async () => {
    const { secret, codeAt } = await otplib13();
    const { twoFactor, clock, complete } = login();
    const lastTimeStep = Math.floor(clock.now() / 30_000);
    await twoFactor.adopt({ userId, secret, lastTimeStep });
    expect(await complete(await codeAt(clock.now()))).toMatchObject({ ok: false, reason: 'replayed' });
  });

  it('have the repeated key of the guide, whatever the length of theirs', async () => {
    const { authenticator, totp } = (await loadPeer('otplib-12')) as Otplib12;
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
      const options = { epoch: 59_000, algorithm: algorithm.toLowerCase() };
      for (let length = 10; length <= 70; length++) {
        const bytes = Uint8Array.from({ length }, (_, index) => 48 + (index % 10));
        const codeOf = (charactersPerByte: 1 | 2): string => {
          const secret = Secret.fromBytes(repeatedKey(bytes, algorithm, charactersPerByte), {
            allowShort: true,
          });
          return generateTotp(secret, { at: new Date(59_000), algorithm });
        };
        const text = Secret.fromBytes(bytes, { allowShort: true }).toBase32();
        expect(authenticator.clone(options).generate(text)).toBe(codeOf(2));
        expect(totp.clone(options).generate(new TextDecoder().decode(bytes))).toBe(codeOf(1));
      }
    }
  });
});

function login() {
  const clock = testClock();
  const twoFactor = createTwoFactor({
    store: memoryStore({ now: clock.now }),
    keys: [crypto.getRandomValues(new Uint8Array(32))],
    issuer: 'Example Hosting',
    send: outbox().send,
    now: clock.now,
  });
  const complete = async (code: string) => {
    const begun = await twoFactor.begin({ userId, email });
    const challenge = begun.ok && begun.method === 'authenticator' ? begun.challenge : null;
    return twoFactor.complete({ userId, challenge, code });
  };
  return { twoFactor, clock, complete };
}

async function otplib13(): Promise<Row> {
  const { generate } = (await loadPeer('otplib')) as {
    generate: (options: { secret: string; epoch: number; algorithm?: string }) => Promise<string>;
  };
  return {
    secret: Secret.fromBase32(base32),
    codeAt: (now) => generate({ secret: base32, epoch: now / 1000 }),
  };
}

async function otplib13WithSha256(): Promise<Row> {
  const { generate } = (await loadPeer('otplib')) as {
    generate: (options: { secret: string; epoch: number; algorithm?: string }) => Promise<string>;
  };
  return {
    secret: Secret.fromBase32(base32),
    algorithm: 'SHA256',
    codeAt: (now) => generate({ secret: base32, epoch: now / 1000, algorithm: 'sha256' }),
  };
}

async function otplib12(text: string): Promise<Row> {
  const { authenticator } = (await loadPeer('otplib-12')) as Otplib12;
  return {
    secret: Secret.fromBase32(text, { allowShort: true, allowTailBits: true }),
    codeAt: (epoch) => authenticator.clone({ epoch }).generate(text),
  };
}

async function otplib12Ascii(): Promise<Row> {
  const { totp } = (await loadPeer('otplib-12')) as Otplib12;
  return {
    secret: Secret.fromBytes(new TextEncoder().encode(ascii)),
    codeAt: (epoch) => totp.clone({ epoch }).generate(ascii),
  };
}

async function otplib12Repeated(algorithm: 'SHA256' | 'SHA512', text: string): Promise<Row> {
  const { authenticator } = (await loadPeer('otplib-12')) as Otplib12;
  const bytes = Secret.fromBase32(text, { allowShort: true }).toBytes();
  return {
    secret: Secret.fromBytes(repeatedKey(bytes, algorithm, 2)),
    algorithm,
    codeAt: (epoch) => authenticator.clone({ epoch, algorithm: algorithm.toLowerCase() }).generate(text),
  };
}

interface Otpauth {
  readonly Secret: { fromBase32(text: string): object };
  readonly TOTP: new (options: { issuer?: string; label?: string; secret: object }) => {
    generate(options: { timestamp: number }): string;
    toString(): string;
  };
}

async function otpauth(): Promise<Row> {
  const { Secret: PeerSecret, TOTP } = (await loadPeer('otpauth')) as Otpauth;
  const totp = new TOTP({ issuer: 'Example', label: 'ada', secret: PeerSecret.fromBase32(base32) });
  return {
    secret: parseOtpauthUri(totp.toString()).secret,
    codeAt: (timestamp) => totp.generate({ timestamp }),
  };
}

async function otpauthWithTailBits(): Promise<Row> {
  const { Secret: PeerSecret, TOTP } = (await loadPeer('otpauth')) as Otpauth;
  const totp = new TOTP({ secret: PeerSecret.fromBase32(cutBase32) });
  return {
    secret: Secret.fromBase32(cutBase32, { allowTailBits: true }),
    codeAt: (timestamp) => totp.generate({ timestamp }),
  };
}

async function speakeasy(options: { secret: string; encoding?: string; algorithm?: 'sha512' }): Promise<Row> {
  const { default: peer } = (await loadPeer('speakeasy')) as {
    default: { totp(options: object): string };
  };
  return {
    secret:
      options.encoding === 'base32'
        ? Secret.fromBase32(options.secret)
        : Secret.fromBytes(new TextEncoder().encode(options.secret)),
    ...(options.algorithm === 'sha512' ? { algorithm: 'SHA512' } : {}),
    codeAt: (now) => peer.totp({ ...options, time: now / 1000 }),
  };
}

async function node2fa(): Promise<Row> {
  const { default: peer } = (await loadPeer('node-2fa')) as {
    default: { generateToken(secret: string): { token: string } };
  };
  const { at } = (await loadPeer('./preludes/node-2fa.mjs')) as {
    at: (now: number, call: () => string) => string;
  };
  return {
    secret: Secret.fromBase32(base32),
    codeAt: (now) => at(now, () => peer.generateToken(base32).token),
  };
}

/** The row is one that better-auth wrote, and its own functions decrypt it and compute the code. */
async function betterAuth(): Promise<Row> {
  const { enrolled, decrypt, createOTP } = (await loadPeer('./preludes/better-auth.mjs')) as {
    enrolled: () => Promise<{ database: { twoFactor: [{ secret: string }] } }>;
    decrypt: (text: string) => Promise<string>;
    createOTP: (secret: string) => { hotp(counter: number): Promise<string> };
  };
  const { database } = await enrolled();
  const text = await decrypt(database.twoFactor[0].secret);
  return {
    secret: Secret.fromBytes(new TextEncoder().encode(text)),
    codeAt: (now) => createOTP(text).hotp(Math.floor(now / 30_000)),
  };
}
