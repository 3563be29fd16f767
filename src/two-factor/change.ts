import type { AccountState, AccountStep, Guess } from './account.js';
import {
  type ChangeOutcome,
  deactivate as deactivateTransition,
  renewRecoveryCodes as renewTransition,
} from './account-state.js';
import type { CodeRequest, DeactivateResult, RenewRecoveryCodesResult } from './contract.js';
import { readTypedCode, toGuess, type TypedCode } from './guess.js';
import { emit } from './record.js';
import { digestRecoveryCodes, generateRecoveryCodes } from './recovery-codes.js';
import { refuseCode } from './refusal.js';
import { assertRequest } from './request.js';
import { type AppSecrets, applyWithSecrets, sealedOfApp } from './sealed-secrets.js';
import type { TwoFactorSettings } from './settings.js';

/** Takes the app away: see `TwoFactor.deactivate`. */
export async function deactivate(
  settings: TwoFactorSettings,
  request: CodeRequest,
): Promise<DeactivateResult> {
  assertRequest(request, ['code']);
  const { userId } = request;
  const typed = readTypedCode(request.code);
  if (typed === null) return refuseCode(settings, userId, 'deactivate', { ok: false, reason: 'malformed' });
  const { policy } = settings.mail;
  const outcome = await change(settings, userId, typed, (state, guess, time) =>
    deactivateTransition(state, guess, time, policy),
  );
  if (!outcome.ok) return refuseCode(settings, userId, 'deactivate', outcome);
  if (outcome.method === 'recovery')
    emit(settings, userId, { type: 'recovery_code_used', action: 'deactivate', left: 0 });
  emit(settings, userId, { type: 'deactivated' });
  return { ok: true };
}

/** Makes new recovery codes: see `TwoFactor.renewRecoveryCodes`. */
export async function renewRecoveryCodes(
  settings: TwoFactorSettings,
  request: CodeRequest,
): Promise<RenewRecoveryCodesResult> {
  assertRequest(request, ['code']);
  const { userId } = request;
  const action = 'renewRecoveryCodes';
  const typed = readTypedCode(request.code);
  // One recovery code must not make ten: whoever found the paper would have them for ever.
  if (typed?.form !== 'digits')
    return refuseCode(settings, userId, action, { ok: false, reason: 'malformed' });
  const { policy } = settings.mail;
  const recoveryCodes = generateRecoveryCodes();
  const outcome = await change(settings, userId, typed, (state, guess, time, secrets) => {
    const digests = digestRecoveryCodes(secrets, userId, recoveryCodes);
    return renewTransition(state, guess, digests, time, policy);
  });
  if (!outcome.ok) return refuseCode(settings, userId, action, outcome);
  emit(settings, userId, { type: 'recovery_codes_renewed' });
  return { ok: true, recoveryCodes };
}

function change(
  settings: TwoFactorSettings,
  userId: string,
  typed: TypedCode,
  transition: (
    state: AccountState,
    guess: Guess,
    time: number,
    secrets: AppSecrets | null,
  ) => AccountStep<ChangeOutcome>,
): Promise<ChangeOutcome> {
  return applyWithSecrets(settings, userId, sealedOfApp, (state, secrets, time) =>
    transition(state, toGuess(settings, userId, typed, secrets), time, secrets),
  );
}
