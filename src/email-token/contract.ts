/** Whose token, and what for. */
export interface TokenTarget {
  /** The customer, as the application knows him: from 1 to 512 characters. */
  readonly subject: string;
  /** What the token is for, such as `'login'`: from 1 to 512 characters. A token for one purpose is nothing to another. */
  readonly purpose: string;
}

/** A wish for a token. */
export interface IssueRequest extends TokenTarget {
  /** The address stored with the customer; null answers an unknown customer exactly like a known one. */
  readonly to: string | null;
  /** The language of the mail, such as `'de'` or `'en-GB'`; English by default. */
  readonly locale?: string | undefined;
}

/** A guess. */
export interface RedeemRequest extends TokenTarget {
  /** What `issue` returned, kept in the session of the person who is logging in. */
  readonly challenge: unknown;
  /** What the person typed, whatever that is. */
  readonly code: unknown;
}

/** What {@link EmailTokens.issue} resolves to. */
export type IssueResult =
  | {
      readonly ok: true;
      /** The handle to redeem with: at least 128 random bits; it is no secret, but belongs to one session. */
      readonly challenge: string;
      readonly expiresAt: Date;
      /** When another mail can be had. */
      readonly resendAt: Date;
    }
  | { readonly ok: false; readonly reason: 'cooldown' | 'limit' | 'locked'; readonly retryAt: Date };

/** What {@link EmailTokens.redeem} resolves to. */
export type RedeemResult =
  | { readonly ok: true; readonly subject: string; readonly purpose: string; readonly to: string }
  | {
      readonly ok: false;
      /**
       * `malformed`: not so many digits, nothing was counted. `mismatch`: a wrong guess, counted. `unknown`: no such
       * token, or a newer one, or already redeemed. `expired`. `exhausted`: its guesses are used up. `delayed`: too
       * soon after failures, not evaluated. `locked`: too many failures.
       */
      readonly reason: 'malformed' | 'mismatch' | 'unknown' | 'expired' | 'exhausted' | 'delayed' | 'locked';
      readonly attemptsLeft?: number;
      readonly retryAt?: Date;
    };

/** Six-digit tokens by e-mail: made by {@link createEmailTokens}. */
export interface EmailTokens {
  /**
   * Issues a token and sends it; the one before is dead from then on.
   *
   * @param request - whose, what for, and where to; `to: null` does the same work and sends nothing
   * @returns the challenge to redeem with, or why there is no new token yet
   * @throws {@link CountersignError} `ERR_SEND_FAILED` if the mail was not accepted (the token is dead then, and cost
   *   no cooldown), `ERR_STORE_FAILED`, `ERR_STORE_CONTENTION`, `ERR_RECORD_UNREADABLE`, `ERR_INVALID_ARGUMENT`,
   *   `ERR_UNKNOWN_OPTION`
   */
  issue(request: IssueRequest): Promise<IssueResult>;
  /**
   * Redeems a token with the code from the mail: at most once, whatever the concurrency.
   *
   * @param request - whose, what for, the challenge, and what the person typed
   * @returns who it was, or why not; never throws because of `challenge` or `code`
   * @throws {@link CountersignError} `ERR_STORE_FAILED`, `ERR_STORE_CONTENTION`, `ERR_RECORD_UNREADABLE`,
   *   `ERR_INVALID_ARGUMENT`, `ERR_UNKNOWN_OPTION`
   */
  redeem(request: RedeemRequest): Promise<RedeemResult>;
  /** Kills the live token, if any: when a person logs out of the half-done login, or changes the address. */
  revoke(target: TokenTarget): Promise<void>;
  /** Forgets the failures of a subject and purpose: an operator's act, after he has made sure who asks. */
  unlock(target: TokenTarget): Promise<void>;
}
