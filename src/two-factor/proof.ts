/** Proof of the active app, by its code or by a recovery code, as pure transitions within the one failure budget. */
import type { TokenPolicy } from '../email-token/policy.js';
import { clearDelay, countFailure, delayedUntil, lockedUntil } from '../internal/throttle.js';
import type { AccountState, AccountStep, ActiveApp, FindStep, FoundStep, Guess } from './account.js';

/** Why a code is no proof. `failures` counts those in the rolling window, `locks` tells that this one locked. */
export type ProofRefusal =
  | { readonly ok: false; readonly reason: 'delayed' | 'locked'; readonly retryAt: number }
  | { readonly ok: false; readonly reason: 'replayed' }
  | {
      readonly ok: false;
      readonly reason: 'mismatch';
      readonly retryAt: number | null;
      readonly failures: number;
      readonly locks: boolean;
    };

/** What becomes of a code that should be proof of the app. */
export type ProofOutcome =
  | { readonly ok: true; readonly method: 'authenticator' }
  | { readonly ok: true; readonly method: 'recovery'; readonly left: number }
  | ProofRefusal;

/** Judges a code by its form; a right one is spent. */
export function prove(
  state: AccountState,
  app: ActiveApp,
  guess: Guess,
  now: number,
  policy: TokenPolicy,
): AccountStep<ProofOutcome> {
  return guess.form === 'digits'
    ? proveByApp(state, app, guess.findStep, now, policy)
    : proveByRecovery(state, guess.matchesRecovery, now, policy);
}

/**
 * Finds the time step of an app's code, which must be newer than the last one (RFC 6238 section 5.2).
 *
 * A right code that was used before is refused without being counted: whoever repeats it learns nothing that he did
 * not know, and a person who clicks twice would spend his month's budget in fifty logins.
 */
export function matchApp(
  state: AccountState,
  { drift, lastTimeStep }: ActiveApp,
  findStep: FindStep,
  now: number,
  policy: TokenPolicy,
): AccountStep<{ readonly ok: true; readonly found: FoundStep } | ProofRefusal> {
  const blocked = blockedBy(state, now, policy);
  if (blocked !== null) return { state, outcome: blocked };
  const found = findStep(drift, now);
  if (found === null) return reject(state, now, policy);
  if (found.timeStep <= lastTimeStep) return { state, outcome: { ok: false, reason: 'replayed' } };
  const learned = Math.max(-MAX_DRIFT, Math.min(found.drift, MAX_DRIFT));
  return { state: forgiven(state), outcome: { ok: true, found: { ...found, drift: learned } } };
}

/** Ten steps are five minutes: a clock further off is set wrong, and should not be followed for ever. */
const MAX_DRIFT = 10;

function proveByApp(
  state: AccountState,
  app: ActiveApp,
  findStep: FindStep,
  now: number,
  policy: TokenPolicy,
): AccountStep<ProofOutcome> {
  const step = matchApp(state, app, findStep, now, policy);
  if (!step.outcome.ok) return { state: step.state, outcome: step.outcome };
  const { timeStep, drift } = step.outcome.found;
  const used: ActiveApp = { ...app, lastTimeStep: timeStep, drift };
  return { state: { ...step.state, app: used }, outcome: { ok: true, method: 'authenticator' } };
}

function proveByRecovery(
  state: AccountState,
  matches: (digest: string) => boolean,
  now: number,
  policy: TokenPolicy,
): AccountStep<ProofOutcome> {
  const blocked = blockedBy(state, now, policy);
  if (blocked !== null) return { state, outcome: blocked };
  const recoveryDigests = state.recoveryDigests.filter((digest) => !matches(digest));
  const left = recoveryDigests.length;
  if (left === state.recoveryDigests.length) return reject(state, now, policy);
  return { state: { ...forgiven(state), recoveryDigests }, outcome: { ok: true, method: 'recovery', left } };
}

/** Before anything is evaluated: a guess during a delay costs nothing and tells nothing. */
function blockedBy({ mail }: AccountState, now: number, policy: TokenPolicy): ProofRefusal | null {
  const locked = lockedUntil(mail.failures, now, policy);
  if (locked !== null) return { ok: false, reason: 'locked', retryAt: locked };
  const delayed = delayedUntil(mail.failures, now, policy);
  return delayed === null ? null : { ok: false, reason: 'delayed', retryAt: delayed };
}

function reject(state: AccountState, now: number, policy: TokenPolicy): AccountStep<ProofRefusal> {
  const { failures, count, retryAt, locks } = countFailure(state.mail.failures, now, policy);
  const outcome: ProofRefusal = { ok: false, reason: 'mismatch', retryAt, failures: count, locks };
  return { state: { ...state, mail: { ...state.mail, failures } }, outcome };
}

function forgiven(state: AccountState): AccountState {
  return { ...state, mail: { ...state.mail, failures: clearDelay(state.mail.failures) } };
}
