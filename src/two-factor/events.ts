/** Something that happened to a customer's second factor, for an audit log: no event holds a secret or a code. */
export type TwoFactorEvent = TwoFactorEventDetails & {
  /** Whose. */
  readonly userId: string;
  /** When. */
  readonly at: Date;
};

/** Which call it happened in. */
export type TwoFactorAction =
  'begin' | 'complete' | 'beginActivation' | 'confirmActivation' | 'deactivate' | 'renewRecoveryCodes';

/** What a {@link TwoFactorEvent} says besides whose and when; the names are stable. */
export type TwoFactorEventDetails =
  | { readonly type: 'issued'; readonly expiresAt: Date }
  | { readonly type: 'sent' }
  | { readonly type: 'send_failed' }
  | { readonly type: 'redeemed'; readonly method: 'email' | 'authenticator' | 'recovery' }
  | {
      readonly type: 'rejected';
      readonly action: TwoFactorAction;
      readonly reason: string;
      /** Failures in the rolling window; there when the guess was evaluated. */
      readonly failures?: number;
    }
  | { readonly type: 'replay_refused'; readonly action: TwoFactorAction }
  | { readonly type: 'locked'; readonly until: Date }
  | { readonly type: 'unlocked' }
  | { readonly type: 'activation_begun'; readonly expiresAt: Date }
  | { readonly type: 'activated' }
  | { readonly type: 'deactivated' }
  | { readonly type: 'recovery_code_used'; readonly action: TwoFactorAction; readonly left: number }
  | { readonly type: 'recovery_codes_renewed' }
  | { readonly type: 'erased' };

/** Takes events; what it throws or rejects with is dropped, since a log that fails must not undo a login. */
export type OnTwoFactorEvent = (event: TwoFactorEvent) => unknown;
