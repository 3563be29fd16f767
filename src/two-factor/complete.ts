import { type CompleteOutcome, completeLogin } from './account-state.js';
import type { CompleteRequest, CompleteResult } from './contract.js';
import { readTypedCode, toGuess, type TypedCode } from './guess.js';
import { emit } from './record.js';
import { refuseCode } from './refusal.js';
import { assertRequest } from './request.js';
import { applyWithSecrets, sealedOfApp } from './sealed-secrets.js';
import type { TwoFactorSettings } from './settings.js';

/** Ends a login: see `TwoFactor.complete`. */
export async function complete(
  settings: TwoFactorSettings,
  request: CompleteRequest,
): Promise<CompleteResult> {
  assertRequest(request, ['challenge', 'code']);
  const { userId } = request;
  const typed = readTypedCode(request.code);
  if (typed === null) return refuseCode(settings, userId, 'complete', { ok: false, reason: 'malformed' });
  const outcome = await judge(settings, request, typed);
  if (!outcome.ok) return refuseCode(settings, userId, 'complete', outcome);
  const { method } = outcome;
  if (method === 'recovery')
    emit(settings, userId, { type: 'recovery_code_used', action: 'complete', left: outcome.left });
  emit(settings, userId, { type: 'redeemed', method });
  return { ok: true, userId, method };
}

function judge(
  settings: TwoFactorSettings,
  { userId, challenge }: CompleteRequest,
  typed: TypedCode,
): Promise<CompleteOutcome> {
  const { policy } = settings.mail;
  return applyWithSecrets(settings, userId, sealedOfApp, (state, secrets, time) =>
    completeLogin(state, toGuess(settings, userId, typed, secrets, challenge), time, policy),
  );
}
