import { ownOnly } from '../internal/asserts.js';
import type { Block } from '../internal/throttle.js';

/** A refusal as a transition decides it. Instants are in ms. */
export interface Refused<Reason extends string> {
  readonly ok: false;
  readonly reason: Reason;
  readonly retryAt?: number | null;
  readonly attemptsLeft?: number;
  readonly failures?: number;
  readonly block?: Block | null;
}

/** A refusal as the caller and the observer see it. */
export interface DescribedRefusal<Reason extends string> {
  readonly refusal: {
    readonly ok: false;
    readonly reason: Reason;
    readonly attemptsLeft?: number;
    readonly retryAt?: Date;
  };
  /** For the event: how many failures count now; empty where nothing was counted. */
  readonly failures: { readonly failures?: number };
  /** Until when this failure locked the account; null if it did not. */
  readonly lockedUntil: Date | null;
}

/** Describes a refusal for the caller and the observer. */
export function describeRefusal<Reason extends string>(outcome: Refused<Reason>): DescribedRefusal<Reason> {
  const { reason, attemptsLeft, failures, block = null, retryAt: until } = ownOnly(outcome);
  const retryAt = until ?? block?.retryAt;
  return {
    refusal: {
      ok: false,
      reason,
      ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
      ...(retryAt === undefined ? {} : { retryAt: new Date(retryAt) }),
    },
    failures: failures === undefined ? {} : { failures },
    lockedUntil: block?.reason === 'locked' ? new Date(block.retryAt) : null,
  };
}

/** Calls the observer and ignores what it throws or rejects with. */
export function notify<Event>(observer: ((event: Event) => unknown) | undefined, make: () => Event): void {
  if (observer === undefined) return;
  try {
    Promise.resolve(observer(make())).catch(() => undefined);
  } catch {
    // An audit log that fails must not undo a login.
  }
}
