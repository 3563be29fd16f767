/**
 * A customer's second factor as pure transitions: from a state, an event and the time to a next state and an outcome.
 *
 * One record holds the app, the pending activation, the recovery codes, the mailed token and the one failure budget
 * over them all. So a code is spent in the write that says yes, and a factor takes another one's place in one write:
 * there is never a moment with none, nor one with two.
 */
import {
  type IssueOutcome,
  issueToken,
  type LiveToken,
  type RedeemOutcome,
  redeemToken,
  revokeToken,
  stateExpiresAt,
  type TokenState,
} from '../email-token/token-state.js';
import type { TokenPolicy } from '../email-token/policy.js';
import { lockedUntil } from '../internal/throttle.js';
import type {
  AccountState,
  AccountStep,
  ActiveApp,
  Fallback,
  FindStep,
  Guess,
  PendingActivation,
} from './account.js';
import { matchApp, type ProofOutcome, type ProofRefusal, prove } from './proof.js';

/** What becomes of a login that begins. */
export type BeginOutcome =
  | { readonly ok: true; readonly method: 'authenticator' | 'none' }
  | (Extract<IssueOutcome, { ok: true }> & { readonly method: 'email' })
  | Extract<IssueOutcome, { ok: false }>;

/** What becomes of a code at the end of a login. */
export type CompleteOutcome =
  { readonly ok: true; readonly method: 'email' } | ProofOutcome | Extract<RedeemOutcome, { ok: false }>;

/** What becomes of a code that confirms an activation. */
export type ConfirmOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'active' | 'unknown' | 'expired' }
  | ProofRefusal;

/** What becomes of a code that should change the factor. */
export type ChangeOutcome = ProofOutcome | { readonly ok: false; readonly reason: 'inactive' };

/** Begins a login: issues a token in the fallback by mail, and nothing while an app is active. */
export function beginLogin(
  state: AccountState,
  fresh: Pick<LiveToken, 'challenge' | 'digest' | 'to'>,
  fallback: Fallback,
  now: number,
  policy: TokenPolicy,
): AccountStep<BeginOutcome> {
  if (state.app !== null) return { state, outcome: lockedOutcome(state, now, policy) ?? withApp };
  if (fallback === 'none') return { state, outcome: { ok: true, method: 'none' } };
  const { state: mail, outcome } = issueToken(state.mail, fresh, now, policy);
  return { state: withMail(state, mail), outcome: outcome.ok ? { ...outcome, method: 'email' } : outcome };
}

/** Ends a login. While an app is active a mailed code is a guess at the app's: mail is no factor then. */
export function completeLogin(
  state: AccountState,
  guess: Guess,
  now: number,
  policy: TokenPolicy,
): AccountStep<CompleteOutcome> {
  if (state.app !== null) return prove(state, state.app, guess, now, policy);
  if (guess.form !== 'digits' || guess.challenge === null) return refuse(state, 'unknown');
  const { state: mail, outcome } = redeemToken(state.mail, guess.challenge, guess.matchesMail, now, policy);
  return { state: withMail(state, mail), outcome: outcome.ok ? { ok: true, method: 'email' } : outcome };
}

/** Shows a new secret in place of any that was not confirmed; the factor stays what it is. */
export function beginActivation(
  state: AccountState,
  pending: PendingActivation,
): AccountStep<{ readonly ok: true } | { readonly ok: false; readonly reason: 'active' }> {
  if (state.app !== null) return refuse(state, 'active');
  return { state: { ...state, pending }, outcome: { ok: true } };
}

/** Makes the app the factor, if the code shows that it holds the pending secret; its step is spent with that. */
export function confirmActivation(
  state: AccountState,
  findStep: FindStep,
  recoveryDigests: readonly string[],
  now: number,
  policy: TokenPolicy,
): AccountStep<ConfirmOutcome> {
  const { pending } = state;
  if (state.app !== null) return refuse(state, 'active');
  if (pending === null) return refuse(state, 'unknown');
  if (pending.expiresAt <= now) return refuse(state, 'expired');
  const { sealed } = pending;
  const candidate: ActiveApp = { sealed, lastTimeStep: NO_STEP_YET, drift: 0, activatedAt: now };
  const step = matchApp(state, candidate, findStep, now, policy);
  if (!step.outcome.ok) return { state: step.state, outcome: step.outcome };
  const { timeStep, drift } = step.outcome.found;
  const app: ActiveApp = { ...candidate, lastTimeStep: timeStep, drift };
  // Killed in the same write, or a mail from before would be a second factor beside the app.
  const mail = revokeToken(step.state.mail).state;
  return { state: { app, pending: null, recoveryDigests, mail }, outcome: { ok: true } };
}

/** Takes the app and its recovery codes away, against proof of one of them. */
export function deactivate(
  state: AccountState,
  guess: Guess,
  now: number,
  policy: TokenPolicy,
): AccountStep<ChangeOutcome> {
  return change(state, guess, now, policy, { app: null, pending: null, recoveryDigests: [] });
}

/** Puts new recovery codes in the place of those that are left, against proof of the app. */
export function renewRecoveryCodes(
  state: AccountState,
  guess: Guess,
  recoveryDigests: readonly string[],
  now: number,
  policy: TokenPolicy,
): AccountStep<ChangeOutcome> {
  return change(state, guess, now, policy, { recoveryDigests });
}

/** Changes the mailed token or the budget by a transition of its own, such as `cancelToken` or `unlockToken`. */
export function changeMail<Outcome>(
  state: AccountState,
  transition: (mail: TokenState) => { readonly state: TokenState; readonly outcome: Outcome },
): AccountStep<Outcome> {
  const { state: mail, outcome } = transition(state.mail);
  return { state: withMail(state, mail), outcome };
}

/** Puts the same secrets under a newer key. */
export function replaceSealed(state: AccountState, sealed: string, fresh: string): AccountState {
  const { app, pending } = state;
  if (app?.sealed === sealed) return { ...state, app: { ...app, sealed: fresh } };
  if (pending?.sealed === sealed) return { ...state, pending: { ...pending, sealed: fresh } };
  return state;
}

/** When nothing in a state matters any more, in ms: never while an app is active; null if nothing does now. */
export function accountExpiresAt({ app, pending, mail }: AccountState, policy: TokenPolicy): number | null {
  if (app !== null) return Infinity;
  const last = Math.max(pending?.expiresAt ?? -Infinity, stateExpiresAt(mail, policy) ?? -Infinity);
  return last === -Infinity ? null : last;
}

/** Older than all: time steps count from 0. */
const NO_STEP_YET = -1;

const withApp: BeginOutcome = { ok: true, method: 'authenticator' };

function change(
  state: AccountState,
  guess: Guess,
  now: number,
  policy: TokenPolicy,
  changes: Partial<AccountState>,
): AccountStep<ChangeOutcome> {
  if (state.app === null) return refuse(state, 'inactive');
  const step = prove(state, state.app, guess, now, policy);
  return step.outcome.ok ? { state: { ...step.state, ...changes }, outcome: step.outcome } : step;
}

function lockedOutcome(state: AccountState, now: number, policy: TokenPolicy): BeginOutcome | null {
  const retryAt = lockedUntil(state.mail.failures, now, policy);
  return retryAt === null ? null : { ok: false, reason: 'locked', retryAt };
}

function refuse<Reason extends string>(
  state: AccountState,
  reason: Reason,
): AccountStep<{ readonly ok: false; readonly reason: Reason }> {
  return { state, outcome: { ok: false, reason } };
}

/** The same object if nothing changes, so that nothing is written. */
function withMail(state: AccountState, mail: TokenState): AccountState {
  return mail === state.mail ? state : { ...state, mail };
}
