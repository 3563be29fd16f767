/** How a person proves that it is them. */
export type Factor = 'email' | 'authenticator' | 'recovery';

/** What a sentence may need to know. Instants are in ms. */
export interface Message {
  readonly by?: Factor;
  readonly retryAt?: number;
  readonly attemptsLeft?: number;
  /** Recovery codes left. */
  readonly left?: number;
  /** An app's name. */
  readonly name?: string;
}

/** What stands before a time, the time, and what stands behind it. */
export type Timed = readonly [string, string, string];
