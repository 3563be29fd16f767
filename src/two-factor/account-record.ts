import { describeRefusal, notify, type Refused } from '../email-token/refusal.js';
import { shortText, tokenFields } from '../email-token/token-state.js';
import { ownOnly } from '../internal/asserts.js';
import { randomText } from '../internal/random.js';
import {
  fields,
  formatRecord,
  instant,
  integer,
  list,
  nullable,
  oneOf,
  type Reader,
  readRecord,
  recordKey,
  type RecordKind,
  text,
} from '../store/record.js';
import { asksForWork, type Needs, type Step, transact, type Worker } from '../store/transact.js';
import {
  accountAsOfNow,
  accountExpiresAt,
  type AccountState,
  accountWithoutExpired,
  type ActiveApp,
  emptyAccount,
  type FlowContext,
  type KnownBrowser,
  MAX_PENDING,
  type PendingApp,
} from './account.js';
import type { CodeRefusal, TwoFactorAction, TwoFactorEventDetails } from './flow-results.js';
import type { FlowSettings } from './options.js';

/** Which record: the customer's, or the one beside it for logins without an address. */
export interface Account {
  readonly userId: string;
  readonly isNull?: boolean;
}

/** A pure decision about an account. */
export type AccountTransition<Outcome, Work, Known> = (
  state: AccountState,
  context: FlowContext,
  known: Known,
) => Step<AccountState, Outcome> | Needs<Work>;

/** Runs a transition on an account's record, and resolves to its outcome once that is written. */
export function applyToAccount<Outcome, Work = never, Known = undefined>(
  settings: FlowSettings,
  account: Account,
  transition: AccountTransition<Outcome, Work, Known>,
  worker?: Worker<Work, Known>,
): Promise<Outcome> {
  return transact<AccountState, Outcome, Work, Known>(
    transactionOf(settings, account),
    (before, now, known) => {
      const context = contextOf(settings, account, now);
      const decision = transition(accountAsOfNow(before, context), context, known);
      if (asksForWork(decision) || decision.state === before) return decision;
      return { ...decision, state: accountWithoutExpired(decision.state, context) };
    },
    worker,
  );
}

/** Replaces whatever the store holds with a state, even a damaged record. */
export function replaceAccount(
  settings: FlowSettings,
  userId: string,
  make: (empty: AccountState, context: FlowContext) => AccountState,
): Promise<null> {
  const access = transactionOf(settings, { userId });
  return transact({ ...access, ignoresRecord: true }, (empty, now) => ({
    state: make({ ...empty }, contextOf(settings, { userId }, now)),
    outcome: null,
  }));
}

/** What an event is about. */
export interface EventAbout {
  readonly userId: string;
  readonly context?: unknown;
  /** Whether it is about a login without an address. */
  readonly isNull?: boolean;
}

/** Tells the application's observer of an event. */
export function emit(
  { onEvent, tokens }: FlowSettings,
  about: EventAbout,
  details: TwoFactorEventDetails,
): void {
  const { userId, context, isNull = false } = ownOnly(about);
  const given = context === undefined ? {} : { context };
  const mark = isNull ? { decoy: true as const } : {};
  notify(onEvent, () => ({ ...details, userId, at: new Date(tokens.now()), ...given, ...mark }));
}

/** The length of random ids and of the salt: 132 bits. */
export const ID_LENGTH = 22;

const VERSION = 1;
const DAY = 86_400_000;
const MAX_COUNTER = Number.MAX_SAFE_INTEGER;

function contextOf({ policy, tokens }: FlowSettings, { userId }: Account, now: number): FlowContext {
  return { now, policy, codes: tokens.codesOf(userId), userId };
}

function transactionOf(
  { tokens: { store, now }, policy }: FlowSettings,
  account: Account,
): {
  store: FlowSettings['tokens']['store'];
  now: () => number;
  key: string;
  kind: RecordKind<AccountState>;
} {
  const { userId, isNull = false } = ownOnly(account);
  const key = recordKey('two-factor', userId, ...(isNull ? ['null'] : []));
  const kind: RecordKind<AccountState> = {
    empty: emptyAccount(randomText(ID_LENGTH)),
    parse: (json) => readRecord(json, VERSION, accountFields),
    format: (state) => formatRecord(state, VERSION),
    expiresAt: (state, time) => {
      const expiry = accountExpiresAt(state, policy);
      return isNull ? Math.min(expiry, time + DAY) : expiry;
    },
  };
  return { store, now, key, kind };
}

/** Sealed texts have 28 bytes more than the secret, which has 128 at most. */
const sealedText: Reader<string> = (value) => text(256)(value);
const nameText: Reader<string> = (value) => text(100)(value);

const activeApp: Reader<ActiveApp> = (value) =>
  fields<ActiveApp>({
    id: shortText,
    name: nameText,
    sealed: sealedText,
    algorithm: oneOf('SHA1', 'SHA256', 'SHA512'),
    digits: (digits) => integer(6, 8)(digits) as 6 | 7 | 8,
    period: integer(1, 86_400),
    lastTimeStep: integer(-1, MAX_COUNTER),
    drift: integer(-1000, 1000),
    activatedAt: instant,
    lastUsedAt: nullable(instant),
  })(value);

const pendingApp: Reader<PendingApp> = (value) =>
  fields<PendingApp>({ name: nameText, sealed: sealedText, expiresAt: instant })(value);

const knownBrowser: Reader<KnownBrowser> = (value) =>
  fields<KnownBrowser>({
    id: shortText,
    digest: shortText,
    lastUsedAt: instant,
    failures: integer(0, 100),
    sentAt: list(instant, 200),
    rememberedAt: nullable(instant),
  })(value);

const accountFields: Reader<AccountState> = (value) => ({
  ...tokenFields(value),
  ...fields<Omit<AccountState, keyof ReturnType<typeof tokenFields>>>({
    apps: list(activeApp, 5),
    pending: list(pendingApp, MAX_PENDING),
    recovery: fields({ left: list(shortText, 10), used: list(shortText, 10) }),
    browsers: list(knownBrowser, 8),
    salt: shortText,
    deactivatedAt: nullable(instant),
  })(value),
});

/** Reports a refusal as events, and returns what the caller gets. */
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
  // A stranger must not be able to alarm the customer with a lock that is not on their account.
  if (lockedUntil !== null && ownOnly(about).isNull !== true)
    emit(settings, about, { type: 'locked', until: lockedUntil });
  return refusal;
}
