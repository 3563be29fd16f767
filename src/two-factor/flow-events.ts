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
