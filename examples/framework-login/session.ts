/** What the server remembers of a browser. It is plain data, so any session store can keep it. */
export type LoginSession = HalfLogin | Login;

/** A login whose password was right. It opens the second step and nothing else. */
export interface HalfLogin extends Asked {
  readonly step: 'code';
  readonly userId: string;
}

/** A login that has passed both steps. */
export interface Login {
  readonly step: 'in';
  readonly userId: string;
  /** The customer's generation when it began. */
  readonly generation: number;
  /** When a code was last right; null where none was asked for. */
  readonly provedAt: number | null;
  /** A fresh code that was asked for before the first app may replace mail. */
  readonly stepUp?: Asked | undefined;
  readonly activation?: Activation | undefined;
  readonly recoveryCodes?: ShownCodes | undefined;
}

/** What `begin` asked for. */
export interface Asked {
  readonly challenge: string;
  /** Where the mail went; missing where an app is asked. */
  readonly sentTo?: string | undefined;
  /** Whether the mail has the long code. */
  readonly isLong?: boolean | undefined;
}

/** What brings the code. Recovery codes belong to an app. */
export type Method = 'email' | 'authenticator';

/** Tells what brings the code that was asked for. */
export function methodOf({ sentTo }: Asked): Method {
  return sentTo === undefined ? 'authenticator' : 'email';
}

/** What the page with the QR code shows, so that a reload shows the same. */
export interface Activation {
  readonly uri: string;
  /** The secret in Base32. */
  readonly secret: string;
  readonly expiresAt: number;
}

/** Recovery codes that can be looked at until then, so that neither a reload nor a second click loses them. */
export interface ShownCodes {
  readonly codes: readonly string[];
  readonly until: number;
}
