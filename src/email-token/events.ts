/** Something that happened to the tokens of a subject and purpose, for an audit log: no event holds a code. */
export type EmailTokenEvent = EmailTokenEventDetails & {
  /** Whose token. */
  readonly subject: string;
  /** What for. */
  readonly purpose: string;
  /** When. */
  readonly at: Date;
};

/** What an {@link EmailTokenEvent} says besides whose, what for and when; the names are stable. */
export type EmailTokenEventDetails =
  | { readonly type: 'issued'; readonly expiresAt: Date }
  | { readonly type: 'sent' }
  | { readonly type: 'send_failed' }
  | { readonly type: 'redeemed' }
  | {
      readonly type: 'rejected';
      readonly action: 'issue' | 'redeem';
      readonly reason: string;
      /** Failures in the rolling window; there when the guess was evaluated. */
      readonly failures?: number;
    }
  | { readonly type: 'locked'; readonly until: Date }
  | { readonly type: 'unlocked' }
  | { readonly type: 'revoked' };

/** Takes events; what it throws or rejects with is dropped, since a log that fails must not undo a login. */
export type OnEmailTokenEvent = (event: EmailTokenEvent) => unknown;

/** Calls an observer whose failure is nobody's business here. */
export function notify<Event>(observer: ((event: Event) => unknown) | undefined, event: Event): void {
  if (observer === undefined) return;
  try {
    Promise.resolve(observer(event)).catch(() => undefined);
  } catch {
    // Dropped on purpose, see OnEmailTokenEvent.
  }
}
