import { readTypedCode, type TypedCode } from '../email-token/challenge.js';
import { assertInteger, assertOptionalBoolean, failRange, readMilliseconds } from '../internal/asserts.js';
import { randomText } from '../internal/random.js';
import { formatOtpauthUri } from '../otp/otpauth-uri.js';
import { MAX_COUNTER, resolveParameters } from '../otp/parameters.js';
import { assertSecret, Secret } from '../otp/secret.js';
import { timeStepAt } from '../otp/totp.js';
import { applyToAccount, emit, ID_LENGTH, refuseCode } from './account-record.js';
import { type ActiveApp, generateRecoveryCodes, MAX_DRIFT, PENDING_MS } from './account.js';
import {
  adoptApp,
  beginActivation as beginTransition,
  confirmActivation as confirmTransition,
  deactivate as deactivateTransition,
  renewRecoveryCodes as renewTransition,
  type ReplacementProof,
} from './activation-state.js';
import {
  type ActivationRequest,
  type AdoptRequest,
  type CodeRequest,
  type ConfirmRequest,
  type DeactivateRequest,
  readRequest,
} from './flow-requests.js';
import type {
  AdoptResult,
  BeginActivationResult,
  ConfirmActivationResult,
  DeactivateResult,
  RenewRecoveryCodesResult,
  TwoFactorAction,
} from './flow-results.js';
import { CODE_LENGTHS } from './login.js';
import { type FlowSettings, readAppName } from './options.js';
import { type ProofOutcome, sealSecret, secretOpener } from './proof.js';

/** Makes a secret to show: see `TwoFactor.beginActivation`. */
export async function beginActivation(
  settings: FlowSettings,
  request: ActivationRequest,
): Promise<BeginActivationResult> {
  const own = readRequest(request, ['account', 'name', 'issuer']);
  const { userId, account, issuer = settings.issuer } = own;
  const name = readAppName(own.name);
  const secret = Secret.generate();
  const uri = formatOtpauthUri(secret, { issuer, account });
  const sealed = await sealSecret(settings.cipher, userId, secret);
  const expiresAt = settings.tokens.now() + PENDING_MS;
  const pending = { name, sealed, expiresAt };
  const outcome = await applyToAccount(settings, { userId }, (state, context) =>
    beginTransition(state, pending, context),
  );
  if (!outcome.ok) return refuseCode(settings, { userId }, 'beginActivation', outcome);
  emit(settings, { userId }, { type: 'activation_begun', expiresAt: new Date(expiresAt) });
  return { ok: true, secret, uri, expiresAt: new Date(expiresAt) };
}

/** Makes the app a factor: see `TwoFactor.confirmActivation`. */
export async function confirmActivation(
  settings: FlowSettings,
  request: ConfirmRequest,
): Promise<ConfirmActivationResult> {
  const { userId, code, proof } = readRequest(request, ['code', 'proof']);
  const action = 'confirmActivation';
  const typed = readTypedCode(code, [6]);
  if (typed?.form !== 'digits')
    return refuseCode(settings, { userId }, action, { ok: false, reason: 'malformed' });
  const confirmation = {
    code: typed.text,
    proof: readProof(settings, userId, proof),
    id: randomText(ID_LENGTH),
    recoveryCodes: generateRecoveryCodes(),
  };
  const outcome = await applyToAccount(
    settings,
    { userId },
    (state, context, secrets) => confirmTransition(state, confirmation, context, secrets),
    secretOpener(settings.cipher, userId),
  );
  if (!outcome.ok) return refuseCode(settings, { userId }, action, outcome);
  const { app, replaced, makesRecoveryCodes, drift, proved } = outcome;
  reportRecoveryCode(settings, userId, action, proved);
  emit(settings, { userId }, { type: replaced ? 'replaced' : 'activated', app: app.id, name: app.name });
  const recoveryCodes = makesRecoveryCodes ? confirmation.recoveryCodes : null;
  return { ok: true, app: app.id, recoveryCodes, drift };
}

/** Removes an app: see `TwoFactor.deactivate`. */
export async function deactivate(
  settings: FlowSettings,
  request: DeactivateRequest,
): Promise<DeactivateResult> {
  const { userId, code, app } = readRequest(request, ['code', 'app']);
  const action = 'deactivate';
  // What a form sent may be anything; no app has an empty id.
  const chosen = app === undefined || typeof app === 'string' ? app : '';
  const typed = readTypedCode(code, CODE_LENGTHS);
  if (typed === null) return refuseCode(settings, { userId }, action, { ok: false, reason: 'malformed' });
  const outcome = await applyToAccount(
    settings,
    { userId },
    (state, context, secrets) => deactivateTransition(state, { typed, app: chosen }, context, secrets),
    secretOpener(settings.cipher, userId),
  );
  if (!outcome.ok) return refuseCode(settings, { userId }, action, outcome);
  reportRecoveryCode(settings, userId, action, outcome);
  const { gone, isLast } = outcome;
  for (const { id, name } of gone) emit(settings, { userId }, { type: 'deactivated', app: id, name, isLast });
  return { ok: true };
}

/** Makes new recovery codes: see `TwoFactor.renewRecoveryCodes`. */
export async function renewRecoveryCodes(
  settings: FlowSettings,
  request: CodeRequest,
): Promise<RenewRecoveryCodesResult> {
  const { userId, code } = readRequest(request, ['code']);
  const action = 'renewRecoveryCodes';
  const typed = readTypedCode(code, CODE_LENGTHS);
  const unfit = refusalByForm(typed);
  if (unfit !== null || typed === null) {
    return refuseCode(settings, { userId }, action, { ok: false, reason: unfit ?? 'malformed' });
  }
  const recoveryCodes = generateRecoveryCodes();
  const outcome = await applyToAccount(
    settings,
    { userId },
    (state, context, secrets) => renewTransition(state, { typed, recoveryCodes }, context, secrets),
    secretOpener(settings.cipher, userId),
  );
  if (!outcome.ok) return refuseCode(settings, { userId }, action, outcome);
  emit(settings, { userId }, { type: 'recovery_codes_renewed' });
  return { ok: true, recoveryCodes };
}

/** Makes a secret from another system an active app: see `TwoFactor.adopt`. */
export async function adopt(settings: FlowSettings, request: AdoptRequest): Promise<AdoptResult> {
  const own = readRequest(request, adoptNames);
  const { userId, secret } = own;
  assertSecret(secret);
  assertOptionalBoolean('recoveryCodes', own.recoveryCodes);
  const parameters = adoptedParameters(own, settings.tokens.now());
  const sealed = await sealSecret(settings.cipher, userId, secret);
  const app: ActiveApp = { id: randomText(ID_LENGTH), name: readAppName(own.name), sealed, ...parameters };
  const recoveryCodes = own.recoveryCodes === true ? generateRecoveryCodes() : null;
  const outcome = await applyToAccount(
    settings,
    { userId },
    (state, context, secrets) => adoptApp(state, { app, secret, recoveryCodes }, context, secrets),
    secretOpener(settings.cipher, userId),
  );
  if (!outcome.ok) return refuseCode(settings, { userId }, 'adopt', outcome);
  const { id, name } = outcome.app;
  if (outcome.isNew) emit(settings, { userId }, { type: 'adopted', app: id, name });
  else if (recoveryCodes !== null) emit(settings, { userId }, { type: 'recovery_codes_renewed' });
  return { ok: true, app: id, recoveryCodes };
}

const adoptNames = [
  'secret',
  'algorithm',
  'digits',
  'period',
  'lastTimeStep',
  'drift',
  'name',
  'activatedAt',
  'recoveryCodes',
];

/** Lower than every time step, since these count from 0. */
const NO_STEP_YET = -1;

function adoptedParameters(own: AdoptRequest, now: number): Omit<ActiveApp, 'id' | 'name' | 'sealed'> {
  const { lastTimeStep, drift = 0, activatedAt = now } = own;
  const { algorithm, digits, period } = resolveParameters(own);
  if (lastTimeStep !== undefined) assertLastTimeStep(lastTimeStep, period, now);
  assertInteger('drift', drift, -MAX_DRIFT, MAX_DRIFT);
  return {
    ...{ algorithm, digits, period, drift },
    lastTimeStep: lastTimeStep ?? NO_STEP_YET,
    activatedAt: readMilliseconds(
      'activatedAt',
      activatedAt instanceof Date ? activatedAt.getTime() : activatedAt,
    ),
    lastUsedAt: null,
  };
}

/** With a step that lies ahead, every code would count as used until it comes. */
function assertLastTimeStep(step: number, period: number, now: number): void {
  assertInteger('lastTimeStep', step, 0, MAX_COUNTER);
  if (step <= timeStepAt(now, period, 0) + MAX_DRIFT) return;
  const expected = `a step of this app's own period, ${period} seconds, that has been`;
  failRange('lastTimeStep', `${expected}: it looks like an instant or a step of another period`);
}

/** One recovery code must not make ten: a person who finds the paper would have them for ever. */
function refusalByForm(typed: TypedCode | null): 'malformed' | 'unsuitable' | null {
  if (typed === null) return 'malformed';
  return typed.form === 'letters' ? 'unsuitable' : null;
}

function readProof({ proofs }: FlowSettings, userId: string, proof: unknown): ReplacementProof {
  const ticket = proofs.read(proof, { subject: userId, purpose: 'activation' });
  if (ticket !== null && !ticket.isNull) return { kind: 'ticket', at: ticket.at };
  const typed = readTypedCode(proof, CODE_LENGTHS);
  return typed === null ? { kind: 'none' } : { kind: 'code', typed };
}

function reportRecoveryCode(
  settings: FlowSettings,
  userId: string,
  action: TwoFactorAction,
  proved: Extract<ProofOutcome, { ok: true }> | null,
): void {
  if (proved?.method !== 'recovery') return;
  emit(settings, { userId }, { type: 'recovery_code_used', action, left: proved.left });
}
