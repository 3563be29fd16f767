import type { TokenTarget } from './contract.js';
import { applyStep, emit } from './record.js';
import { assertTarget } from './request.js';
import type { Settings } from './settings.js';
import { revokeToken, unlockToken } from './token-state.js';

/** Kills the live token: see `EmailTokens.revoke`. */
export async function revoke(settings: Settings, target: TokenTarget): Promise<void> {
  assertTarget(target);
  if (await applyStep(settings, target, revokeToken)) emit(settings, target, { type: 'revoked' });
}

/** Forgets the failures: see `EmailTokens.unlock`. */
export async function unlock(settings: Settings, target: TokenTarget): Promise<void> {
  assertTarget(target);
  if (await applyStep(settings, target, unlockToken)) emit(settings, target, { type: 'unlocked' });
}
