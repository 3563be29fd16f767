import { recordKey } from '../store/record-key.js';
import { transactState } from '../store/transact-state.js';
import type { TokenTarget } from './contract.js';
import { type EmailTokenEventDetails, notify } from './events.js';
import type { Settings } from './settings.js';
import { formatState, parseState } from './state-text.js';
import {
  emptyState,
  type LiveToken,
  stateExpiresAt,
  type TokenState,
  type TokenStep,
} from './token-state.js';

/** Runs a transition on the record of a subject and purpose, and resolves to its outcome once that is written. */
export function applyStep<Outcome>(
  { store, policy, now }: Settings,
  { subject, purpose }: TokenTarget,
  transition: (state: TokenState, time: number) => TokenStep<Outcome>,
): Promise<Outcome> {
  const transaction = { store, key: recordKey('email-token', purpose, subject), now };
  return transactState(transaction, keeping, policy, transition);
}

/** What the digest of a code is bound to; a missing address is none that could be written. */
export function digestTexts(
  { subject, purpose }: TokenTarget,
  { challenge, to }: Pick<LiveToken, 'challenge' | 'to'>,
  code: string,
): readonly string[] {
  return [purpose, subject, challenge, to ?? '', code];
}

/** Tells the application's observer of an event. */
export function emit({ onEvent, now }: Settings, target: TokenTarget, details: EmailTokenEventDetails): void {
  if (onEvent === undefined) return;
  const { subject, purpose } = target;
  notify(onEvent, { ...details, subject, purpose, at: new Date(now()) });
}

const keeping = { empty: emptyState, parse: parseState, format: formatState, expiresAt: stateExpiresAt };
