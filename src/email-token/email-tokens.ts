import { ownOnly } from '../internal/asserts.js';
import { randomText } from '../internal/random.js';
import { formatRecord, readRecord, recordKey, type RecordKind } from '../store/record.js';
import { asksForWork, type Needs, type Step, transact, type Worker } from '../store/transact.js';
import { readTypedCode, type Ticket } from './challenge.js';
import {
  type EmailTokenEventDetails,
  type EmailTokens,
  type IssueRequest,
  type IssueResult,
  readIssueRequest,
  readRedeemRequest,
  readTarget,
  type RedeemRequest,
  type RedeemResult,
  type TokenTarget,
} from './contract.js';
import { freePlace, type IssueOutcome, issueToken, settleMail, withSentAt } from './issue-token.js';
import { type RedeemOutcome, redeemToken } from './redeem-token.js';
import { describeRefusal, notify } from './refusal.js';
import { afterRendering, issueByMail, type MailSteps } from './send.js';
import { type EmailTokenSettings, type EmailTokensOptions, resolveEmailTokenSettings } from './settings.js';
import {
  asOfNow,
  emptyTokenState,
  revokeTokens,
  type TokenContext,
  tokenFields,
  tokensExpireAt,
  type TokenState,
  unlockTokens,
  voidTickets,
  withoutExpired,
} from './token-state.js';

/**
 * Makes the issuer of mailed tokens.
 *
 * @param options - `store`, `keys` and `send`: required; `appName`, `digits` (6), `ttlSeconds` (900), `maxAttempts`
 *   (5), `resendAfterSeconds` (60), `limits`, `languages`, `sendTimeoutSeconds` (30), `render`, `onEvent`, `now`: see
 *   {@link EmailTokensOptions}
 * @returns the issuer; it holds no state of its own, so any number of processes can share a store
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @see RFC 4226 section 7.3 and NIST SP 800-63B-4 section 3.1.3.2 for the limits
 * @example
 * ```ts
 * import { createEmailTokens, memoryStore } from 'countersign';
 *
 * const mails: string[] = [];
 * const tokens = createEmailTokens({
 *   store: memoryStore(),
 *   keys: [crypto.getRandomValues(new Uint8Array(32))],
 *   send: async ({ code }) => void mails.push(code),
 * });
 * const login = { subject: '12345', purpose: 'login' };
 * const issued = await tokens.issue({ ...login, to: 'customer@example.com' });
 * if (issued.ok) {
 *   const guess = { ...login, challenge: issued.challenge, code: mails[0] };
 *   console.log((await tokens.redeem(guess)).ok); // true
 *   const again = await tokens.redeem(guess);
 *   console.log(again.ok || again.reason); // replayed
 * }
 * ```
 */
export function createEmailTokens(options: EmailTokensOptions): EmailTokens {
  const settings = resolveEmailTokenSettings(options);
  return {
    issue: (request) => issue(settings, request),
    redeem: (request) => redeem(settings, request),
    revoke: (target) => revoke(settings, target),
    unlock: (target) => unlock(settings, target),
    erase: (target) => erase(settings, target),
  };
}

/** 132 random bits. */
const ID_LENGTH = 22;
const VERSION = 1;
const DAY = 86_400_000;

async function issue(settings: EmailTokenSettings, request: IssueRequest): Promise<IssueResult> {
  const own = readIssueRequest(request);
  const { subject, purpose, to } = own;
  const account: Account = { subject, purpose, isNull: to === null };
  const { mailer, policy, challenges } = settings;
  const post = {
    ...{ mailer, codes: settings.codesOf(subject), request: own },
    timeoutSeconds: policy.sendTimeoutSeconds,
  };
  const outcome = await issueByMail(post, mailSteps(settings, account, own));
  if (!outcome.ok) return { ok: false, reason: outcome.reason, retryAt: new Date(outcome.retryAt) };
  return {
    ok: true,
    challenge: challenges.issue(account, outcome.ticketAt),
    sent: outcome.mail !== null,
    ...(outcome.long ? { long: true } : {}),
    expiresAt: new Date(outcome.expiresAt),
    resendAt: new Date(outcome.resendAt),
  };
}

function mailSteps(
  settings: EmailTokenSettings,
  account: Account,
  request: IssueRequest,
): MailSteps<IssueOutcome> {
  const { purpose, to } = request;
  const ask = { purpose, to, at: settings.now(), id: randomText(ID_LENGTH) };
  const about = { ...account, context: request.context };
  return {
    reserve: (worker) =>
      apply(
        settings,
        account,
        (state, context, rendered) => afterRendering(issueToken(state, ask, context), rendered),
        worker,
      ),
    settle: (draft, fate) =>
      apply(settings, account, (state, context) => {
        const settled = settleMail(state, draft, fate, context);
        const isFree = fate !== 'accepted' && draft.form === 'digits';
        const sentAt = isFree ? freePlace(settled.sentAt, draft.askedAt) : settled.sentAt;
        return { state: withSentAt(settled, sentAt), outcome: null };
      }),
    announce: (decided) => {
      emit(settings, about, issueEvent(decided));
    },
    report: (type) => {
      emit(settings, about, { type });
    },
  };
}

async function redeem(settings: EmailTokenSettings, request: RedeemRequest): Promise<RedeemResult> {
  const own = readRedeemRequest(request);
  const { subject, purpose, challenge } = own;
  const ticket = settings.challenges.read(challenge, { subject, purpose });
  const account: Account = { subject, purpose, isNull: ticket?.isNull ?? false };
  const outcome = await judge(settings, account, own, ticket);
  if (outcome.ok) {
    emit(settings, account, { type: 'redeemed' });
    return { ok: true, subject, purpose, to: outcome.to };
  }
  const { refusal, failures, lockedUntil } = describeRefusal(outcome);
  emit(settings, account, { type: 'rejected', action: 'redeem', reason: refusal.reason, ...failures });
  // A stranger must not be able to alarm the customer with a lock that is not on their account.
  if (lockedUntil !== null && !account.isNull)
    emit(settings, account, { type: 'locked', until: lockedUntil });
  return refusal;
}

/** Input that cannot be a code is not evaluated: a slip of the Return key costs no attempt. */
async function judge(
  settings: EmailTokenSettings,
  account: Account,
  { purpose, code }: RedeemRequest,
  ticket: Ticket | null,
): Promise<RedeemOutcome | { readonly ok: false; readonly reason: 'malformed' }> {
  const typed = readTypedCode(code, [settings.digits]);
  if (typed === null) return { ok: false, reason: 'malformed' };
  if (ticket === null) return { ok: false, reason: 'unknown' };
  const guess = { purpose, ticketAt: ticket.at, typed, isExempt: false };
  return apply(settings, account, (state, context) => redeemToken(state, guess, context));
}

async function revoke(settings: EmailTokenSettings, target: TokenTarget): Promise<void> {
  const own = readTarget(target);
  await apply(settings, { ...own, isNull: false }, (state, context) => ({
    state: revokeTokens(state, context),
    outcome: null,
  }));
  emit(settings, own, { type: 'revoked' });
}

async function unlock(settings: EmailTokenSettings, target: TokenTarget): Promise<void> {
  const own = readTarget(target);
  const hadAny = await apply(settings, { ...own, isNull: false }, (state) => {
    const next = unlockTokens(state);
    return { state: next, outcome: next !== state };
  });
  if (hadAny) emit(settings, own, { type: 'unlocked' });
}

/** The record is replaced and not deleted: challenges issued so far must stay void. */
async function erase(settings: EmailTokenSettings, target: TokenTarget): Promise<void> {
  const own = readTarget(target);
  const account = { ...own, isNull: false };
  // The newest voiding is kept: challenges are dated with it, and none from before the erasure may count.
  const erased = apply(settings, account, ({ voidBefore }, { now }) => ({
    state: voidTickets({ ...emptyTokenState, voidBefore }, now),
    outcome: null,
  }));
  // A record that cannot be read is replaced without being read.
  await erased.catch(() =>
    transact({ ...transactionOf(settings, account), ignoresRecord: true }, (_, now) => ({
      state: voidTickets({ ...emptyTokenState }, now),
      outcome: null,
    })),
  );
  emit(settings, own, { type: 'erased' });
}

/** Which record: the customer's, or the one beside it for requests without an address. */
interface Account extends TokenTarget {
  readonly isNull: boolean;
}

type TokenTransition<Outcome, Work, Known> = (
  state: TokenState,
  context: TokenContext,
  known: Known,
) => Step<TokenState, Outcome> | Needs<Work>;

/** Runs a transition on a record, and resolves to its outcome once that is written. */
function apply<Outcome, Work = never, Known = undefined>(
  settings: EmailTokenSettings,
  account: Account,
  transition: TokenTransition<Outcome, Work, Known>,
  worker?: Worker<Work, Known>,
): Promise<Outcome> {
  const codes = settings.codesOf(account.subject);
  return transact<TokenState, Outcome, Work, Known>(
    transactionOf(settings, account),
    (before, now, known) => {
      const context = { now, policy: settings.policy, codes };
      const decision = transition(asOfNow(before, context), context, known);
      if (asksForWork(decision) || decision.state === before) return decision;
      return { ...decision, state: withoutExpired(decision.state, context) };
    },
    worker,
  );
}

function transactionOf(
  { store, now, policy }: EmailTokenSettings,
  { subject, purpose, isNull }: Account,
): { store: EmailTokenSettings['store']; now: () => number; key: string; kind: RecordKind<TokenState> } {
  const key = recordKey('email-token', purpose, subject, ...(isNull ? ['null'] : []));
  const kind: RecordKind<TokenState> = {
    empty: emptyTokenState,
    parse: (text) => readRecord(text, VERSION, tokenFields),
    format: (state) => formatRecord(state, VERSION),
    expiresAt: (state, time) => {
      const expiry = tokensExpireAt(state, policy);
      return isNull ? Math.min(expiry, time + DAY) : expiry;
    },
  };
  return { store, now, key, kind };
}

function issueEvent(outcome: IssueOutcome): EmailTokenEventDetails {
  if (!outcome.ok) return { type: 'rejected', action: 'issue', reason: outcome.reason };
  const { joined, expiresAt, long } = outcome;
  const type = joined ? 'joined' : 'issued';
  return { type, expiresAt: new Date(expiresAt), ...(long ? { long } : {}) };
}

function emit(
  { onEvent, now }: EmailTokenSettings,
  about: EventAbout,
  details: EmailTokenEventDetails,
): void {
  const { subject, purpose, context, isNull = false } = ownOnly(about);
  const given = context === undefined ? {} : { context };
  const mark = isNull ? { decoy: true as const } : {};
  notify(onEvent, () => ({ ...details, subject, purpose, at: new Date(now()), ...given, ...mark }));
}

interface EventAbout extends TokenTarget {
  readonly context?: unknown;
  readonly isNull?: boolean;
}
