import type { EmailTokens } from './contract.js';
import { issue } from './issue.js';
import { redeem } from './redeem.js';
import { revoke, unlock } from './revoke.js';
import { type EmailTokensOptions, resolveSettings } from './settings.js';

/**
 * Makes the issuer of mailed tokens.
 *
 * @param options - `store`, `keys` and `send`: required; `appName`, `digits` (6), `ttlSeconds` (900), `maxAttempts`
 *   (5), `resendAfterSeconds` (60), `limits`, `sendTimeoutSeconds` (30), `render`, `onEvent`, `now`: see
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
 *   console.log((await tokens.redeem(guess)).ok); // false
 * }
 * ```
 */
export function createEmailTokens(options: EmailTokensOptions): EmailTokens {
  const settings = resolveSettings(options);
  return {
    issue: (request) => issue(settings, request),
    redeem: (request) => redeem(settings, request),
    revoke: (target) => revoke(settings, target),
    unlock: (target) => unlock(settings, target),
  };
}
