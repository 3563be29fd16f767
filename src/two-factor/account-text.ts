import { formatState, parseState } from '../email-token/state-text.js';
import { readRecordText } from '../internal/record-text.js';
import type { AccountState, ActiveApp, PendingActivation } from './account.js';

/** The text of an account as a store holds it. */
export function formatAccount({ app, pending, recoveryDigests, mail }: AccountState): string {
  return JSON.stringify([
    VERSION,
    app && formatApp(app),
    pending && [pending.sealed, pending.expiresAt],
    recoveryDigests,
    formatState(mail),
  ]);
}

/** Reads {@link formatAccount}'s text back; throws `ERR_RECORD_UNREADABLE` if it is anything else. */
export function parseAccount(text: string): AccountState {
  const [, app, pending, recoveryDigests, mail] = readRecordText(text, VERSION) as StoredAccount;
  return {
    app: app && parseApp(app),
    pending: pending && parsePending(pending),
    recoveryDigests,
    mail: parseState(mail),
  };
}

const VERSION = 1;

type StoredApp = [sealed: string, lastTimeStep: number, drift: number, activatedAt: number];
type StoredPending = [sealed: string, expiresAt: number];
type StoredAccount = [
  version: number,
  app: StoredApp | null,
  pending: StoredPending | null,
  recoveryDigests: string[],
  mail: string,
];

function formatApp({ sealed, lastTimeStep, drift, activatedAt }: ActiveApp): StoredApp {
  return [sealed, lastTimeStep, drift, activatedAt];
}

function parseApp([sealed, lastTimeStep, drift, activatedAt]: StoredApp): ActiveApp {
  return { sealed, lastTimeStep, drift, activatedAt };
}

function parsePending([sealed, expiresAt]: StoredPending): PendingActivation {
  return { sealed, expiresAt };
}
