/** Changes of the apps and the recovery codes as pure transitions. There is never a moment with a weaker factor. */
import type { TypedCode } from '../email-token/challenge.js';
import { ticketRefusal } from '../email-token/token-state.js';
import { equalBytes } from '../internal/bytes.js';
import type { Secret } from '../otp/secret.js';
import type { TotpMatch } from '../otp/totp.js';
import { asksForWork, type Needs, type Step } from '../store/transact.js';
import {
  type AccountState,
  type ActiveApp,
  afterFactorChange,
  type FlowContext,
  MAX_DRIFT,
  MAX_PENDING,
  noRecoveryCodes,
  type PendingApp,
  recoverySet,
} from './account.js';
import {
  findStep,
  learnedDrift,
  needsOpened,
  needsSecrets,
  type OpenedSecrets,
  type ProofOutcome,
  type ProofRefusal,
  prove,
  resealed,
} from './proof.js';

type Decision<Outcome> = Step<AccountState, Outcome> | Needs<readonly string[]>;
interface Refusal<Reason extends string> {
  readonly ok: false;
  readonly reason: Reason;
}

/** What stands for the factor that is being replaced: a code, or the ticket that a recovery code was exchanged for. */
export type ReplacementProof =
  | { readonly kind: 'code'; readonly typed: TypedCode }
  | { readonly kind: 'ticket'; readonly at: number }
  | { readonly kind: 'none' };

/** A code that should confirm a pending secret. */
export interface Confirmation {
  /** The digits that the new app shows. */
  readonly code: string;
  readonly proof: ReplacementProof;
  /** The id that the new app gets. */
  readonly id: string;
  /** The recovery codes that the customer gets if they have none. */
  readonly recoveryCodes: readonly string[];
}

/** What becomes of a confirmation. */
export type ConfirmOutcome =
  | {
      readonly ok: true;
      readonly app: ActiveApp;
      readonly replaced: boolean;
      readonly makesRecoveryCodes: boolean;
      readonly drift: number;
      /** How the current factor is proved, if there is one. */
      readonly proved: Extract<ProofOutcome, { ok: true }> | null;
    }
  | Refusal<'proof' | 'unknown' | 'expired' | 'full' | 'mismatch'>
  | ProofRefusal;

/** Keeps a newly shown secret, beside the newest unconfirmed ones. The factor stays what it is. */
export function beginActivation(
  state: AccountState,
  pending: PendingApp,
  { policy }: FlowContext,
): Step<AccountState, { readonly ok: true } | Refusal<'full'>> {
  if (isFull(state, policy.maxApps)) return { state, outcome: { ok: false, reason: 'full' } };
  const next = [...state.pending, pending].slice(-MAX_PENDING);
  return { state: { ...state, pending: next }, outcome: { ok: true } };
}

/**
 * Makes an app a factor if the code shows that it holds a pending secret, and the proof that its owner holds the
 * current factor. The code is no guess, since anyone who sees the secret can compute it, so a wrong one is not counted.
 */
export function confirmActivation(
  state: AccountState,
  confirmation: Confirmation,
  context: FlowContext,
  secrets: OpenedSecrets,
): Decision<ConfirmOutcome> {
  const { pending } = state;
  if (pending.length === 0) return refuse(state, 'unknown');
  if (isFull(state, context.policy.maxApps)) return refuse(state, 'full');
  const live = pending.filter(({ expiresAt }) => expiresAt > context.now);
  if (live.length === 0) return refuse(state, 'expired');
  const needs = needsOpened(live, secrets);
  if (needs !== null) return needs;
  const confirmed = findPending(live, confirmation.code, context, secrets);
  if (confirmed === null) return refuse(state, 'mismatch');
  if (state.apps.length === 0)
    return activate(state, { ...confirmed, confirmation, proved: null }, context, secrets);
  const proof = proveReplacement(state, confirmation.proof, context, secrets);
  if (asksForWork(proof)) return proof;
  if (!proof.outcome.ok) return { state: proof.state, outcome: withoutMismatch(proof.outcome) };
  return activate(
    proof.state,
    { ...confirmed, confirmation, proved: proof.outcome.proved },
    context,
    secrets,
  );
}

/** What becomes of a code that should renew the recovery codes. */
export type RenewOutcome = ProofOutcome | Refusal<'inactive'>;

/** Which apps go. */
export interface Deactivation {
  readonly typed: TypedCode;
  /** An app's id, or `'all'`; undefined for the only one. */
  readonly app: string | undefined;
}

/** An outcome of a deactivation, with the apps that went. */
export type DeactivateOutcome =
  | (Extract<ProofOutcome, { ok: true }> & { readonly gone: readonly ActiveApp[]; readonly isLast: boolean })
  | Refusal<'inactive' | 'unknown'>
  | ProofRefusal;

/** Removes apps against proof; the recovery codes go with the last one. */
export function deactivate(
  state: AccountState,
  { typed, app }: Deactivation,
  context: FlowContext,
  secrets: OpenedSecrets,
): Decision<DeactivateOutcome> {
  if (state.apps.length === 0) return refuse(state, 'inactive');
  const gone = chosenApps(state, app);
  if (gone.length === 0) return refuse(state, 'unknown');
  const step = prove(state, { typed, isExempt: false }, context, secrets);
  if (asksForWork(step)) return step;
  const { outcome } = step;
  if (!outcome.ok) return { state: step.state, outcome };
  const isGone = ({ id }: ActiveApp): boolean => gone.some((each) => each.id === id);
  const apps = step.state.apps.filter((each) => !isGone(each));
  const isLast = apps.length === 0;
  const ends = isLast ? { pending: [], recovery: noRecoveryCodes, deactivatedAt: context.now } : {};
  const next = { ...step.state, apps, ...ends };
  return { state: afterFactorChange(next, context), outcome: { ...outcome, gone, isLast } };
}

/** Puts new recovery codes in the place of the old ones, against proof of an app. */
export function renewRecoveryCodes(
  state: AccountState,
  { typed, recoveryCodes }: { readonly typed: TypedCode; readonly recoveryCodes: readonly string[] },
  context: FlowContext,
  secrets: OpenedSecrets,
): Decision<RenewOutcome> {
  if (state.apps.length === 0) return refuse(state, 'inactive');
  const step = prove(state, { typed, isExempt: false }, context, secrets);
  if (asksForWork(step)) return step;
  if (!step.outcome.ok) return { state: step.state, outcome: step.outcome };
  const recovery = recoverySet(step.state, recoveryCodes, context);
  return { state: afterFactorChange({ ...step.state, recovery }, context), outcome: step.outcome };
}

/** An app from another system. */
export interface Adoption {
  readonly app: ActiveApp;
  readonly secret: Secret;
  /** The recovery codes that the customer gets; null for none. */
  readonly recoveryCodes: readonly string[] | null;
}

/** What becomes of an adoption. */
export type AdoptOutcome =
  | {
      readonly ok: true;
      readonly app: ActiveApp;
      /** False if it was active before. */ readonly isNew: boolean;
    }
  | Refusal<'full'>;

/**
 * Makes an app from another system a factor, unless there are enough. A migration may run twice: a secret that is
 * active already stays one app, since each of two would accept the code that the other has used.
 */
export function adoptApp(
  state: AccountState,
  { app, secret, recoveryCodes }: Adoption,
  context: FlowContext,
  secrets: OpenedSecrets,
): Decision<AdoptOutcome> {
  const needs = needsSecrets(state.apps, secrets);
  if (needs !== null) return needs;
  const twin = state.apps.find(({ sealed }) => isSameSecret(secrets.get(sealed)?.secret, secret));
  if (twin === undefined && state.apps.length >= context.policy.maxApps) return refuse(state, 'full');
  const outcome = { ok: true, app: twin ?? app, isNew: twin === undefined } as const;
  if (twin !== undefined && recoveryCodes === null) return { state, outcome };
  const apps = twin === undefined ? [...state.apps, app] : state.apps;
  const recovery = recoveryCodes === null ? state.recovery : recoverySet(state, recoveryCodes, context);
  // A secret that is pending could be this one: confirmed, it would be a second app that takes the codes of the first.
  const pending = twin === undefined ? [] : state.pending;
  const next = resealed({ ...state, apps, pending, recovery, deactivatedAt: null }, secrets);
  return { state: afterFactorChange(next, context), outcome };
}

/** The parameters of apps that are activated here. */
export const OWN_PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30, drift: 0 } as const;

/** With one app allowed a new one takes its place, so there is always room. */
function isFull({ apps }: AccountState, maxApps: number): boolean {
  return maxApps > 1 && apps.length >= maxApps;
}

interface ConfirmedSecret {
  readonly pending: PendingApp;
  readonly match: TotpMatch;
}

/** Looks at the newest secret first, and accepts a clock that is up to ten steps off. */
function findPending(
  live: readonly PendingApp[],
  code: string,
  { now }: FlowContext,
  secrets: OpenedSecrets,
): ConfirmedSecret | null {
  const around = { at: now, window: { past: MAX_DRIFT, future: MAX_DRIFT } };
  const found = live.map((pending) => ({
    pending,
    match: findStep(OWN_PARAMETERS, code, secrets.get(pending.sealed)?.secret, around),
  }));
  const newest = found.filter(({ match }) => match !== null).at(-1);
  return newest?.match ? { pending: newest.pending, match: newest.match } : null;
}

type ProvedStep = Step<
  AccountState,
  | { readonly ok: true; readonly proved: Extract<ProofOutcome, { ok: true }> | null }
  | Refusal<'proof'>
  | ProofRefusal
>;

function proveReplacement(
  state: AccountState,
  proof: ReplacementProof,
  context: FlowContext,
  secrets: OpenedSecrets,
): ProvedStep | Needs<readonly string[]> {
  if (proof.kind === 'none') return refuse(state, 'proof');
  if (proof.kind === 'ticket') {
    const isGood = ticketRefusal(state, proof.at, context) === null;
    return isGood ? { state, outcome: { ok: true, proved: null } } : refuse(state, 'proof');
  }
  const step = prove(state, { typed: proof.typed, isExempt: false }, context, secrets);
  if (asksForWork(step)) return step;
  const { outcome } = step;
  return { state: step.state, outcome: outcome.ok ? { ok: true, proved: outcome } : outcome };
}

/** A wrong proof has a reason of its own, so that the page marks the right field. */
function withoutMismatch(outcome: Refusal<'proof'> | ProofRefusal): Refusal<'proof'> | ProofRefusal {
  const isWrong = outcome.reason === 'mismatch' || outcome.reason === 'malformed';
  return isWrong ? { ...outcome, reason: 'proof' } : outcome;
}

interface Activation extends ConfirmedSecret {
  readonly confirmation: Confirmation;
  readonly proved: Extract<ProofOutcome, { ok: true }> | null;
}

function activate(
  state: AccountState,
  { pending: { name, sealed }, match, confirmation, proved }: Activation,
  context: FlowContext,
  secrets: OpenedSecrets,
): Step<AccountState, ConfirmOutcome> {
  const { id, recoveryCodes } = confirmation;
  const { now, policy } = context;
  const app: ActiveApp = {
    ...{ id, name, sealed, ...OWN_PARAMETERS },
    lastTimeStep: match.timeStep,
    drift: learnedDrift(match.drift),
    activatedAt: now,
    lastUsedAt: now,
  };
  const replaced = policy.maxApps === 1 && state.apps.length > 0;
  const apps = policy.maxApps === 1 ? [app] : [...state.apps, app];
  const makesRecoveryCodes = state.recovery.left.length === 0;
  const recovery = makesRecoveryCodes ? recoverySet(state, recoveryCodes, context) : state.recovery;
  const next = resealed({ ...state, apps, pending: [], recovery, deactivatedAt: null }, secrets);
  const outcome = { ok: true, app, replaced, makesRecoveryCodes, drift: match.drift, proved } as const;
  return { state: afterFactorChange(next, context), outcome };
}

function isSameSecret(one: Secret | undefined, other: Secret): boolean {
  return one !== undefined && equalBytes(one.toBytes(), other.toBytes());
}

function chosenApps({ apps }: AccountState, app: string | undefined): readonly ActiveApp[] {
  if (app === 'all' || (app === undefined && apps.length === 1)) return apps;
  return apps.filter(({ id }) => id === app);
}

function refuse<Reason extends string>(
  state: AccountState,
  reason: Reason,
): Step<AccountState, Refusal<Reason>> {
  return { state, outcome: { ok: false, reason } };
}
