import { mailLimitedUntil } from '../email-token/issue-token.js';
import { revokeTokens, unlockTokens, voidTickets } from '../email-token/token-state.js';
import { randomText } from '../internal/random.js';
import { lockedUntil } from '../internal/throttle.js';
import { applyToAccount, emit, ID_LENGTH, replaceAccount } from './account-record.js';
import { type AccountState, emptyAccount, type FlowContext } from './account.js';
import { forgetBrowser, rememberedUntil } from './browsers.js';
import { assertUserId, type ForgetBrowsersRequest, readRequest } from './flow-requests.js';
import type { TwoFactorStatus } from './flow-results.js';
import type { FlowSettings } from './options.js';

/** Shows a customer's factor: see `TwoFactor.status`. */
export async function status(settings: FlowSettings, userId: string): Promise<TwoFactorStatus> {
  assertUserId(userId);
  return applyToAccount(settings, { userId }, (state, context) => ({
    state,
    outcome: statusOf(state, context),
  }));
}

/** Makes browsers unknown: see `TwoFactor.forgetBrowsers`. */
export async function forgetBrowsers(settings: FlowSettings, request: ForgetBrowsersRequest): Promise<void> {
  const { userId, browser } = readRequest(request, ['browser']);
  const isChanged = await change(settings, userId, (state, context) =>
    forgetBrowser(state, browser, context),
  );
  if (isChanged) emit(settings, { userId }, { type: 'browsers_forgotten' });
}

/** Ends the mailed token and voids every challenge: see `TwoFactor.revoke`. */
export async function revoke(settings: FlowSettings, userId: string): Promise<void> {
  assertUserId(userId);
  await change(settings, userId, revokeTokens);
  emit(settings, { userId }, { type: 'revoked' });
}

/** Forgets the failures and the mail quota: see `TwoFactor.unlock`. */
export async function unlock(settings: FlowSettings, userId: string): Promise<void> {
  assertUserId(userId);
  const hadAny = await change(settings, userId, unlockTokens);
  if (hadAny) emit(settings, { userId }, { type: 'unlocked' });
}

/** Removes everything about a customer: see `TwoFactor.erase`. */
export async function erase(settings: FlowSettings, userId: string): Promise<void> {
  assertUserId(userId);
  const empty = emptyAccount(randomText(ID_LENGTH));
  // The newest voiding is kept: challenges are dated with it, and none from before the erasure may count.
  const erased = change(settings, userId, ({ voidBefore }, { now }) =>
    voidTickets({ ...empty, voidBefore }, now),
  );
  // A record that cannot be read is replaced without being read.
  await erased.catch(() => replaceAccount(settings, userId, (_, { now }) => voidTickets(empty, now)));
  emit(settings, { userId }, { type: 'erased' });
}

function change(
  settings: FlowSettings,
  userId: string,
  transition: (state: AccountState, context: FlowContext) => AccountState,
): Promise<boolean> {
  return applyToAccount(settings, { userId }, (state, context) => {
    const next = transition(state, context);
    return { state: next, outcome: next !== state };
  });
}

function statusOf(state: AccountState, context: FlowContext): TwoFactorStatus {
  const { now, policy } = context;
  const { apps, pending, recovery, browsers, failures } = state;
  const knownMs = policy.browsers.knownSeconds * 1000;
  return {
    method: apps.length === 0 ? policy.fallback : 'authenticator',
    apps: apps.map(({ id, name, activatedAt, lastUsedAt }) => ({
      id,
      name,
      activatedAt: new Date(activatedAt),
      lastUsedAt: dateOf(lastUsedAt),
    })),
    pendingUntil: dateOf(pending.filter(({ expiresAt }) => expiresAt > now).at(-1)?.expiresAt ?? null),
    recoveryCodesLeft: recovery.left.length,
    lockedUntil: dateOf(lockedUntil(failures, context)),
    mailLimitedUntil: dateOf(mailLimitedUntil(state, context)),
    browsers: browsers
      .filter(({ lastUsedAt }) => lastUsedAt + knownMs > now)
      .map((browser) => ({
        id: browser.id,
        lastUsedAt: new Date(browser.lastUsedAt),
        rememberedUntil: dateOf(rememberedUntil(browser, context)),
      })),
  };
}

function dateOf(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}
