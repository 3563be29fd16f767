import { describeRefusal, type Refused } from '../email-token/refusal.js';
import { emit } from './account-record.js';
import type { CodeRefusal, TwoFactorAction } from './flow.js';
import type { FlowSettings } from './options.js';

/** Reports a refusal as events, and returns what the caller is told of it. */
export function refuseCode<Reason extends string>(
  settings: FlowSettings,
  userId: string,
  action: TwoFactorAction,
  outcome: Refused<Reason>,
): { readonly ok: false; readonly reason: Reason } & Pick<CodeRefusal, 'retryAt' | 'attemptsLeft'> {
  const { refusal, failures, lockedUntil } = describeRefusal(outcome);
  const { reason } = refusal;
  if (reason === 'replayed') emit(settings, { userId }, { type: 'replay_refused', action });
  else emit(settings, { userId }, { type: 'rejected', action, reason, ...failures });
  if (lockedUntil !== null) emit(settings, { userId }, { type: 'locked', until: lockedUntil });
  return refusal;
}
