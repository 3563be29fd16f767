/** A customer of the instrumented package whose records can be replaced: what the targets with a store work on. */
import type { Secret } from '../../../src/otp/secret.js';
import type { NextRecord, Store, StoredRecord } from '../../../src/store/store.js';
import type { Package } from './instrument.js';

/** A store that can be made to answer every read with one text, and then drops what is written. */
export class FixedStore implements Store {
  readonly records = new Map<string, StoredRecord>();
  /** Every text that was written. */
  readonly written: string[] = [];
  /** What every read answers; null: what was written. */
  fixed: string | null = null;
  /** Whether writes are dropped. */
  isFrozen = false;

  read(key: string): Promise<StoredRecord | undefined> {
    if (this.fixed !== null) return Promise.resolve({ value: this.fixed, etag: 'fixed' });
    return Promise.resolve(this.records.get(key));
  }

  write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    if (this.fixed !== null || this.isFrozen) return Promise.resolve(true);
    if ((this.records.get(key)?.etag ?? null) !== expected) return Promise.resolve(false);
    if (next === null) this.records.delete(key);
    else {
      this.records.set(key, { value: next.value, etag: next.etag });
      this.written.push(next.value);
    }
    return Promise.resolve(true);
  }
}

/** A flow and mailed tokens on one such store, and what their customer holds. */
export interface Installation {
  readonly store: FixedStore;
  readonly flow: ReturnType<Package['createTwoFactor']>;
  readonly tokens: ReturnType<Package['createEmailTokens']>;
  readonly now: () => number;
  readonly advance: (seconds: number) => void;
  /** The code of the newest mail. */
  readonly mailedCode: () => string;
}

export const customer = { userId: '12345', email: 'customer@example.com' };
export const tokenTarget = { subject: '12345', purpose: 'new address' };

/** Sets up an installation of its own clock, keys and mailbox. */
export function install({ createTwoFactor, createEmailTokens }: Package): Installation {
  const store = new FixedStore();
  let time = Date.UTC(2030, 0);
  let code = '';
  const now = (): number => time;
  const shared = {
    store,
    keys: [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)],
    now,
    render: () => ({ subject: '', text: '', html: '', headers: {} }),
    send: (mail: { readonly code: string }) => {
      code = mail.code;
      return Promise.resolve();
    },
  };
  return {
    store,
    flow: createTwoFactor({
      ...shared,
      issuer: 'Example',
      maxApps: 2,
      browsers: { rememberSeconds: 86_400 },
    }),
    tokens: createEmailTokens({ ...shared, appName: 'Example' }),
    now,
    advance: (seconds) => {
      time += seconds * 1000;
    },
    mailedCode: () => code,
  };
}

/** The success branch of an answer. */
export function granted<Answer extends { readonly ok: boolean }>(
  answer: Answer,
): Extract<Answer, { ok: true }> {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer as Extract<Answer, { ok: true }>;
}

/** Begins a login that asks for a code. */
export async function challengeOf(
  { flow }: Installation,
  request: Partial<Parameters<Installation['flow']['begin']>[0]> = {},
): Promise<string> {
  const begun = granted(await flow.begin({ ...customer, ...request }));
  if (!('challenge' in begun)) throw new Error(`no challenge: ${begun.method}`);
  return begun.challenge;
}

/** What a customer with an app, a known browser and recovery codes holds. */
export interface Holdings {
  readonly secret: Secret;
  readonly recoveryCodes: readonly string[];
  readonly cookie: string;
  readonly proof: string;
  /** The last challenge for each of several things. */
  readonly challenges: Readonly<Record<'own' | 'stepUp' | 'nobody' | 'stranger' | 'token', string>>;
}

/** Plays a life with each kind of act, so that the store has seen every kind of record. */
export async function playLife(place: Installation, { generateTotp }: Package): Promise<Holdings> {
  const { flow, tokens, advance, now } = place;
  const { userId } = customer;
  const complete = async (
    code: string,
    remember = false,
  ): Promise<Extract<Awaited<ReturnType<typeof flow.complete>>, { ok: true }>> =>
    granted(await flow.complete({ userId, challenge: await challengeOf(place), code, remember }));
  await challengeOf(place);
  await complete(place.mailedCode(), true);
  advance(120);
  await challengeOf(place, { purpose: 'step-up' });
  const { secret } = granted(await flow.beginActivation({ userId, account: userId }));
  const code = (): string => generateTotp(secret, { at: now() });
  const { recoveryCodes } = granted(await flow.confirmActivation({ userId, code: code() }));
  advance(60);
  const { browser } = await complete(code(), true);
  for (let failure = 0; failure < 3; failure++)
    await flow.complete({ userId, challenge: await challengeOf(place), code: '000000' });
  const { proof = '' } = await complete(recoveryCodes?.[0] ?? '');
  await flow.beginActivation({ userId, account: userId, name: 'Second phone' });
  advance(60);
  const token = granted(await tokens.issue({ ...tokenTarget, to: 'new@example.com' }));
  await tokens.redeem({ ...tokenTarget, challenge: token.challenge, code: '000000' });
  const strangerId = 'stranger';
  const stranger = await challengeOf(place, { userId: strangerId });
  const challenges = {
    own: await challengeOf(place),
    stepUp: await challengeOf(place, { purpose: 'step-up' }),
    nobody: await challengeOf(place, { email: null }),
    stranger,
    token: token.challenge,
  };
  const cookie = browser?.value ?? '';
  return { secret, recoveryCodes: recoveryCodes?.slice(1) ?? [], cookie, proof, challenges };
}
