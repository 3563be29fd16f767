import { formatOtpauthUri } from '../otp/format-otpauth-uri.js';
import {
  beginActivation as beginTransition,
  confirmActivation as confirmTransition,
} from './account-state.js';
import type {
  ActivationRequest,
  BeginActivationResult,
  CodeRequest,
  ConfirmActivationResult,
} from './contract.js';
import { readDigits, stepFinder } from './guess.js';
import { applyStep, emit } from './record.js';
import { digestRecoveryCodes, generateRecoveryCodes } from './recovery-codes.js';
import { refuseCode } from './refusal.js';
import { assertRequest } from './request.js';
import { applyWithSecrets, makeSecrets, sealedOfPending } from './sealed-secrets.js';
import type { TwoFactorSettings } from './settings.js';

/** Makes a secret to show: see `TwoFactor.beginActivation`. */
export async function beginActivation(
  settings: TwoFactorSettings,
  request: ActivationRequest,
): Promise<BeginActivationResult> {
  assertRequest(request, ['account']);
  const { userId, account } = request;
  const { issuer, mail } = settings;
  const { secret, sealed } = await makeSecrets(settings, userId);
  const uri = formatOtpauthUri(secret, { issuer, account });
  const expiresAt = mail.now() + PENDING_MS;
  const outcome = await applyStep(settings, userId, (state) => beginTransition(state, { sealed, expiresAt }));
  if (!outcome.ok) return refuseCode(settings, userId, 'beginActivation', outcome);
  emit(settings, userId, { type: 'activation_begun', expiresAt: new Date(expiresAt) });
  return { ok: true, secret, uri, expiresAt: new Date(expiresAt) };
}

/** Makes the app the factor: see `TwoFactor.confirmActivation`. */
export async function confirmActivation(
  settings: TwoFactorSettings,
  request: CodeRequest,
): Promise<ConfirmActivationResult> {
  assertRequest(request, ['code']);
  const { userId } = request;
  const action = 'confirmActivation';
  const digits = readDigits(request.code);
  if (digits === null) return refuseCode(settings, userId, action, { ok: false, reason: 'malformed' });
  const recoveryCodes = generateRecoveryCodes();
  const outcome = await applyWithSecrets(settings, userId, sealedOfPending, (state, secrets, time) => {
    const findStep = stepFinder(settings, secrets, digits);
    const digests = digestRecoveryCodes(secrets, userId, recoveryCodes);
    return confirmTransition(state, findStep, digests, time, settings.mail.policy);
  });
  if (!outcome.ok) return refuseCode(settings, userId, action, outcome);
  emit(settings, userId, { type: 'activated' });
  return { ok: true, recoveryCodes };
}

const PENDING_MS = 600_000;
