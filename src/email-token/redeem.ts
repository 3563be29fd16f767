import { NOT_A_CODE, readCode } from '../otp/code.js';
import type { RedeemRequest, RedeemResult } from './contract.js';
import { applyStep, digestTexts, emit } from './record.js';
import { assertRedeemRequest } from './request.js';
import type { Settings } from './settings.js';
import { type RedeemOutcome, redeemToken } from './token-state.js';

/** Redeems a token with a code: see `EmailTokens.redeem`. */
export async function redeem(settings: Settings, request: RedeemRequest): Promise<RedeemResult> {
  assertRedeemRequest(request);
  const { subject, purpose } = request;
  const outcome = await judge(settings, request);
  if (outcome.ok) {
    emit(settings, request, { type: 'redeemed' });
    return { ok: true, subject, purpose, to: outcome.to };
  }
  report(settings, request, outcome);
  return refusal(outcome);
}

type Refusal = Exclude<RedeemOutcome, { ok: true }> | { readonly ok: false; readonly reason: 'malformed' };

/** What cannot be a code is not evaluated: a slip of the Return key costs no attempt. */
function judge(settings: Settings, request: RedeemRequest): Promise<RedeemOutcome> | Refusal {
  const { policy, ring, digits } = settings;
  const { challenge } = request;
  const typed = readCode(request.code, digits);
  if (typed === NOT_A_CODE) return { ok: false, reason: 'malformed' };
  if (typeof challenge !== 'string') return { ok: false, reason: 'unknown' };
  const code = String(typed).padStart(digits, '0');
  return applyStep(settings, request, (state, time) =>
    redeemToken(
      state,
      challenge,
      (token) => ring.matches(token.digest, digestTexts(request, token, code)),
      time,
      policy,
    ),
  );
}

function report(settings: Settings, request: RedeemRequest, outcome: Refusal): void {
  const { reason } = outcome;
  const count = outcome.reason === 'mismatch' ? { failures: outcome.failures } : {};
  emit(settings, request, { type: 'rejected', action: 'redeem', reason, ...count });
  if (outcome.reason === 'mismatch' && outcome.locks && outcome.retryAt !== null) {
    emit(settings, request, { type: 'locked', until: new Date(outcome.retryAt) });
  }
}

function refusal(outcome: Refusal): RedeemResult {
  const { reason } = outcome;
  const attemptsLeft = outcome.reason === 'mismatch' ? { attemptsLeft: outcome.attemptsLeft } : {};
  const retryAt =
    'retryAt' in outcome && outcome.retryAt !== null ? { retryAt: new Date(outcome.retryAt) } : {};
  return { ok: false, reason, ...attemptsLeft, ...retryAt };
}
