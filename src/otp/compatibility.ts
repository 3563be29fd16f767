import { assertOptions } from '../internal/asserts.js';
import { assertType } from './format-otpauth-uri.js';
import { assertLabel, type Label } from './label.js';
import { otpOptionNames, resolveParameters, type TotpParameters } from './parameters.js';
import { assertSecret, type Secret } from './secret.js';

/** What is to be enrolled. */
export interface CompatibilityOptions extends Label, TotpParameters {
  readonly secret: Secret;
  /** `'totp'` (the default) or `'hotp'`. */
  readonly type?: 'totp' | 'hotp' | undefined;
}

/** What a {@link Warning} is about; stable. */
export type WarningCode =
  | 'algorithm_ignored'
  | 'digits_ignored'
  | 'period_ignored'
  | 'period_refused'
  | 'hotp_as_totp'
  | 'secret_short'
  | 'secret_length'
  | 'issuer_long'
  | 'account_long'
  | 'label_long'
  | 'label_characters';

/** One thing that some authenticator apps will silently do otherwise. */
export interface Warning {
  readonly code: WarningCode;
  /** What happens, for the developer. */
  readonly message: string;
  /** The apps it happens in. */
  readonly apps: readonly string[];
}

/**
 * Tells which authenticator apps will silently do something else with an enrolment; the defaults give no warning.
 *
 * @param options - `secret`, `issuer` and `account`: required; `type`; `algorithm`, `digits`, `period`, `t0`
 * @returns the warnings, none if every app does the same
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`, for what
 *   {@link formatOtpauthUri} would refuse
 * @example
 * ```ts
 * import { checkCompatibility, Secret } from 'countersign';
 *
 * const label = { secret: Secret.generate(), issuer: 'Example', account: '12345' };
 * console.log(checkCompatibility(label).length); // 0
 * const [warning] = checkCompatibility({ ...label, algorithm: 'SHA256' });
 * console.log(warning?.code); // algorithm_ignored
 * ```
 */
export function checkCompatibility(options: CompatibilityOptions): Warning[] {
  assertOptions('options', options, optionNames);
  const { secret, issuer, account, type = 'totp' } = options;
  assertSecret(secret);
  assertType(type);
  assertLabel({ issuer, account });
  return [...parameterWarnings(options), ...secretWarnings(secret), ...labelWarnings(issuer, account)];
}

const optionNames = [...otpOptionNames, 'period', 't0', 'type', 'issuer', 'account', 'secret'];

const twoFas = ['2FAS', 'Anexia Authenticator'];
const twoFasIos = ['2FAS for iOS', 'Anexia Authenticator for iOS'];

function parameterWarnings(options: CompatibilityOptions): Warning[] {
  const { algorithm, digits, period } = resolveParameters(options);
  const isHotp = options.type === 'hotp';
  const hashApps = ['Microsoft Authenticator', 'Authy', 'Duo Mobile'];
  const periodApps = ['Microsoft Authenticator', 'Authy', 'Google Authenticator for Android'];
  const counterApps = ['Microsoft Authenticator', 'Bitwarden', 'KeePassXC', 'Authy', 'Apple Passwords'];
  return [
    ...when(algorithm !== 'SHA1', 'algorithm_ignored', 'computes SHA-1 whatever the URI says', hashApps),
    ...when(digits !== 6, 'digits_ignored', 'shows 6 digits whatever the URI says', [
      'Microsoft Authenticator',
    ]),
    ...when(
      !isHotp && period !== 30,
      'period_ignored',
      'counts 30 seconds whatever the URI says',
      periodApps,
    ),
    ...when(
      !isHotp && ![10, 30, 60, 90].includes(period),
      'period_refused',
      'refuses the QR code',
      twoFasIos,
    ),
    ...when(isHotp, 'hotp_as_totp', 'makes time-based codes of it, or has no counters', counterApps),
  ];
}

function secretWarnings({ byteLength }: Secret): Warning[] {
  const tail =
    'wants the unused bits of the last Base32 digit zero: lengths of 20, 25, 35 or 40 bytes have none';
  return [
    ...when(byteLength < 16, 'secret_short', 'warns of a secret below 128 bits', ['FreeOTP']),
    ...when(byteLength % 5 !== 0, 'secret_length', tail, ['Google Authenticator for iOS']),
  ];
}

function labelWarnings(issuer: string, account: string): Warning[] {
  const labelBytes = new TextEncoder().encode(`${issuer}:${account}`).length;
  return [
    ...when(issuer.length > 30, 'issuer_long', 'cuts the issuer after 30 characters', twoFas),
    ...when(account.length > 50, 'account_long', 'cuts the account after 50 characters', twoFas),
    ...when(labelBytes > 64, 'label_long', 'refuses labels over 64 bytes', ['Yubico Authenticator']),
    ...when(/[?&#%+=]/.test(issuer + account), 'label_characters', 'decodes ? & # % + = twice', twoFas),
  ];
}

function when(applies: boolean, code: WarningCode, happens: string, apps: readonly string[]): Warning[] {
  return applies ? [{ code, message: `${apps.join(', ')}: ${happens}`, apps }] : [];
}
