import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RedeemResult } from '../../src/email-token/contract.js';
import type { EmailTokensOptions } from '../../src/email-token/settings.js';
import type { Store } from '../../src/store/store.js';
import { type RecordedCall, recordingStore } from '../support/recording-store.js';
import {
  address,
  DAY,
  HOUR,
  type IssuedToken,
  key,
  login,
  tokenHarness,
  wrongCode,
} from '../support/token-harness.js';

const newKey = new Uint8Array(32).fill(8);

describe('promise 5: what is stored is of no use without the key', () => {
  it('holds no code, in clear or hashed, after a long and eventful life', async () => {
    const { written, issued } = await live();
    expect(issued.length).toBeGreaterThanOrEqual(60);
    expect(written.length).toBeGreaterThan(20_000);
    expect(issued.flatMap((token) => leaksOf(token, written))).toEqual([]);
  });

  it.each<[string, (token: IssuedToken) => string]>([
    ['in clear', ({ code }) => code],
    ['as a number', ({ code }) => String(Number(code))],
    ['under SHA-256', ({ code }) => createHash('sha256').update(code).digest('hex')],
    ['under MD5 behind its challenge', (token) => md5(`${token.challenge}:${token.code}`)],
    ['under SHA-1 with its subject', ({ code }) => sha1(code + login.subject)],
  ])('and this would have been noticed: a code %s', async (_, leak) => {
    const { written, issued } = await live();
    const leaking = issued.map((token) => `${written}["${leak(token)}"]`);
    for (const [index, token] of issued.entries())
      expect(leaksOf(token, leaking[index] ?? '')).not.toEqual([]);
  });

  it.each<[string, (text: string) => string, object]>([
    [
      'challenge',
      (text) => text.replace(/"[\w-]{24}"/, `"${'c'.repeat(24)}"`),
      { challenge: 'c'.repeat(24) },
    ],
    ['recipient', (text) => text.replace(address, 'attacker@example.com'), {}],
    ['subject', (text) => text, { subject: 'another' }],
    ['purpose', (text) => text, { purpose: 'delete-account' }],
  ])('cannot be given another %s by whoever can write to the store', async (_, forge, other) => {
    const { tokens, issue } = tokenHarness({ wrapStore: (inner) => forgedStore(inner, forge) });
    const guess = { ...login, ...(await issue()) };
    const { subject, purpose, challenge, code } = { ...guess, ...other };
    const forged = await tokens.redeem({ subject, purpose, challenge, code });
    expect(forged).toMatchObject({ ok: false, reason: 'mismatch' });
  });

  it('is still good for the rightful owner when it is copied back unchanged', async () => {
    const { tokens, issue } = tokenHarness({ wrapStore: (inner) => forgedStore(inner, (text) => text) });
    const { challenge, code } = await issue();
    expect(await tokens.redeem({ ...login, challenge, code })).toMatchObject({ ok: true });
  });
});

describe('promise 5: when keys are rotated', () => {
  it.each([
    ['as bytes', [newKey, key]],
    [
      'as base64url text',
      [Buffer.from(newKey).toString('base64url'), Buffer.from(key).toString('base64url')],
    ],
  ])('a token made with the old key is redeemed with the new one in front, %s', async (_, keys) => {
    expect(await redeemAcross(key, keys)).toMatchObject({ ok: true });
  });

  it('and is a wrong guess once the old key is gone', async () => {
    expect(await redeemAcross(key, [newKey])).toMatchObject({ ok: false, reason: 'mismatch' });
  });

  it('the first key writes: a new token is redeemed without the old key, and not with it alone', async () => {
    expect(await redeemAcross([newKey, key], newKey)).toMatchObject({ ok: true });
    expect(await redeemAcross([newKey, key], key)).toMatchObject({ ok: false, reason: 'mismatch' });
  });

  it('a wrong code is wrong under every key, and counted once', async () => {
    expect(await redeemAcross(key, [newKey, key], wrongCode)).toEqual({
      ok: false,
      reason: 'mismatch',
      attemptsLeft: 4,
    });
  });
});

/** Sixty tokens and what becomes of them, with all that is written meanwhile; the codes are long, to be told apart. */
async function live(): Promise<{ written: string; issued: IssuedToken[] }> {
  const calls: RecordedCall[] = [];
  const { tokens, issue, clock, mailService } = tokenHarness({
    digits: 8,
    wrapStore: (inner) => recordingStore(inner, calls),
  });
  const issued: IssuedToken[] = [];
  for (let day = 0; day < 60; day++) {
    clock.advance(DAY);
    const token = await issue();
    issued.push(token);
    const guess = { ...login, challenge: token.challenge, code: token.code };
    if (day % 2 === 0) await tokens.redeem({ ...guess, code: wrongCode(token.code) });
    if (day % 3 === 0) await tokens.redeem(guess);
    if (day % 5 === 0) await tokens.revoke(login);
    clock.advance(HOUR);
    mailService.isDown = day % 7 === 0;
    if (mailService.isDown) await issue().catch(() => undefined);
    mailService.isDown = false;
  }
  return { written: JSON.stringify(calls), issued };
}

/** Where a code shows: in clear, or under a hash that whoever reads the store can try for all codes in a second. */
function leaksOf({ challenge, code }: IssuedToken, written: string): string[] {
  const { subject, purpose } = login;
  const shown = [code, String(Number(code))].filter((text) =>
    new RegExp(`(?<!\\d)${text}(?!\\d)`).test(written),
  );
  const compositions = [
    [code],
    [code, subject],
    [subject, code],
    [code, challenge],
    [challenge, code],
    [purpose, subject, challenge, code],
    [purpose, subject, challenge, address, code],
  ].flatMap((parts) => ['', ':', '|', ','].map((separator) => parts.join(separator)));
  return [...shown, ...compositions.flatMap(hashesOf).filter((hash) => written.includes(hash))];
}

function hashesOf(text: string): string[] {
  return ['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) => {
    const hash = createHash(algorithm).update(text).digest();
    // Without padding, which may have been cut off.
    return [hash.toString('hex'), hash.toString('base64url'), hash.toString('base64').replaceAll('=', '')];
  });
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}

/** A store whose owner changes what is read, and gives one record out under every name. */
function forgedStore(inner: Store, forge: (text: string) => string): Store {
  const name = 'the only record';
  return {
    read: async () => {
      const record = await inner.read(name);
      return record && { ...record, value: forge(record.value) };
    },
    write: (_, next, expected) => inner.write(name, next, expected),
  };
}

type Keys = EmailTokensOptions['keys'];

/** Issues with some keys and redeems with others, as a process does that has been restarted meanwhile. */
async function redeemAcross(
  before: Keys,
  after: Keys,
  type: (code: string) => string = (code) => code,
): Promise<RedeemResult> {
  const { issue, store, clock } = tokenHarness({ keys: before });
  const { challenge, code } = await issue();
  const { tokens } = tokenHarness({ keys: after, store, now: clock.now });
  return tokens.redeem({ ...login, challenge, code: type(code) });
}
