import type { Algorithm, Digits } from '../otp/parameters.js';
import type { Secret } from '../otp/secret.js';
import type { Instant } from '../otp/time-step.js';

/** The factor while no app is active. */
export type Fallback = 'email' | 'none';

/** Arguments of {@link TwoFactor.begin}. Call it after the password was right, or with `email: null`. */
export interface BeginRequest {
  /**
   * The customer: from 1 to 512 characters. Pass the primary key that your database returned, never what was typed:
   * another spelling is another account.
   */
  readonly userId: string;
  /**
   * The address on file. Null for an unknown customer, and for a wrong password: it looks like a login by mail, sends
   * nothing and leaves the customer's own tokens alone.
   */
  readonly email: string | null;
  /** What the code will be for: `'login'` by default. Pass the same to `complete`. */
  readonly purpose?: string | undefined;
  /** The language of the mail, such as `'de'` or `'en-GB'`; English by default. */
  readonly locale?: string | undefined;
  /**
   * Anything: it goes through to `render`, `send` and the events. The built-in mails read `timeZone` from it, such as
   * `'Europe/Berlin'`.
   */
  readonly context?: unknown;
  /** The value of the customer's browser cookie, whatever that is; see {@link CompleteResult}. */
  readonly browser?: unknown;
  /** The application's own note that this customer has an app: a lost record is then `lost`, never a weaker factor. */
  readonly expect?: 'authenticator' | undefined;
}

/** Arguments of {@link TwoFactor.complete}. */
export interface CompleteRequest {
  /** The customer that `begin` was called with. */
  readonly userId: string;
  /** The purpose that `begin` was called with: `'login'` by default. */
  readonly purpose?: string | undefined;
  /** What `begin` returned, kept in the session of the half-done login. */
  readonly challenge: unknown;
  /** What the person typed, whatever that is: the digits of the app or the mail, a recovery code, or the long code. */
  readonly code: unknown;
  /** The value of the customer's browser cookie, whatever that is. */
  readonly browser?: unknown;
  /** Whether the person ticked "remember this browser"; false by default. It needs `browsers.rememberSeconds`. */
  readonly remember?: boolean | undefined;
}

/** Arguments of {@link TwoFactor.beginActivation}. */
export interface ActivationRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** What the app shows beside the issuer, for example the customer number; see {@link formatOtpauthUri}. */
  readonly account: string;
  /** The customer's name for this app: from 1 to 100 characters; `'Authenticator app'` by default. */
  readonly name?: string | undefined;
  /** The service's name in the app; the `issuer` option by default. */
  readonly issuer?: string | undefined;
}

/** Arguments of {@link TwoFactor.confirmActivation}. */
export interface ConfirmRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** A code that the new app shows, whatever was typed. */
  readonly code: unknown;
  /**
   * Needed while an app is active: a current code of an active app, a recovery code, or the `proof` that `complete`
   * returned for a recovery code.
   */
  readonly proof?: unknown;
}

/** Arguments of {@link TwoFactor.renewRecoveryCodes}. */
export interface CodeRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** What the person typed, whatever that is. */
  readonly code: unknown;
}

/** Arguments of {@link TwoFactor.deactivate}. */
export interface DeactivateRequest extends CodeRequest {
  /** Which app: its id from `status`, or `'all'`. It can be left out while there is one. */
  readonly app?: string | undefined;
}

/** Arguments of {@link TwoFactor.adopt}. */
export interface AdoptRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** The secret that the customer's app holds already. */
  readonly secret: Secret;
  /** `'SHA1'` (the default), `'SHA256'` or `'SHA512'`. */
  readonly algorithm?: Algorithm | undefined;
  /** 6 (the default), 7 or 8. */
  readonly digits?: Digits | undefined;
  /** Seconds per time step: from 1 to 86,400; 30 by default. */
  readonly period?: number | undefined;
  /** The newest time step that the other system accepted; none by default. */
  readonly lastTimeStep?: number | undefined;
  /** The learned offset of the app's clock in steps, from -10 to 10; 0 by default. */
  readonly drift?: number | undefined;
  /** The customer's name for this app: from 1 to 100 characters; `'Authenticator app'` by default. */
  readonly name?: string | undefined;
  /** When the app was activated in the other system; the present by default. */
  readonly activatedAt?: Instant | undefined;
  /** Whether to make recovery codes; false by default, since a migration has nobody to show them to. */
  readonly recoveryCodes?: boolean | undefined;
}

/** Arguments of {@link TwoFactor.forgetBrowsers}. */
export interface ForgetBrowsersRequest {
  /** The customer, by the primary key that your database returned. */
  readonly userId: string;
  /** One browser, by the value of its cookie or its id from `status`; all of them if it is left out. */
  readonly browser?: unknown;
}

/** An active app, as `status` shows it. */
export interface AppStatus {
  /** What {@link TwoFactor.deactivate} takes as `app`. */
  readonly id: string;
  /** The name that the customer gave it. */
  readonly name: string;
  /** When it became a factor. */
  readonly activatedAt: Date;
  /** The newest code that was accepted; null if none was since an `adopt`. */
  readonly lastUsedAt: Date | null;
}

/** A known browser, as `status` shows it. */
export interface BrowserStatus {
  /** What {@link TwoFactor.forgetBrowsers} takes as `browser`. */
  readonly id: string;
  /** When a login was last completed in it. */
  readonly lastUsedAt: Date;
  /** Until when it may skip the second step; null if it may not. */
  readonly rememberedUntil: Date | null;
}

/** What {@link TwoFactor.status} resolves to. */
export interface TwoFactorStatus {
  /** What the next login asks for. */
  readonly method: 'email' | 'authenticator' | 'none';
  /** The active apps, oldest first. */
  readonly apps: readonly AppStatus[];
  /** Until when an activation can be confirmed; null if there is none. */
  readonly pendingUntil: Date | null;
  /** Recovery codes that have not been used: from 0 to 10. */
  readonly recoveryCodesLeft: number;
  /** Until when too many failures lock the account; null if they do not. */
  readonly lockedUntil: Date | null;
  /** Until when no mail can be had because of the quotas; null if one can. */
  readonly mailLimitedUntil: Date | null;
  /** The known browsers, least recently used first. */
  readonly browsers: readonly BrowserStatus[];
}

/** What {@link TwoFactor.begin} resolves to. */
export type BeginResult =
  | {
      readonly ok: true;
      readonly method: 'authenticator';
      /** Says that the password was right: at most 200 characters, good for `ttlSeconds`. */
      readonly challenge: string;
      /** Until then only a recovery code, or a known browser, gets in; null if a code is evaluated at once. */
      readonly retryAt: Date | null;
    }
  | {
      readonly ok: true;
      readonly method: 'email';
      /** Says that the password was right: at most 200 characters, good for `ttlSeconds`. */
      readonly challenge: string;
      /** Whether a mail was sent now. If not, one that is on its way, or in the mailbox, serves this login too. */
      readonly sent: boolean;
      /** There if the code is one of 25 letters, good for 24 hours, because the account takes no guesses at digits. */
      readonly long?: true;
      /** The address to show, as `c***@e***`; for a null address as plausible as any. */
      readonly sentTo: string;
      /** When the code expires. */
      readonly expiresAt: Date;
      /** When another mail can be had. */
      readonly resendAt: Date;
    }
  | { readonly ok: true; readonly method: 'none' }
  | {
      readonly ok: true;
      /** The browser was remembered: the second step is skipped. */
      readonly method: 'remembered';
      readonly until: Date;
    }
  | {
      readonly ok: false;
      /**
       * Answers about mail. `cooldown`: another mail was sent just now, for another address or purpose. `limit`: too
       * many mails. `locked`: too many failures, and the long code was sent and used. And `lost`: an app was expected,
       * and there is no record of it.
       */
      readonly reason: 'cooldown' | 'limit' | 'locked' | 'lost';
      readonly retryAt?: Date;
    };

/**
 * Why a code was refused. `malformed`: it cannot be a code; nothing was counted. `mismatch`: wrong. `replayed`: right,
 * but used before, not counted. `delayed`: too soon after failures, not evaluated. `locked`: too many failures.
 */
export interface CodeRefusal<Others extends string = never> {
  readonly ok: false;
  readonly reason: 'malformed' | 'mismatch' | 'replayed' | 'delayed' | 'locked' | Others;
  /** When the next code is evaluated. */
  readonly retryAt?: Date;
  /** Wrong codes that the mailed token still takes. */
  readonly attemptsLeft?: number;
}

/** A login, or another act that asked for a code, that is complete. */
export interface Completed {
  readonly ok: true;
  /** Who has proved it. */
  readonly userId: string;
  /** What for: compare it with what you are about to allow. */
  readonly purpose: string;
  /** By which factor. */
  readonly method: 'email' | 'authenticator' | 'recovery';
  /** The address that a mailed code proved. */
  readonly to?: string;
  /** The id of the app whose code it was. */
  readonly app?: string;
  /** Recovery codes that are left: tell the customer when there are few. */
  readonly recoveryCodesLeft: number;
  /** The cookie that makes this browser a known one; missing with `browsers: { max: 0 }`. */
  readonly browser?: { readonly value: string; readonly expiresAt: Date };
  /** For `confirmActivation`, after a recovery code: a new phone needs no other proof then. */
  readonly proof?: string;
}

/**
 * What {@link TwoFactor.complete} resolves to. Reasons beyond {@link CodeRefusal}'s: `superseded`: the code of an older
 * mail, not counted. `unknown`: no login with this challenge, or none that asked for a mail. `expired`. `exhausted`: the
 * mailed token takes no more guesses.
 */
export type CompleteResult = Completed | CodeRefusal<'superseded' | 'unknown' | 'expired' | 'exhausted'>;

/** What {@link TwoFactor.beginActivation} resolves to. */
export type BeginActivationResult =
  | {
      readonly ok: true;
      readonly secret: Secret;
      /** What to draw as a QR code: handle it as the secret that it holds. */
      readonly uri: string;
      /** Until when it can be confirmed. */
      readonly expiresAt: Date;
    }
  | { readonly ok: false; /** There are `maxApps` apps. */ readonly reason: 'full' };

/**
 * What {@link TwoFactor.confirmActivation} resolves to. Reasons beyond {@link CodeRefusal}'s: `proof`: an app is active,
 * and `proof` is missing or wrong. `unknown`: there is nothing to confirm. `expired`. `full`: there are `maxApps` apps.
 */
export type ConfirmActivationResult =
  | {
      readonly ok: true;
      /** The id of the new app. */
      readonly app: string;
      /** To be shown once, since nobody can tell them again; null if those that the customer has stay good. */
      readonly recoveryCodes: readonly string[] | null;
      /** How many steps the app's clock is ahead of ours. */
      readonly drift: number;
    }
  | CodeRefusal<'proof' | 'unknown' | 'expired' | 'full'>;

/**
 * What {@link TwoFactor.deactivate} resolves to. Reasons beyond {@link CodeRefusal}'s: `inactive`: no app is active.
 * `unknown`: there are several apps, or none with this id; no code was judged.
 */
export type DeactivateResult = { readonly ok: true } | CodeRefusal<'inactive' | 'unknown'>;

/**
 * What {@link TwoFactor.renewRecoveryCodes} resolves to. Reasons beyond {@link CodeRefusal}'s: `inactive`: no app is
 * active. `unsuitable`: a recovery code, where only an app's code will do; nothing was counted or used up.
 */
export type RenewRecoveryCodesResult =
  { readonly ok: true; readonly recoveryCodes: readonly string[] } | CodeRefusal<'inactive' | 'unsuitable'>;

/** What {@link TwoFactor.adopt} resolves to. */
export type AdoptResult =
  | { readonly ok: true; readonly app: string; readonly recoveryCodes: readonly string[] | null }
  | { readonly ok: false; /** There are `maxApps` apps. */ readonly reason: 'full' };

/** Something that happened to a customer's second factor, for an audit log: no event holds a secret or a code. */
export type TwoFactorEvent = TwoFactorEventDetails & {
  /** Whose. */
  readonly userId: string;
  /** When. */
  readonly at: Date;
  /** What `begin` was given as `context`; missing where there was none. */
  readonly context?: unknown;
  /** There for `begin` with `email: null` and for what came of it: it says nothing about the customer's own factor. */
  readonly decoy?: true;
};

/** Which call an event happened in. */
export type TwoFactorAction =
  | 'begin'
  | 'complete'
  | 'beginActivation'
  | 'confirmActivation'
  | 'deactivate'
  | 'renewRecoveryCodes'
  | 'adopt';

/** What a {@link TwoFactorEvent} says beyond whose and when; the names are stable. */
export type TwoFactorEventDetails =
  /** A fresh token. */
  | { readonly type: 'issued'; readonly purpose: string; readonly expiresAt: Date; readonly long?: true }
  /** A login was answered with the token there was. */
  | { readonly type: 'joined'; readonly purpose: string; readonly expiresAt: Date; readonly long?: true }
  | { readonly type: 'sent' }
  | { readonly type: 'send_failed' }
  /** A remembered browser skipped the second step. */
  | { readonly type: 'remembered'; readonly until: Date }
  | {
      readonly type: 'redeemed';
      readonly purpose: string;
      readonly method: 'email' | 'authenticator' | 'recovery';
    }
  | {
      readonly type: 'rejected';
      readonly action: TwoFactorAction;
      readonly reason: string;
      /** Failures in the rolling window; there when the code was evaluated and counted. */
      readonly failures?: number;
    }
  | { readonly type: 'replay_refused'; readonly action: TwoFactorAction }
  | { readonly type: 'locked'; readonly until: Date }
  | { readonly type: 'unlocked' }
  | { readonly type: 'revoked' }
  | { readonly type: 'activation_begun'; readonly expiresAt: Date }
  | { readonly type: 'activated'; readonly app: string; readonly name: string }
  /** A new app took the old one's place. */
  | { readonly type: 'replaced'; readonly app: string; readonly name: string }
  | { readonly type: 'adopted'; readonly app: string; readonly name: string }
  /** `isLast` says that the fallback is the factor again. */
  | {
      readonly type: 'deactivated';
      readonly app: string;
      readonly name: string;
      readonly isLast: boolean;
    }
  | { readonly type: 'recovery_code_used'; readonly action: TwoFactorAction; readonly left: number }
  | { readonly type: 'recovery_codes_renewed' }
  | { readonly type: 'browsers_forgotten' }
  | { readonly type: 'erased' };

/** Takes events; what it throws or rejects with is dropped, since a log that fails must not undo a login. */
export type OnTwoFactorEvent = (event: TwoFactorEvent) => unknown;

/**
 * A second factor for a login: made by {@link createTwoFactor}.
 *
 * Every call may throw a {@link CountersignError}: `ERR_STORE_FAILED`, `ERR_STORE_CONTENTION`,
 * `ERR_RECORD_UNREADABLE`, `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`; none because of what a
 * person typed.
 */
export interface TwoFactor {
  /**
   * Tells a customer's factor, apps and browsers.
   *
   * @param userId - the customer
   * @returns everything that a settings page or an operator shows
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore, Secret } from 'countersign';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   fallback: 'none',
   * });
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
   * @param request - who, where to, and what for
   * @returns what to ask for, or why there is no mail
   * @throws {@link CountersignError} also `ERR_SEND_FAILED` if the mail was not rendered or not accepted: it leaves no
   *   token that was not there before, and costs no cooldown
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { outbox } from 'countersign/testing';
   *
   * const { send, mails } = outbox();
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   send,
   * });
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
   * @param request - who, the challenge, and what the person typed
   * @returns who it was and by which factor, or why not
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { outbox } from 'countersign/testing';
   *
   * const { send, mails } = outbox();
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   send,
   * });
   * const userId = '12345';
   * const begun = await twoFactor.begin({ userId, email: 'customer@example.com' });
   * const challenge = begun.ok && begun.method === 'email' ? begun.challenge : null;
   * const result = await twoFactor.complete({ userId, challenge, code: mails[0]?.code });
   * console.log(result.ok && result.method); // email
   * ```
   */
  complete(request: CompleteRequest): Promise<CompleteResult>;
  /**
   * Makes a secret to show as a QR code; the factor stays what it is. The last three secrets can be confirmed, so a
   * reload of the page does no harm.
   *
   * Call it only in a session that has passed its second step. Before the first app, ask for a fresh code if that was
   * more than ten minutes ago.
   *
   * @param request - who, and what the app should show
   * @returns the secret and its URI, good for 10 minutes
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { qrSvg } from 'countersign/qr';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   fallback: 'none',
   * });
   * const begun = await twoFactor.beginActivation({ userId: '12345', account: '12345', name: 'Phone' });
   * if (begun.ok) {
   *   console.log(qrSvg(begun.uri).startsWith('<svg')); // true
   *   console.log(begun.secret.toBase32().length); // 32
   * }
   * ```
   */
  beginActivation(request: ActivationRequest): Promise<BeginActivationResult>;
  /**
   * Makes the app a factor, against a code that it shows. With `maxApps: 1` it takes the place of the app there was;
   * with more it stands beside it. End the customer's other sessions afterwards.
   *
   * @param request - who, the code, and proof if an app is active
   * @returns the app's id, and ten recovery codes to be shown once
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, generateTotp, memoryStore } from 'countersign';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   fallback: 'none',
   * });
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
   * Takes an app away; the recovery codes go with the last one, and the fallback is the factor again. End the
   * customer's other sessions afterwards.
   *
   * @param request - who, which app, and a current code of an active app or a recovery code
   * @returns whether it was proof
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, generateTotp, memoryStore, Secret } from 'countersign';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   fallback: 'none',
   * });
   * const userId = '12345';
   * const secret = Secret.generate();
   * await twoFactor.adopt({ userId, secret });
   * console.log((await twoFactor.deactivate({ userId, code: 'no code' })).ok); // false
   * console.log((await twoFactor.deactivate({ userId, code: generateTotp(secret) })).ok); // true
   * ```
   */
  deactivate(request: DeactivateRequest): Promise<DeactivateResult>;
  /**
   * Makes ten new recovery codes; the old ones are worth nothing from then on.
   *
   * @param request - who, and a current code of an active app
   * @returns the new codes, to be shown once
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, generateTotp, memoryStore, Secret } from 'countersign';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   fallback: 'none',
   * });
   * const userId = '12345';
   * const secret = Secret.generate();
   * await twoFactor.adopt({ userId, secret });
   * const renewed = await twoFactor.renewRecoveryCodes({ userId, code: generateTotp(secret) });
   * console.log(renewed.ok && renewed.recoveryCodes.length); // 10
   * ```
   */
  renewRecoveryCodes(request: CodeRequest): Promise<RenewRecoveryCodesResult>;
  /**
   * Makes a secret from another system an active app: an operator's act, for a migration, that asks for no code.
   *
   * A migration may run twice: a secret that is active already stays the app that it is, with its name and parameters.
   *
   * @param request - who, the secret, and what the other system knew about it
   * @returns the app's id
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore, Secret } from 'countersign';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   fallback: 'none',
   * });
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
   * Makes browsers unknown: one, or all of a customer. Call it when a password or an address changes.
   *
   * @param request - who, and which browser
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, generateTotp, memoryStore, Secret } from 'countersign';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   fallback: 'none',
   * });
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
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   send,
   * });
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
   * Forgets the failures and the mail quota: an operator's act, once they know who is asking.
   *
   * @param userId - the customer
   * @throws {@link CountersignError} as {@link TwoFactor} says
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore } from 'countersign';
   * import { outbox } from 'countersign/testing';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   send: outbox().send,
   *   limits: { sendsPerHour: 1 },
   * });
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
   * @throws {@link CountersignError} as {@link TwoFactor} says, but for `ERR_RECORD_UNREADABLE`
   * @example
   * ```ts
   * import { createTwoFactor, memoryStore, Secret } from 'countersign';
   *
   * const twoFactor = createTwoFactor({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   issuer: 'Example Hosting',
   *   fallback: 'none',
   * });
   * const userId = '12345';
   * await twoFactor.adopt({ userId, secret: Secret.generate() });
   * await twoFactor.erase(userId);
   * console.log((await twoFactor.status(userId)).apps); // []
   * ```
   */
  erase(userId: string): Promise<void>;
}
