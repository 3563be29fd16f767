import { assertInteger, assertOptions } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import { codeNumber, formatCode, NOT_A_CODE, readCode } from './code.js';
import { MAX_COUNTER, otpOptionNames, resolveParameters, type TotpParameters } from './parameters.js';
import { NO_MATCH, scanUp } from './scan.js';
import { assertSecret, counterMac, type Secret } from './secret.js';
import { type Instant, millisecondsOf, timeStepAt } from './time-step.js';

/**
 * Lets a code be used again and again while it is shown, which RFC 6238 section 5.2 forbids: whoever reads it
 * over a shoulder or from a proxy can log in with it. Passed as `lastTimeStep`, for tests and for telling a used
 * code from a wrong one.
 */
export const allowReplay: unique symbol = /* @__PURE__ */ Symbol.for('countersign.allowReplay');

/** Options of {@link generateTotp}. */
export interface GenerateTotpOptions extends TotpParameters {
  /** When: a Date or milliseconds since 1970; now by default. */
  readonly at?: Instant | undefined;
}

/** Steps accepted around the centre: each one multiplies an attacker's chance. */
export interface TotpWindow {
  /** Steps before: an integer from 0 to 10. */
  readonly past: number;
  /** Steps after: an integer from 0 to 10. */
  readonly future: number;
}

/** Options of {@link verifyTotp}. */
export interface VerifyTotpOptions extends TotpParameters {
  /**
   * The newest time step already used: `timeStep` of the last match, which you stored; null if there was none.
   * Only later steps are accepted. {@link allowReplay} opts out.
   */
  readonly lastTimeStep: number | null | typeof allowReplay;
  /** Steps accepted around the centre; one each way by default. `{ past: 1, future: 0 }` is what RFC 6238 section 5.2 recommends. */
  readonly window?: TotpWindow | undefined;
  /** The learned offset of the device's clock in steps, from -1,000 to 1,000, which moves the window's centre (RFC 6238 section 6); 0 by default. */
  readonly drift?: number | undefined;
  /** When: a Date or milliseconds since 1970; now by default. */
  readonly at?: Instant | undefined;
}

/** A time-based code that was right. */
export interface TotpMatch {
  /** The step of the code: store it as `lastTimeStep` before letting anyone in. */
  readonly timeStep: number;
  /** Its offset from the verifier's own clock in steps: what to store as the learned drift. */
  readonly drift: number;
}

/**
 * Generates the code of an instant (RFC 6238 section 4).
 *
 * @param secret - the device's secret
 * @param options - `at`: a Date or milliseconds, now by default; `algorithm`: 'SHA1' by default; `digits`: 6 by
 *   default; `period`: seconds, 30 by default; `t0`: seconds, 0 by default
 * @returns the code, with its leading zeros
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @example
 * ```ts
 * import { generateTotp, Secret } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(generateTotp(secret, { at: 59_000, digits: 8 })); // 94287082
 * ```
 */
export function generateTotp(secret: Secret, options: GenerateTotpOptions = {}): string {
  assertSecret(secret);
  assertOptions('options', options, generateNames);
  const { algorithm, digits, period, t0 } = resolveParameters(options);
  const timeStep = timeStepAt(millisecondsOf(options.at), period, t0);
  return formatCode(counterMac(secret, algorithm)(timeStep), digits);
}

/**
 * Verifies a time-based code (RFC 6238 section 5.2), each step at most once.
 *
 * Store `timeStep` of the match as the next `lastTimeStep` with a conditional update (`… where last_time_step <
 * $1`) before letting anyone in: of two requests with the same code one must lose.
 *
 * @param secret - the device's secret
 * @param code - what the person typed, whatever that is; white space and dashes are skipped
 * @param options - `lastTimeStep`: required, see {@link VerifyTotpOptions}; `window`: `{ past: 1, future: 1 }` by
 *   default, at most 10 each way; `drift`: learned steps, 0 by default; `at`; `algorithm`, `digits`, `period`, `t0`
 * @returns a frozen match, or null; of two steps with the same code the newest
 * @throws {@link CountersignError} `ERR_REPLAY_GUARD_MISSING`, `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`,
 *   `ERR_UNKNOWN_OPTION`; never because of `code`
 * @example
 * ```ts
 * import { Secret, verifyTotp } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const at = new Date('1970-01-01T00:01:00Z');
 * const match = verifyTotp(secret, '287 082', { lastTimeStep: null, at });
 * console.log(match); // { timeStep: 1, drift: -1 }
 * console.log(verifyTotp(secret, '287 082', { lastTimeStep: 1, at })); // null
 * ```
 */
export function verifyTotp(secret: Secret, code: unknown, options: VerifyTotpOptions): TotpMatch | null {
  assertSecret(secret);
  const from = firstAllowedStep(options);
  assertOptions('options', options, verifyNames);
  const { algorithm, digits, period, t0 } = resolveParameters(options);
  const { window = defaultWindow, drift = 0 } = options;
  assertWindow(window);
  assertInteger('drift', drift, -MAX_DRIFT, MAX_DRIFT);
  const current = timeStepAt(millisecondsOf(options.at), period, t0);
  const typed = readCode(code, digits);
  if (typed === NOT_A_CODE) return null;
  const mac = counterMac(secret, algorithm);
  const first = Math.max(current + drift - window.past, 0);
  const last = current + drift + window.future;
  const timeStep = scanUp((step) => codeNumber(mac(step), digits), typed, first, last, from);
  return timeStep === NO_MATCH ? null : Object.freeze({ timeStep, drift: timeStep - current });
}

/** What is accepted unless the caller says otherwise. */
export const defaultWindow: TotpWindow = { past: 1, future: 1 };

/** Asserts a window. */
export function assertWindow(window: unknown): asserts window is TotpWindow {
  assertOptions('window', window, ['past', 'future']);
  const { past, future } = window as Partial<TotpWindow>;
  assertInteger('window.past', past, 0, MAX_WINDOW);
  assertInteger('window.future', future, 0, MAX_WINDOW);
}

const MAX_WINDOW = 10;
const MAX_DRIFT = 1000;

const generateNames = [...otpOptionNames, 'period', 't0', 'at'];
const verifyNames = [...generateNames, 'lastTimeStep', 'window', 'drift'];

/** Absent is not the same as null: whoever forgets the guard must hear of it, in JavaScript too. */
function firstAllowedStep(options: VerifyTotpOptions | undefined): number {
  const lastTimeStep = options?.lastTimeStep as unknown;
  if (lastTimeStep === null || lastTimeStep === allowReplay) return 0;
  if (lastTimeStep === undefined) {
    const message = 'lastTimeStep is required: a time step, null for none yet, or allowReplay';
    throw new CountersignError('ERR_REPLAY_GUARD_MISSING', message);
  }
  assertInteger('lastTimeStep', lastTimeStep, 0, MAX_COUNTER);
  return lastTimeStep + 1;
}
