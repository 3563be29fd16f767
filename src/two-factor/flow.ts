import type {
  ActivationRequest,
  AdoptRequest,
  BeginRequest,
  CodeRequest,
  CompleteRequest,
  ConfirmRequest,
  DeactivateRequest,
  ForgetBrowsersRequest,
} from './flow-requests.js';
import type {
  AdoptResult,
  BeginActivationResult,
  BeginResult,
  CompleteResult,
  ConfirmActivationResult,
  DeactivateResult,
  RenewRecoveryCodesResult,
  TwoFactorStatus,
} from './flow-results.js';

/**
 * A second factor for a login: made by {@link createTwoFactor}.
 *
 * Every call may throw a {@link CountersignError}: `ERR_STORE_FAILED`, `ERR_STORE_CONTENTION`, `ERR_RECORD_UNREADABLE`,
 * `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`; but never because of what a person typed.
 */
export interface TwoFactor {
  /**
   * Shows a customer's factor, apps and browsers.
   *
   * @param userId - the customer
   * @returns everything that a settings page or an operator needs
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore, Secret } from 'countersign';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', fallback: 'none' });
   * const userId = '12345';
   * await twoFactor.adopt({ userId, secret: Secret.generate(), name: 'Phone', recoveryCodes: true });
   * const { method, apps, recoveryCodesLeft } = await twoFactor.status(userId);
   * console.log(method, apps[0]?.name, recoveryCodesLeft); // authenticator Phone 10
   * ```
   */
  status(userId: string): Promise<TwoFactorStatus>;
  /**
   * Begins the second step of a login: sends a mail if that is the factor.
   *
   * Never call it with the customer's address before the password was right. For a wrong password and an unknown
   * customer alike, either call it with `email: null` or do not call it.
   *
   * @param request - the customer, the address and the purpose
   * @returns what to ask for, or why no mail was sent
   * @throws {@link CountersignError} also `ERR_SEND_FAILED` if the mail was not rendered or not accepted: it leaves no
   *   token that was not there before, and costs no cooldown
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { outbox } from 'countersign/testing';
   *
   * const { send, mails } = outbox();
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', send });
   * const begun = await twoFactor.begin({ userId: '12345', email: 'customer@example.com' });
   * if (begun.ok && begun.method === 'email') console.log(begun.sentTo); // c***@e***
   * console.log(mails[0]?.to); // customer@example.com
   * ```
   */
  begin(request: BeginRequest): Promise<BeginResult>;
  /**
   * Completes the second step: a code lets in at most once, whatever the concurrency, and only with a challenge that
   * `begin` gave for this customer and this purpose.
   *
   * Pick the fields of the request; never spread a form's body into it.
   *
   * @param request - the customer, the challenge, and what the person typed
   * @returns the customer and the factor that proved it, or why the code was refused
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { outbox } from 'countersign/testing';
   *
   * const { send, mails } = outbox();
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', send });
   * const userId = '12345';
   * const begun = await twoFactor.begin({ userId, email: 'customer@example.com' });
   * const challenge = begun.ok && begun.method === 'email' ? begun.challenge : null;
   * const result = await twoFactor.complete({ userId, challenge, code: mails[0]?.code });
   * console.log(result.ok && result.method); // email
   * ```
   */
  complete(request: CompleteRequest): Promise<CompleteResult>;
  /**
   * Makes a secret to show as a QR code, and leaves the factor as it is. The last three secrets can be confirmed, so a
   * reload of the page does no harm.
   *
   * Call it only in a session that has passed its second step. Before the first app, ask for a fresh code if that was
   * more than ten minutes ago.
   *
   * @param request - the customer, and what the app should show
   * @returns the secret and its URI, good for 10 minutes
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { qrSvg } from 'countersign/qr';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', fallback: 'none' });
   * const begun = await twoFactor.beginActivation({ userId: '12345', account: '12345', name: 'Phone' });
   * if (begun.ok) {
   *   console.log(qrSvg(begun.uri).startsWith('<svg')); // true
   *   console.log(begun.secret.toBase32().length); // 32
   * }
   * ```
   */
  beginActivation(request: ActivationRequest): Promise<BeginActivationResult>;
  /**
   * Makes the app a factor, if the code is one that it shows. With `maxApps: 1` it takes the place of the old app; with
   * more, the old ones stay as well. End the customer's other sessions afterwards.
   *
   * @param request - the customer, the code, and proof if an app is active
   * @returns the app's id, and ten recovery codes to be shown once
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, generateTotp, memoryStore } from 'countersign';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', fallback: 'none' });
   * const userId = '12345';
   * const begun = await twoFactor.beginActivation({ userId, account: userId });
   * if (begun.ok) {
   *   const code = generateTotp(begun.secret); // what the app shows
   *   const confirmed = await twoFactor.confirmActivation({ userId, code });
   *   console.log(confirmed.ok && confirmed.recoveryCodes?.length); // 10
   * }
   * ```
   */
  confirmActivation(request: ConfirmRequest): Promise<ConfirmActivationResult>;
  /**
   * Removes an app. The recovery codes go with the last one, and the fallback is the factor again. End the customer's
   * other sessions afterwards.
   *
   * @param request - the customer, which app, and a current code of an active app or a recovery code
   * @returns `ok: true`, or why the code was refused
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, generateTotp, memoryStore, Secret } from 'countersign';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', fallback: 'none' });
   * const userId = '12345';
   * const secret = Secret.generate();
   * await twoFactor.adopt({ userId, secret });
   * console.log((await twoFactor.deactivate({ userId, code: 'no code' })).ok); // false
   * console.log((await twoFactor.deactivate({ userId, code: generateTotp(secret) })).ok); // true
   * ```
   */
  deactivate(request: DeactivateRequest): Promise<DeactivateResult>;
  /**
   * Makes ten new recovery codes; the old ones stop working.
   *
   * @param request - the customer, and a current code of an active app
   * @returns the new codes, to be shown once
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, generateTotp, memoryStore, Secret } from 'countersign';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', fallback: 'none' });
   * const userId = '12345';
   * const secret = Secret.generate();
   * await twoFactor.adopt({ userId, secret });
   * const renewed = await twoFactor.renewRecoveryCodes({ userId, code: generateTotp(secret) });
   * console.log(renewed.ok && renewed.recoveryCodes.length); // 10
   * ```
   */
  renewRecoveryCodes(request: CodeRequest): Promise<RenewRecoveryCodesResult>;
  /**
   * Makes a secret from another system an active app. It is for migrations, and asks for no code.
   *
   * A migration may run twice: a secret that is active already stays the app that it is, with its name and parameters.
   *
   * @param request - the customer, the secret, and what the other system knew about it
   * @returns the app's id
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore, Secret } from 'countersign';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', fallback: 'none' });
   * const row = { id: '12345', totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', lastStep: 58_000_000 };
   * const adopted = await twoFactor.adopt({
   *   userId: row.id,
   *   secret: Secret.fromBase32(row.totpSecret),
   *   lastTimeStep: row.lastStep,
   * });
   * console.log(adopted.ok, (await twoFactor.status(row.id)).method); // true authenticator
   * ```
   */
  adopt(request: AdoptRequest): Promise<AdoptResult>;
  /**
   * Makes one browser of a customer unknown, or all of them. Call it when a password or an address changes.
   *
   * @param request - the customer, and which browser
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, generateTotp, memoryStore, Secret } from 'countersign';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', fallback: 'none' });
   * const userId = '12345';
   * const secret = Secret.generate();
   * await twoFactor.adopt({ userId, secret });
   * const begun = await twoFactor.begin({ userId, email: 'customer@example.com' });
   * const challenge = begun.ok && begun.method === 'authenticator' ? begun.challenge : null;
   * await twoFactor.complete({ userId, challenge, code: generateTotp(secret) });
   * console.log((await twoFactor.status(userId)).browsers.length); // 1
   * await twoFactor.forgetBrowsers({ userId });
   * console.log((await twoFactor.status(userId)).browsers.length); // 0
   * ```
   */
  forgetBrowsers(request: ForgetBrowsersRequest): Promise<void>;
  /**
   * Ends the mailed token and voids every challenge issued so far. Call it when a password or an address changes.
   *
   * @param userId - the customer
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { outbox } from 'countersign/testing';
   *
   * const { send, mails } = outbox();
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', send });
   * const userId = '12345';
   * const begun = await twoFactor.begin({ userId, email: 'old@example.com' });
   * const challenge = begun.ok && begun.method === 'email' ? begun.challenge : null;
   * await twoFactor.revoke(userId); // the address has just been changed
   * const result = await twoFactor.complete({ userId, challenge, code: mails[0]?.code });
   * console.log(result.ok || result.reason); // unknown
   * ```
   */
  revoke(userId: string): Promise<void>;
  /**
   * Forgets the failures and the mail quota. Operators call it once they have verified who is asking.
   *
   * @param userId - the customer
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { outbox } from 'countersign/testing';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', send: outbox().send, limits: { sendsPerHour: 1 } });
   * const userId = '12345';
   * await twoFactor.begin({ userId, email: 'customer@example.com' });
   * console.log((await twoFactor.status(userId)).mailLimitedUntil !== null); // true
   * await twoFactor.unlock(userId);
   * console.log((await twoFactor.status(userId)).mailLimitedUntil); // null
   * ```
   */
  unlock(userId: string): Promise<void>;
  /**
   * Removes everything about a customer, damaged records too: call it when an account is deleted, or for a customer who
   * has lost every factor. Challenges issued so far stay void.
   *
   * @param userId - the customer
   * @throws {@link CountersignError} as {@link TwoFactor} says, except `ERR_RECORD_UNREADABLE`
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore, Secret } from 'countersign';
   *
   * const keys = crypto.getRandomValues(new Uint8Array(32));
   * const twoFactor = createTwoFactor({ store: memoryStore(), keys, issuer: 'Example Hosting', fallback: 'none' });
   * const userId = '12345';
   * await twoFactor.adopt({ userId, secret: Secret.generate() });
   * await twoFactor.erase(userId);
   * console.log((await twoFactor.status(userId)).apps); // []
   * ```
   */
  erase(userId: string): Promise<void>;
}
