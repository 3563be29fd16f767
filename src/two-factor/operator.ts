import { unlockToken } from '../email-token/token-state.js';
import { assertName } from '../email-token/request.js';
import { lockedUntil } from '../internal/throttle.js';
import type { AccountState } from './account.js';
import { changeMail } from './account-state.js';
import type { TwoFactorStatus } from './contract.js';
import { applyStep, deleteRecord, emit } from './record.js';
import type { TwoFactorSettings } from './settings.js';

/** Tells a customer's factor: see `TwoFactor.status`. */
export async function status(settings: TwoFactorSettings, userId: string): Promise<TwoFactorStatus> {
  assertName('userId', userId);
  return applyStep(settings, userId, (state, time) => ({ state, outcome: statusOf(settings, state, time) }));
}

/** Forgets the failures: see `TwoFactor.unlock`. */
export async function unlock(settings: TwoFactorSettings, userId: string): Promise<void> {
  assertName('userId', userId);
  const hadFailures = await applyStep(settings, userId, (state) => changeMail(state, unlockToken));
  if (hadFailures) emit(settings, userId, { type: 'unlocked' });
}

/** Deletes everything about a customer: see `TwoFactor.erase`. */
export async function erase(settings: TwoFactorSettings, userId: string): Promise<void> {
  assertName('userId', userId);
  if (await deleteRecord(settings, userId)) emit(settings, userId, { type: 'erased' });
}

function statusOf(
  { fallback, mail }: TwoFactorSettings,
  { app, recoveryDigests, mail: { failures } }: AccountState,
  time: number,
): TwoFactorStatus {
  const locked = lockedUntil(failures, time, mail.policy);
  return {
    method: app === null ? fallback : 'authenticator',
    recoveryCodesLeft: recoveryDigests.length,
    activatedAt: app === null ? null : new Date(app.activatedAt),
    lockedUntil: locked === null ? null : new Date(locked),
  };
}
