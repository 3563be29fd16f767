import type { MessageKey } from '../flash.js';

/** A mail on its way, as a page shows it. Instants are in ms. */
export interface SentMail {
  readonly sentTo: string;
  readonly expiresAt: number;
  readonly resendAt: number;
  /** A code of 25 letters and digits. */
  readonly isLong: boolean;
}

/** What a person is asked for, at the second step or for one act. */
export interface Asked {
  readonly method: 'email' | 'authenticator';
  /** Says that the password was right; null while no code is taken. */
  readonly challenge: string | null;
  readonly mail: SentMail | null;
  /** Why no code is taken, or no mail sent. */
  readonly hindrance: { readonly says: MessageKey; readonly retryAt: number | null } | null;
}

/** Half a login: the password was right. It opens the second step and nothing else. */
export interface HalfLogin {
  readonly stage: 'half';
  readonly customerNumber: string;
  readonly asked: Asked;
}

/** A login: both steps were passed. */
export interface LoggedIn {
  readonly stage: 'in';
  readonly customerNumber: string;
  /** When a code was last accepted; null in a remembered browser, which proved nothing. */
  readonly provedAt: number | null;
  /** From a login by recovery code: a new app needs no other proof. */
  readonly proof: string | null;
  /** The known browser that this is; null if that is not known. */
  readonly browserId: string | null;
  /** The name of an app that is to be set up once a fresh token was entered. */
  readonly wantedName: string | null;
  /** The app that is being set up. */
  readonly activation: Activation | null;
  /** New recovery codes, for as long as they can be shown. */
  readonly recoveryCodes: { readonly codes: readonly string[]; readonly until: number } | null;
  /** A fresh token that was asked for. */
  readonly asked: Asked | null;
}

export interface Activation {
  readonly uri: string;
  readonly name: string;
  readonly expiresAt: number;
}

export type Session = HalfLogin | LoggedIn;

export function loggedIn(customerNumber: string, facts: Partial<LoggedIn>): LoggedIn {
  return {
    stage: 'in',
    customerNumber,
    ...{
      provedAt: null,
      proof: null,
      browserId: null,
      wantedName: null,
      activation: null,
      recoveryCodes: null,
      asked: null,
    },
    ...facts,
  };
}
