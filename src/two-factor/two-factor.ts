import { beginActivation, confirmActivation } from './activate.js';
import { begin } from './begin.js';
import { deactivate, renewRecoveryCodes } from './change.js';
import { complete } from './complete.js';
import type { TwoFactor } from './contract.js';
import { erase, status, unlock } from './operator.js';
import { resolveTwoFactorSettings, type TwoFactorOptions } from './settings.js';

/**
 * Makes the second factor of a login: a mailed code by default, an authenticator app once one is activated.
 *
 * @param options - `store`, `keys` and `issuer`: required; `send`: required unless `fallback` is 'none'; `fallback`
 *   ('email'), `appName` (the issuer), `ttlSeconds` (900), `maxAttempts` (5), `resendAfterSeconds` (60), `limits`,
 *   `sendTimeoutSeconds` (30), `render`, `window` (one step each way), `onEvent`, `now`: see {@link TwoFactorOptions}
 * @returns the flow; it holds no state of its own, so any number of processes can share a store
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @see RFC 6238 section 5.2 for single use, RFC 4226 section 7.3 and NIST SP 800-63B-4 section 3.2.2 for the limits
 * @example
 * ```ts
 * import { createTwoFactor, generateTotp, memoryStore } from 'countersign';
 *
 * const twoFactor = createTwoFactor({
 *   store: memoryStore(),
 *   keys: [crypto.getRandomValues(new Uint8Array(32))],
 *   issuer: 'Example Hosting',
 *   fallback: 'none',
 * });
 * const userId = '12345';
 * const begun = await twoFactor.beginActivation({ userId, account: userId });
 * if (begun.ok) {
 *   const code = generateTotp(begun.secret); // what the app shows
 *   console.log((await twoFactor.confirmActivation({ userId, code })).ok); // true
 *   const replay = await twoFactor.complete({ userId, code });
 *   console.log(replay.ok || replay.reason); // replayed
 * }
 * ```
 */
export function createTwoFactor(options: TwoFactorOptions): TwoFactor {
  const settings = resolveTwoFactorSettings(options);
  return {
    status: (userId) => status(settings, userId),
    begin: (request) => begin(settings, request),
    complete: (request) => complete(settings, request),
    beginActivation: (request) => beginActivation(settings, request),
    confirmActivation: (request) => confirmActivation(settings, request),
    deactivate: (request) => deactivate(settings, request),
    renewRecoveryCodes: (request) => renewRecoveryCodes(settings, request),
    unlock: (userId) => unlock(settings, userId),
    erase: (userId) => erase(settings, userId),
  };
}
