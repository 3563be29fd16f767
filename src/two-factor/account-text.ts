import { formatState, parseState } from '../email-token/state-text.js';
import { readRecordText } from '../internal/record-text.js';
import type { AccountState, ActiveApp, PendingActivation } from './account.js';

/** The text of an account as a store holds it. */
export function formatAccount({ app, pending, recoveryDigests, mail }: AccountState): string {
  return JSON.stringify([
    VERSION,
    app && formatApp(app),
    pending && [pending.sealedSecret, pending.expiresAt],
    recoveryDigests,
    formatState(mail),
  ]);
}

/** Reads {@link formatAccount}'s text back; throws `ERR_RECORD_UNREADABLE` if it is anything else. */
export function parseAccount(text: string): AccountState {
  const [app, pending, recoveryDigests, mail] = readRecordText(text, VERSION) as StoredAccount;
  return {
    app: app && parseApp(app),
    pending: pending && parsePending(pending),
    recoveryDigests,
    mail: parseState(mail),
  };
}

const VERSION = 1;

type StoredApp = [sealedSecret: string, lastTimeStep: number, drift: number, activatedAt: number];
type StoredPending = [sealedSecret: string, expiresAt: number];
type StoredAccount = [
  app: StoredApp | null,
  pending: StoredPending | null,
  recoveryDigests: string[],
  mail: string,
];

function formatApp({ sealedSecret, lastTimeStep, drift, activatedAt }: ActiveApp): StoredApp {
  return [sealedSecret, lastTimeStep, drift, activatedAt];
}

function parseApp([sealedSecret, lastTimeStep, drift, activatedAt]: StoredApp): ActiveApp {
  return { sealedSecret, lastTimeStep, drift, activatedAt };
}

function parsePending([sealedSecret, expiresAt]: StoredPending): PendingActivation {
  return { sealedSecret, expiresAt };
}
