/** Proof of an active app, by its code or by a recovery code, as pure transitions within the one failure budget. */
import type { TypedCode } from '../email-token/challenge.js';
import type { Mismatch } from '../email-token/redeem-token.js';
import type { Cipher } from '../internal/cipher.js';
import { type Block, blockOf, clearDelay, countFailure } from '../internal/throttle.js';
import { Secret } from '../otp/secret.js';
import { allowReplay, type TotpMatch, type TotpWindow, verifyTotp } from '../otp/totp.js';
import { failUnreadable } from '../store/record.js';
import type { Needs, Step, Worker } from '../store/transact.js';
import {
  type AccountState,
  type ActiveApp,
  type FlowContext,
  MAX_DRIFT,
  useRecoveryCode,
} from './account.js';

/** Why a code is no proof. */
export type ProofRefusal =
  | ({ readonly ok: false } & Block)
  | { readonly ok: false; readonly reason: 'malformed' | 'replayed' }
  | Mismatch;

/** What becomes of a code that should be proof of an app. */
export type ProofOutcome =
  | { readonly ok: true; readonly method: 'authenticator'; readonly app: string }
  | { readonly ok: true; readonly method: 'recovery'; readonly left: number }
  | ProofRefusal;

/** A code that should be proof. */
export interface ProofGuess {
  readonly typed: TypedCode;
  /** Whether it comes from a known browser, which neither waits nor counts for the account. */
  readonly isExempt: boolean;
}

/** What a transition that may lack secrets answers. */
export type ProofStep = Step<AccountState, ProofOutcome> | Needs<readonly string[]>;

/** Judges a code by its form; a right one is used up. */
export function prove(
  state: AccountState,
  guess: ProofGuess,
  context: FlowContext,
  secrets: OpenedSecrets,
): ProofStep {
  return guess.typed.form === 'letters'
    ? proveByRecovery(state, guess.typed.text, context)
    : proveByApp(state, guess, context, secrets);
}

/** What an app's codes depend on, beside its secret. */
export type AppParameters = Pick<ActiveApp, 'algorithm' | 'digits' | 'period' | 'drift'>;

/** The app's time step of a code, used or not; null if there is none. All candidates are computed. */
export function findStep(
  { algorithm, digits, period, drift }: AppParameters,
  code: string,
  secret: Secret | undefined,
  around: { readonly at: number; readonly window: TotpWindow },
): TotpMatch | null {
  const options = { algorithm, digits, period, drift, ...around };
  return secret === undefined ? null : verifyTotp(secret, code, { ...options, lastTimeStep: allowReplay });
}

/** A learned drift, within bounds: a clock further off is set wrong, and is not followed. */
export function learnedDrift(drift: number): number {
  return Math.max(-MAX_DRIFT, Math.min(drift, MAX_DRIFT));
}

/**
 * Finds the time step of an app's code, which must be newer than the last one (RFC 6238 section 5.2).
 *
 * A right code that was used before is refused without being counted: a person who repeats it learns nothing new, and a
 * person who always clicks twice would spend a month's budget in fifty logins.
 */
function proveByApp(
  state: AccountState,
  { typed: { text }, isExempt }: ProofGuess,
  context: FlowContext,
  secrets: OpenedSecrets,
): ProofStep {
  const block = isExempt ? null : blockOf(state.failures, context);
  if (block !== null) return { state, outcome: { ok: false, ...block } };
  const candidates = state.apps.filter(({ digits }) => digits === text.length);
  if (candidates.length === 0) return { state, outcome: { ok: false, reason: 'malformed' } };
  const needs = needsSecrets(candidates, secrets);
  if (needs !== null) return needs;
  const around = { at: context.now, window: context.policy.window };
  const found = candidates.map((app) => ({
    app,
    match: findStep(app, text, secrets.get(app.sealed)?.secret, around),
  }));
  const fresh = found.find(({ app, match }) => match !== null && match.timeStep > app.lastTimeStep);
  // What is written is sealed under the first key, so that an old one can go once its apps have been used.
  if (fresh?.match) return withResealed(accept(state, fresh.app, fresh.match, context.now), secrets);
  if (found.some(({ match }) => match !== null)) return { state, outcome: { ok: false, reason: 'replayed' } };
  return withResealed(reject(state, isExempt, context), secrets);
}

function withResealed<Outcome>(
  { state, outcome }: Step<AccountState, Outcome>,
  secrets: OpenedSecrets,
): Step<AccountState, Outcome> {
  return { state: resealed(state, secrets), outcome };
}

function accept(
  state: AccountState,
  app: ActiveApp,
  { timeStep, drift }: TotpMatch,
  now: number,
): Step<AccountState, ProofOutcome> {
  const used: ActiveApp = { ...app, lastTimeStep: timeStep, drift: learnedDrift(drift), lastUsedAt: now };
  const apps = state.apps.map((each) => (each === app ? used : each));
  const failures = clearDelay(state.failures);
  return { state: { ...state, apps, failures }, outcome: { ok: true, method: 'authenticator', app: app.id } };
}

function reject(
  state: AccountState,
  isExempt: boolean,
  context: FlowContext,
): Step<AccountState, ProofOutcome> {
  if (isExempt) return { state, outcome: { ok: false, reason: 'mismatch' } };
  const { failures, count, block } = countFailure(state.failures, context);
  return {
    state: { ...state, failures },
    outcome: { ok: false, reason: 'mismatch', failures: count, block },
  };
}

function proveByRecovery(
  state: AccountState,
  letters: string,
  context: FlowContext,
): Step<AccountState, ProofOutcome> {
  const verdict = useRecoveryCode(state, letters, context);
  if (typeof verdict === 'string') return { state, outcome: { ok: false, reason: verdict } };
  const failures = clearDelay(state.failures);
  const left = verdict.left.length;
  return {
    state: { ...state, recovery: verdict, failures },
    outcome: { ok: true, method: 'recovery', left },
  };
}

/** The secrets that a decision has had decrypted, by their sealed texts; null for one that no key opens. */
export type OpenedSecrets = ReadonlyMap<string, OpenedSecret | null>;

/** A secret that was decrypted. */
export interface OpenedSecret {
  readonly secret: Secret;
  /** The secret under the first key; the sealed text itself if that key sealed it. */
  readonly current: string;
}

/** Encrypts a secret for one customer's record: copied into another's, it does not open. */
export function sealSecret(cipher: Cipher, userId: string, secret: Secret): Promise<string> {
  return cipher.seal(secret.toBytes(), [userId]);
}

/**
 * Decrypts the secrets that a transition asks for. Decryption is asynchronous and a transition is not, so one that meets
 * a sealed text answers what it needs, and runs again with the result on the same read.
 */
export function secretOpener(cipher: Cipher, userId: string): Worker<readonly string[], OpenedSecrets> {
  return {
    known: new Map(),
    perform: async (sealed, known) => {
      const opened = sealed.map(async (text) => [text, await openSecret(cipher, userId, text)] as const);
      return new Map([...known, ...(await Promise.all(opened))]);
    },
  };
}

/** What a transition answers if it lacks apps' secrets; null if it has them all. Throws if no key opens one of them. */
export function needsSecrets(
  apps: readonly ActiveApp[],
  secrets: OpenedSecrets,
): Needs<readonly string[]> | null {
  if (apps.some(({ sealed }) => secrets.get(sealed) === null)) failUnreadable();
  return needsOpened(apps, secrets);
}

/** The same for pending secrets: one that no key opens cannot be confirmed, and keeps nobody from another. */
export function needsOpened(
  items: readonly { readonly sealed: string }[],
  secrets: OpenedSecrets,
): Needs<readonly string[]> | null {
  const missing = items.map(({ sealed }) => sealed).filter((sealed) => !secrets.has(sealed));
  return missing.length === 0 ? null : { needs: missing };
}

/** The same state with the secrets that an older key sealed under the first key. */
export function resealed(state: AccountState, secrets: OpenedSecrets): AccountState {
  const reseal = <Item extends { readonly sealed: string }>(item: Item): Item => ({
    ...item,
    sealed: secrets.get(item.sealed)?.current ?? item.sealed,
  });
  return { ...state, apps: state.apps.map(reseal), pending: state.pending.map(reseal) };
}

async function openSecret(cipher: Cipher, userId: string, sealed: string): Promise<OpenedSecret | null> {
  const opened = await cipher.open(sealed, [userId]);
  if (opened === null) return null;
  const { plain, isCurrent } = opened;
  const secret = Secret.fromBytes(plain, { allowShort: true });
  return { secret, current: isCurrent ? sealed : await sealSecret(cipher, userId, secret) };
}
