import type { Secret } from '../otp/secret.js';

/** An active app, as `status` shows it. */
export interface AppStatus {
  /** What {@link TwoFactor.deactivate} takes as `app`. */
  readonly id: string;
  /** The name that the customer gave it. */
  readonly name: string;
  /** When it became a factor. */
  readonly activatedAt: Date;
  /** When one of its codes was last accepted. Null if it was adopted and not used since. */
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
  /** Until when the account is locked because of too many failures; null if it is not. */
  readonly lockedUntil: Date | null;
  /** Until when the quotas allow no further mail; null if they allow one now. */
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
      /** Present if the code has 25 letters and digits, good for 24 hours: the account takes no short code. */
      readonly long?: true;
      /** The address to show, such as `c***@e***`; a plausible one for a null address. */
      readonly sentTo: string;
      /** When the code expires. */
      readonly expiresAt: Date;
      /** When another mail may be sent. */
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
       * `cooldown`: another mail was sent just now, for another address or purpose. `limit`: too many mails. `locked`:
       * too many failures, and the long code was sent and used. `lost`: an app was expected, and there is no record of
       * it.
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
  /** How many more wrong codes the mailed token takes. */
  readonly attemptsLeft?: number;
}

/** A login, or another act that asked for a code, that is complete. */
export interface Completed {
  readonly ok: true;
  /** The customer who proved it. */
  readonly userId: string;
  /** What the code was for: compare it with what you are about to allow. */
  readonly purpose: string;
  /** The factor that proved it. */
  readonly method: 'email' | 'authenticator' | 'recovery';
  /** The address that a mailed code proved. */
  readonly to?: string;
  /** The id of the app whose code was used. */
  readonly app?: string;
  /** Recovery codes that are left: tell the customer when there are few. */
  readonly recoveryCodesLeft: number;
  /** The cookie that makes this browser a known one; missing with `browsers: { max: 0 }`. */
  readonly browser?: { readonly value: string; readonly expiresAt: Date };
  /**
   * Present after a recovery code: pass it to `confirmActivation`, and a new phone needs no other proof. Good for
   * `ttlSeconds`, 15 minutes by default; every change of a factor voids it, and so does `revoke`.
   */
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
      /** The codes to show once, since they cannot be shown again; null if the customer's present codes stay good. */
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
  /** The customer. */
  readonly userId: string;
  /** When it happened. */
  readonly at: Date;
  /** What `begin` was given as `context`; missing where there was none. */
  readonly context?: unknown;
  /** Present after `begin` with `email: null`: such an event says nothing about the customer's own factor. */
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

/** The details of each type of {@link TwoFactorEvent}; the names are stable. */
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
      /** Failures in the rolling window; present if the code was evaluated and counted. */
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

/** Receives events; what it throws or rejects with is ignored, since a log that fails must not undo a login. */
export type OnTwoFactorEvent = (event: TwoFactorEvent) => unknown;
