import { notify } from '../email-token/events.js';
import { recordKey } from '../store/record-key.js';
import { type Transaction, transact, unchanged } from '../store/transact.js';
import { transactState } from '../store/transact-state.js';
import { type AccountState, type AccountStep, emptyAccount } from './account.js';
import { accountExpiresAt } from './account-state.js';
import { formatAccount, parseAccount } from './account-text.js';
import type { TwoFactorEventDetails } from './events.js';
import type { TwoFactorSettings } from './settings.js';

/** Runs a transition on a customer's record, and resolves to its outcome once that is written. */
export function applyStep<Outcome>(
  settings: TwoFactorSettings,
  userId: string,
  transition: (state: AccountState, time: number) => AccountStep<Outcome>,
): Promise<Outcome> {
  return transactState(transactionOf(settings, userId), keeping, settings.mail.policy, transition);
}

/** Deletes the record unread, so that a damaged one can be deleted too; tells whether there was one. */
export function deleteRecord(settings: TwoFactorSettings, userId: string): Promise<boolean> {
  return transact(transactionOf(settings, userId), (value) =>
    value === undefined ? { next: unchanged, outcome: false } : { next: null, outcome: true },
  );
}

/** Tells the application's observer of an event. */
export function emit(
  { onEvent, mail }: TwoFactorSettings,
  userId: string,
  details: TwoFactorEventDetails,
): void {
  notify(onEvent, { ...details, userId, at: new Date(mail.now()) });
}

const keeping = {
  empty: emptyAccount,
  parse: parseAccount,
  format: formatAccount,
  expiresAt: accountExpiresAt,
};

function transactionOf({ mail }: TwoFactorSettings, userId: string): Transaction {
  return { store: mail.store, key: recordKey('two-factor', userId), now: mail.now };
}
