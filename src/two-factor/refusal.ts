import type { CodeRefusal } from './contract.js';
import type { TwoFactorAction } from './events.js';
import { emit } from './record.js';
import type { TwoFactorSettings } from './settings.js';

/** Why a transition refused a code. */
export interface RefusedOutcome<Reason extends string> {
  readonly ok: false;
  readonly reason: Reason;
  /** In ms. */
  readonly retryAt?: number | null;
  readonly attemptsLeft?: number;
  readonly failures?: number;
  readonly locks?: boolean;
}

/** Reports a refusal as events, and gives what the caller is told of it. */
export function refuseCode<Reason extends string>(
  settings: TwoFactorSettings,
  userId: string,
  action: TwoFactorAction,
  outcome: RefusedOutcome<Reason>,
): { ok: false; reason: Reason } & Pick<CodeRefusal, 'retryAt' | 'attemptsLeft'> {
  const { reason, attemptsLeft } = outcome;
  const retryAt = typeof outcome.retryAt === 'number' ? new Date(outcome.retryAt) : undefined;
  report(settings, userId, action, outcome);
  if (outcome.locks === true && retryAt !== undefined)
    emit(settings, userId, { type: 'locked', until: retryAt });
  return {
    ok: false,
    reason,
    ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}

function report(
  settings: TwoFactorSettings,
  userId: string,
  action: TwoFactorAction,
  { reason, failures }: RefusedOutcome<string>,
): void {
  if (reason === 'replayed') {
    emit(settings, userId, { type: 'replay_refused', action });
    return;
  }
  const count = failures === undefined ? {} : { failures };
  emit(settings, userId, { type: 'rejected', action, reason, ...count });
}
