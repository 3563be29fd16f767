import type { Secret } from '../otp/secret.js';

/** A login that begins: the password was right. */
export interface BeginRequest {
  /** The customer, as the application knows him: from 1 to 512 characters. */
  readonly userId: string;
  /** The address on file; null answers an unknown customer like a known one. */
  readonly email: string | null;
  /** The language of the mail, such as `'de'` or `'en-GB'`; English by default. */
  readonly locale?: string | undefined;
}

/** A code at the end of a login. */
export interface CompleteRequest {
  readonly userId: string;
  /** What `begin` returned with a mail, kept in the session of the half-done login. */
  readonly challenge?: unknown;
  /** What the person typed, whatever that is: the app's or the mail's six digits, or a recovery code. */
  readonly code: unknown;
}

/** A wish to use an authenticator app. */
export interface ActivationRequest {
  readonly userId: string;
  /** What the app shows beside the issuer, for example the customer number; see `formatOtpauthUri`. */
  readonly account: string;
}

/** A code that confirms or proves something. */
export interface CodeRequest {
  readonly userId: string;
  /** What the person typed, whatever that is. */
  readonly code: unknown;
}

/** What {@link TwoFactor.status} resolves to. */
export interface TwoFactorStatus {
  /** What the next login asks for. */
  readonly method: 'email' | 'authenticator' | 'none';
  readonly recoveryCodesLeft: number;
  readonly activatedAt: Date | null;
  /** Until when no code is looked at, because of too many failures. */
  readonly lockedUntil: Date | null;
}

/** What {@link TwoFactor.begin} resolves to. */
export type BeginResult =
  | { readonly ok: true; readonly method: 'authenticator' | 'none' }
  | {
      readonly ok: true;
      readonly method: 'email';
      /** The handle to complete with: it is no secret, but belongs to one session. */
      readonly challenge: string;
      /** The address to show, as `c***@e***`; for a null address as plausible as any. */
      readonly sentTo: string;
      readonly expiresAt: Date;
      /** When another mail can be had. */
      readonly resendAt: Date;
    }
  | { readonly ok: false; readonly reason: 'cooldown' | 'limit' | 'locked'; readonly retryAt: Date };

/**
 * Why a code was refused. `malformed`: it cannot be a code, nothing was counted. `mismatch`: wrong, counted.
 * `replayed`: right, but its time step was used before: the next one will do. `delayed`: too soon after failures, not
 * looked at. `locked`: too many failures.
 */
export interface CodeRefusal<Others extends string = never> {
  readonly ok: false;
  readonly reason: 'malformed' | 'mismatch' | 'replayed' | 'delayed' | 'locked' | Others;
  /** When the next code is looked at. */
  readonly retryAt?: Date;
  /** Guesses left at a mailed code. */
  readonly attemptsLeft?: number;
}

/**
 * What {@link TwoFactor.complete} resolves to. Besides {@link CodeRefusal}: `unknown`: no such mail, or a newer one, or
 * already used. `expired`. `exhausted`: the guesses at this mail are used up.
 */
export type CompleteResult =
  | { readonly ok: true; readonly userId: string; readonly method: 'email' | 'authenticator' | 'recovery' }
  | CodeRefusal<'unknown' | 'expired' | 'exhausted'>;

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
  | { readonly ok: false; readonly reason: 'active' };

/** What {@link TwoFactor.confirmActivation} resolves to. Besides {@link CodeRefusal}: `unknown`: nothing to confirm. `expired`. `active`: an app is active already. */
export type ConfirmActivationResult =
  | {
      readonly ok: true;
      /** To be shown once: nobody can tell them again. */
      readonly recoveryCodes: string[];
    }
  | CodeRefusal<'unknown' | 'expired' | 'active'>;

/** What {@link TwoFactor.deactivate} resolves to. Besides {@link CodeRefusal}: `inactive`: no app is active. */
export type DeactivateResult = { readonly ok: true } | CodeRefusal<'inactive'>;

/** What {@link TwoFactor.renewRecoveryCodes} resolves to. Besides {@link CodeRefusal}: `inactive`: no app is active. */
export type RenewRecoveryCodesResult =
  { readonly ok: true; readonly recoveryCodes: string[] } | CodeRefusal<'inactive'>;

/**
 * A second factor for a login: made by {@link createTwoFactor}.
 *
 * Every call may throw a {@link CountersignError}: `ERR_STORE_FAILED`, `ERR_STORE_CONTENTION`,
 * `ERR_RECORD_UNREADABLE`, `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`; none because of what a
 * person typed.
 */
export interface TwoFactor {
  /** Tells a customer's factor. */
  status(userId: string): Promise<TwoFactorStatus>;
  /**
   * Begins the second step of a login: sends a mail if that is the factor.
   *
   * @param request - who, and where to; `email: null` does the same work and sends nothing
   * @returns what to ask for, or why there is no new mail yet
   * @throws {@link CountersignError} also `ERR_SEND_FAILED` if the mail was not accepted: its token is dead then, and
   *   cost no cooldown
   */
  begin(request: BeginRequest): Promise<BeginResult>;
  /**
   * Ends it: a code lets in at most once, whatever the concurrency.
   *
   * @param request - who, the challenge if a mail was sent, and what the person typed
   * @returns who it was and by which factor, or why not
   */
  complete(request: CompleteRequest): Promise<CompleteResult>;
  /**
   * Makes a secret to show, in place of one that was not confirmed; the factor stays what it is. Only for a session
   * that has passed its second step.
   *
   * @param request - who, and what the app should show
   * @returns the secret and its URI, for 10 minutes
   */
  beginActivation(request: ActivationRequest): Promise<BeginActivationResult>;
  /**
   * Makes the app the factor, against a code that it shows.
   *
   * @param request - who, and the code
   * @returns ten recovery codes, to be shown once
   */
  confirmActivation(request: CodeRequest): Promise<ConfirmActivationResult>;
  /**
   * Takes the app away, with its recovery codes: the fallback is the factor again.
   *
   * @param request - who, and a current code of the app or a recovery code
   * @returns whether it was proof
   */
  deactivate(request: CodeRequest): Promise<DeactivateResult>;
  /**
   * Makes ten new recovery codes; the old ones are worth nothing from then on.
   *
   * @param request - who, and a current code of the app
   * @returns the new codes, to be shown once
   */
  renewRecoveryCodes(request: CodeRequest): Promise<RenewRecoveryCodesResult>;
  /** Forgets the failures: an operator's act, after he has made sure who asks. */
  unlock(userId: string): Promise<void>;
  /** Deletes everything about a customer, the app included, whatever state it is in: an operator's act. */
  erase(userId: string): Promise<void>;
}
