/** What went wrong, as a stable name to branch on; `docs/guides/errors.md` has a section for each. */
export type ErrorCode =
  | 'ERR_INVALID_ARGUMENT'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_UNKNOWN_OPTION'
  | 'ERR_REPLAY_GUARD_MISSING'
  | 'ERR_INVALID_BASE32'
  | 'ERR_SECRET_TOO_SHORT'
  | 'ERR_INVALID_URI'
  | 'ERR_STORE_UNSUITABLE'
  | 'ERR_STORE_CONTENTION'
  | 'ERR_STORE_FAILED'
  | 'ERR_RECORD_UNREADABLE'
  | 'ERR_SEND_FAILED';

// Registered, so that each copy of this class recognises the errors of the others: every entry point of the package
// carries a copy, once for `import` and once for `require`.
const brand = 'countersign.error';

/**
 * The one error class: a bug of the caller, or a store or mail service that failed; never a user's typo.
 *
 * The message names the argument, what it must be, and the kind of value it is, never the value: it is safe to log.
 *
 * @example
 * ```ts
 * import { CountersignError, Secret } from 'countersign';
 *
 * try {
 *   Secret.fromBase32('not base32!');
 * } catch (error) {
 *   if (!(error instanceof CountersignError)) throw error;
 *   console.log(error.code); // ERR_INVALID_BASE32
 * }
 * ```
 */
export class CountersignError extends Error {
  override readonly name: string = 'CountersignError';
  /** What went wrong. It is stable across versions; the message is not. */
  readonly code: ErrorCode;

  /**
   * Makes an error as the package does, for your tests.
   *
   * @param code - what went wrong
   * @param message - for the developer; it must not hold a secret or a code
   * @param options - `cause`: the error below
   */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, Symbol.for(brand), { value: true });
  }

  /**
   * Makes `instanceof` recognise this package's errors whichever copy made them; a subclass recognises only its own.
   *
   * @param value - the left side of `instanceof`
   * @returns whether it is such an error
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this === CountersignError) return isCountersignError(value);
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

/**
 * Tells whether a caught value is this package's error, whichever copy of the package it comes from; `instanceof` does
 * the same.
 *
 * @param error - any caught value
 * @returns true for a {@link CountersignError}
 * @example
 * ```ts
 * import { isCountersignError, Secret } from 'countersign';
 *
 * try {
 *   Secret.fromBase32('');
 * } catch (error) {
 *   console.log(isCountersignError(error) && error.code); // ERR_SECRET_TOO_SHORT
 * }
 * ```
 */
export function isCountersignError(error: unknown): error is CountersignError {
  return error instanceof Error && Object.hasOwn(error, Symbol.for(brand));
}
