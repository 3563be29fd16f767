import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EmailTokensOptions } from '../../src/email-token/settings.js';
import { readKeys } from '../../src/internal/keys.js';
import { parseEnvelope } from '../../src/store/record.js';
import type { Store } from '../../src/store/store.js';
import { seeded } from '../support/faults/seeded.js';
import {
  address,
  DAY,
  type Granted,
  HOUR,
  key,
  login,
  MINUTE,
  otherKey,
  stateIn,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';

describe('promise 5: what is stored is of no use without the key', () => {
  const lived = live();

  it('holds no code, in clear or under any hash that a thief could grind, after a long and eventful life', async () => {
    const { values, mailed } = await lived;
    expect(mailed.length).toBeGreaterThan(40);
    expect(mailed.some(({ code }) => code.includes('-'))).toBe(true);
    const written = values.map(({ value }) => value).join('\n');
    expect(written.length).toBeGreaterThan(50_000);
    expect(mailed.flatMap((token) => leaksOf(token, written))).toEqual([]);
  });

  it.each<[string, (token: Mailed) => string]>([
    ['in clear', ({ code }) => code],
    ['as a number', ({ code }) => String(Number(code))],
    ['under SHA-256', ({ code }) => createHash('sha256').update(code).digest('hex')],
    ['under MD5 behind its id', (token) => md5(`${token.id}:${token.code}`)],
    ['under SHA-1 with its subject', ({ code }) => sha1(code + login.subject)],
    [
      'under HMAC with its id as the key',
      ({ id, code }) => createHmac('sha256', id).update(code).digest('hex'),
    ],
    ['under a hash that was cut to 128 bits', (token) => md5(token.code).slice(0, 22)],
  ])('and a leak would have been noticed: a code %s', async (_, leak) => {
    const { mailed } = await lived;
    const digits = mailed.filter(({ code }) => !code.includes('-'));
    for (const token of digits) expect(leaksOf(token, `["${leak(token)}"]`)).not.toEqual([]);
  });

  it('holds no address but that of a token that is alive or on its way', async () => {
    const { values } = await lived;
    const withAddress = values.filter(({ value }) => value.includes('@'));
    expect(withAddress.length).toBeGreaterThan(60);
    for (const { value, at } of values) {
      const isTombstone = parseEnvelope(value).value === undefined;
      const { token, sending, long } = isTombstone ? noTokens : stateIn({ value, etag: '' });
      const alive = [token, sending, long].filter((each) => each !== null && each.expiresAt > at);
      const allowed = alive.map((each) => each?.to);
      for (const [found] of value.matchAll(/[\w.-]+@example\.com/g)) expect(allowed).toContain(found);
    }
  });

  it('holds neither key nor subject, and little at any time', async () => {
    const { values } = await lived;
    const written = values.map(({ name, value }) => name + value).join('\n');
    for (const form of ['hex', 'base64', 'base64url', 'latin1'] as const)
      for (const secret of [key, otherKey])
        expect(written).not.toContain(Buffer.from(secret).toString(form).slice(0, 12));
    expect(written).not.toContain(login.subject);
    expect(Math.max(...values.map(({ value }) => value.length))).toBeLessThan(3000);
  });

  it.each<[string, (text: string) => string, object]>([
    ['id', (text) => text.replace(/"id":"[\w-]{22}"/, `"id":"${'c'.repeat(22)}"`), {}],
    ['recipient', (text) => text.replace(address, 'attacker@example.com'), {}],
    [
      'purpose',
      (text) => text.replace('"purpose":"login"', '"purpose":"delete-account"'),
      { purpose: 'delete-account' },
    ],
    ['subject', (text) => text, { subject: 'another' }],
  ])('cannot be given another %s by anyone who can write to the store', async (_, forge, other) => {
    const forged = forgedStore(forge);
    const { ask, mails } = tokenHarness({ store: forged.store });
    const granted = await ask();
    const { subject, purpose } = { ...login, ...other };
    const attacker = tokenHarness({ store: forged.store, subject });
    const isElsewhere = subject !== login.subject || purpose !== login.purpose;
    const { challenge } = isElsewhere ? await ticketFor(attacker, purpose) : granted;
    forged.isForging = true;
    const answer = await attacker.tokens.redeem({ subject, purpose, challenge, code: granted.code });
    expect(mails).toHaveLength(1);
    expect(answer).toMatchObject({ ok: false, reason: 'mismatch' });
  });

  it('is still good for the rightful owner when it is copied back unchanged', async () => {
    const forged = forgedStore((text) => text);
    const { ask, answer } = tokenHarness({ store: forged.store });
    const granted = await ask();
    forged.isForging = true;
    expect(await answer(granted)).toBe('ok');
  });
});

describe('promise 5: when keys are rotated', () => {
  it.each<[string, EmailTokensOptions['keys']]>([
    ['bytes', [otherKey, key]],
    ['base64url text', [otherKey, key].map((each) => Buffer.from(each).toString('base64url'))],
    ['base64 text', [otherKey, key].map((each) => Buffer.from(each).toString('base64'))],
    ['the old one still in front', [key, otherKey]],
  ])('a token made with the old key is redeemed, as %s', async (_, keys) => {
    expect(await redeemAcross(key, keys)).toBe('ok');
  });

  it('neither ticket nor token is good once the old key is gone', async () => {
    expect(await redeemAcross(key, [otherKey])).toBe('unknown');
  });

  it('the first key writes: a new token is redeemed without the old key, and not with it alone', async () => {
    expect(await redeemAcross([otherKey, key], otherKey)).toBe('ok');
    expect(await redeemAcross([otherKey, key], key)).toBe('unknown');
  });

  it('a wrong code is wrong under every key, and counted once', async () => {
    expect(await redeemAcross(key, [otherKey, key], wrongCode)).toBe('mismatch');
    expect(readKeys([otherKey, key]).active).toHaveLength(2);
  });
});

/** A mailed code, with what a thief of the store knows of its token. */
interface Mailed {
  readonly id: string;
  readonly challenge: string;
  readonly code: string;
  readonly to: string;
}

interface Lived {
  readonly mailed: Mailed[];
  readonly values: { readonly name: string; readonly value: string; readonly at: number }[];
}

const noTokens = { token: null, sending: null, long: null };

/** Forty days of logins, resends, replacements, failures and attacks, with each value that was written, and when. */
async function live(): Promise<Lived> {
  const random = seeded(5);
  const values: Lived['values'] = [];
  const mailed: Mailed[] = [];
  const { tokens, ask, redeem, clock, mailService, store, state, mails } = tokenHarness({
    ...{ digits: 8, keys: [key, otherKey], limits: { sendsPerHour: 2, maxFailures: 12 } },
  });
  const note = (): void => {
    for (const { key: name, next } of store.calls)
      if (next !== null) values.push({ name, value: next.value, at: clock.now() });
    store.plan(() => 'works');
  };
  const askFor = async (to: string): Promise<Granted | null> => {
    const granted = await ask({ to }).catch(() => null);
    note();
    const { token, sending, long } = await state();
    const newest = granted?.long ? long : (sending ?? token);
    const code = mails.at(-1)?.code ?? '';
    if (granted?.sent) mailed.push({ id: newest?.id ?? '', challenge: granted.challenge, code, to });
    return granted;
  };
  for (let day = 0; day < 40; day++) {
    clock.advance(DAY - 3 * HOUR);
    const granted = (await askFor(`day-${day}@example.com`)) ?? (await askFor(`late-${day}@example.com`));
    clock.advance(12 * MINUTE);
    if (random.chance(0.5)) await askFor(`again-${day}@example.com`);
    for (let guess = random.below(4); guess > 0 && granted; guess--) await redeem(granted, '00000000');
    note();
    if (granted && random.chance(0.6)) await redeem(granted, mails.at(-1)?.code);
    note();
    if (random.chance(0.2)) await tokens.revoke(login);
    if (random.chance(0.1)) await tokens.unlock(login);
    note();
    clock.advance(HOUR);
    mailService.isDown = random.chance(0.2);
    if (mailService.isDown) await ask({ to: `down-${day}@example.com` }).catch(() => undefined);
    mailService.isDown = false;
    await ask({ to: null }).catch(() => null);
    note();
    clock.advance(2 * HOUR - 12 * MINUTE);
  }
  await tokens.erase(login);
  note();
  return { mailed, values };
}

/** Where a code shows: in clear, or under a hash that a thief of the store can try for all codes in a second. */
function leaksOf({ id, challenge, code, to }: Mailed, written: string): string[] {
  const bare = code.replaceAll('-', '');
  const shown = [code, bare, ...(/^\d+$/.test(bare) ? [String(Number(bare))] : [])].filter((text) =>
    new RegExp(`(?<![0-9A-Za-z])${text}(?![0-9A-Za-z])`).test(written),
  );
  const { subject, purpose } = login;
  const known = [[], [subject], [id], [challenge], [to], [purpose, subject, id, to], [subject, id]];
  const compositions = known.flatMap((parts) =>
    ['', ':', '|', ','].flatMap((separator) => [
      [...parts, bare].join(separator),
      [bare, ...parts].join(separator),
    ]),
  );
  const keyed = [id, challenge, subject, to].map((secret) =>
    createHmac('sha256', secret).update(bare).digest(),
  );
  const hashes = [...compositions.flatMap(hashesOf), ...keyed].flatMap(formsOf);
  return [...shown, ...hashes.filter((hash) => written.includes(hash))];
}

function hashesOf(text: string): Buffer[] {
  return ['md5', 'sha1', 'sha256', 'sha512'].map((algorithm) => createHash(algorithm).update(text).digest());
}

/** Cut to 96 bits, so that a shortened digest is found as well. */
function formsOf(hash: Buffer): string[] {
  const short = hash.subarray(0, 12);
  return [short.toString('hex'), short.toString('base64'), short.toString('base64url')];
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}

/** A store whose owner changes what is read, and gives one record out under every name. */
function forgedStore(forge: (text: string) => string): { store: Store; isForging: boolean } {
  const records = new Map<string, { value: string; etag: string }>();
  const forged = {
    isForging: false,
    store: {
      read: (name: string) => {
        const [first] = records.values();
        const record = forged.isForging
          ? first && { ...first, value: forge(first.value) }
          : records.get(name);
        return Promise.resolve(record);
      },
      write: (name: string, next: { value: string; etag: string } | null) => {
        if (next !== null && !forged.isForging) records.set(name, next);
        return Promise.resolve(true);
      },
    },
  };
  return forged;
}

/** A ticket that the library gave: the attacker knows a password of their own. */
async function ticketFor(
  { tokens, login: target }: ReturnType<typeof tokenHarness>,
  purpose: string,
): Promise<{ challenge: string }> {
  const issued = await tokens.issue({ ...target, purpose, to: 'attacker@example.com' });
  return { challenge: issued.ok ? issued.challenge : '' };
}

/** Issues with some keys and redeems with others, as a process does that has been restarted meanwhile. */
async function redeemAcross(
  before: EmailTokensOptions['keys'],
  after: EmailTokensOptions['keys'],
  type: (code: string) => string = (code) => code,
): Promise<string> {
  const { ask, store, clock } = tokenHarness({ keys: before });
  const granted = await ask();
  const { answer } = tokenHarness({ keys: after, store, clock });
  return answer(granted, type(granted.code));
}
