import { adopt, beginActivation, confirmActivation, deactivate, renewRecoveryCodes } from './activation.js';
import type { TwoFactor } from './flow.js';
import { begin, complete } from './login.js';
import { erase, forgetBrowsers, revoke, status, unlock } from './operator.js';
import { resolveFlowSettings, type TwoFactorOptions } from './options.js';

/**
 * Makes the second factor of a login: a mailed code by default, an authenticator app once one is activated.
 *
 * @param options - `store`, `keys` and `issuer`: required; `send`: required unless `fallback` is 'none'; `fallback`
 *   ('email'), `maxApps` (1), `browsers`, `appName` (the issuer), `digits` (6), `ttlSeconds` (900), `maxAttempts` (5),
 *   `resendAfterSeconds` (60), `limits`, `window` (one step each way), `languages`, `sendTimeoutSeconds` (30),
 *   `render`, `onEvent`, `now`: see {@link TwoFactorOptions}
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
 *   send: async ({ to, message }) => void [to, message], // hands the mail to your mail service
 * });
 * const userId = '12345';
 * const activation = await twoFactor.beginActivation({ userId, account: userId });
 * if (activation.ok) {
 *   const code = generateTotp(activation.secret); // what the app shows
 *   console.log((await twoFactor.confirmActivation({ userId, code })).ok); // true
 *   const begun = await twoFactor.begin({ userId, email: 'customer@example.com' });
 *   const challenge = begun.ok && 'challenge' in begun ? begun.challenge : null;
 *   const again = await twoFactor.complete({ userId, challenge, code });
 *   console.log(again.ok || again.reason); // replayed
 * }
 * ```
 */
export function createTwoFactor(options: TwoFactorOptions): TwoFactor {
  const settings = resolveFlowSettings(options);
  return {
    status: (userId) => status(settings, userId),
    begin: (request) => begin(settings, request),
    complete: (request) => complete(settings, request),
    beginActivation: (request) => beginActivation(settings, request),
    confirmActivation: (request) => confirmActivation(settings, request),
    deactivate: (request) => deactivate(settings, request),
    renewRecoveryCodes: (request) => renewRecoveryCodes(settings, request),
    adopt: (request) => adopt(settings, request),
    forgetBrowsers: (request) => forgetBrowsers(settings, request),
    revoke: (userId) => revoke(settings, userId),
    unlock: (userId) => unlock(settings, userId),
    erase: (userId) => erase(settings, userId),
  };
}
