import { describeRefusal, type Refused } from '../email-token/refusal.js';
import { emit, type EventAbout } from './account-record.js';
import type { TwoFactorAction } from './flow-events.js';
import type { CodeRefusal } from './flow-results.js';
import type { FlowSettings } from './options.js';

/** Reports a refusal as events, and returns what the caller is told of it. */
export function refuseCode<Reason extends string>(
  settings: FlowSettings,
  about: EventAbout,
  action: TwoFactorAction,
  outcome: Refused<Reason>,
): { readonly ok: false; readonly reason: Reason } & Pick<CodeRefusal, 'retryAt' | 'attemptsLeft'> {
  const { refusal, failures, lockedUntil } = describeRefusal(outcome);
  const { reason } = refusal;
  if (reason === 'replayed') emit(settings, about, { type: 'replay_refused', action });
  else emit(settings, about, { type: 'rejected', action, reason, ...failures });
  // A stranger must not be able to have the customer told of a lock that is none of theirs.
  if (lockedUntil !== null && about.isNull !== true)
    emit(settings, about, { type: 'locked', until: lockedUntil });
  return refusal;
}
