import type { StateStep } from '../store/transact-state.js';
import { emptyState, type LiveToken, type TokenState } from '../email-token/token-state.js';

/** The authenticator app that is the customer's factor. Instants are in ms. */
export interface ActiveApp {
  /** The app's secret and the key of its recovery codes, encrypted under a key that is not in the store. */
  readonly sealed: string;
  /** The newest time step that was accepted; only later ones will be. */
  readonly lastTimeStep: number;
  /** How many steps the app's clock was ahead at the last success. */
  readonly drift: number;
  readonly activatedAt: number;
}

/** A secret that was shown and not yet confirmed: it lets nobody in. */
export interface PendingActivation {
  readonly sealed: string;
  readonly expiresAt: number;
}

/** All that is known about a customer. */
export interface AccountState {
  readonly app: ActiveApp | null;
  readonly pending: PendingActivation | null;
  /** Of the recovery codes that are left. */
  readonly recoveryDigests: readonly string[];
  /** The mailed token; its `failures` are the budget of every factor. */
  readonly mail: TokenState;
}

/** What a transition decides; `state` is the same object if nothing changes. */
export type AccountStep<Outcome> = StateStep<AccountState, Outcome>;

/** The factor while no app is active. */
export type Fallback = 'email' | 'none';

/** What was typed, and how to judge it. All functions are pure; which ones are called, the state decides. */
export interface Guess {
  /** What it looks like: the six digits of an app or a mail, or a recovery code. */
  readonly form: 'digits' | 'recovery';
  /** Names the mail that the digits should be from; null if the caller has none. */
  readonly challenge: string | null;
  /** Tells whether it is a mailed token's code. */
  readonly matchesMail: (token: LiveToken) => boolean;
  /** The app's time step that it belongs to, used or not; null if there is none. */
  readonly findStep: FindStep;
  /** Tells whether it is the recovery code of a digest. */
  readonly matchesRecovery: (digest: string) => boolean;
}

/** Finds the newest time step of a code in the window around a drift, whether or not it was used before. */
export type FindStep = (drift: number, now: number) => FoundStep | null;

/** A time step, and its distance from the clock. */
export interface FoundStep {
  readonly timeStep: number;
  readonly drift: number;
}

/** The state of a customer who was never heard of. */
export const emptyAccount: AccountState = { app: null, pending: null, recoveryDigests: [], mail: emptyState };
