import { ownOnly, readOptions } from '../internal/asserts.js';
import { utf8 } from '../internal/bytes.js';
import { formatOptionNames, formatOtpauthUri, type FormatOtpauthUriOptions } from './otpauth-uri.js';
import { type Algorithm, type Digits, type ResolvedParameters, resolveParameters } from './parameters.js';
import type { Secret } from './secret.js';

/** Options of {@link checkCompatibility}: those of {@link formatOtpauthUri}, and the secret. */
export interface CompatibilityOptions extends FormatOtpauthUriOptions {
  /** The secret to hand over; only its length matters. */
  readonly secret: Secret;
}

/** The subject of a {@link Warning}; stable. */
export type WarningCode =
  | 'algorithm_ignored'
  | 'digits_ignored'
  | 'period_ignored'
  | 'period_refused'
  | 'hotp_as_totp'
  | 'counter_large'
  | 'secret_short'
  | 'secret_length'
  | 'issuer_long'
  | 'account_long'
  | 'label_long'
  | 'label_characters';

/** One thing that some authenticator apps do differently. */
export interface Warning {
  /** What the warning is about, to branch on. */
  readonly code: WarningCode;
  /** What happens in which apps, for the developer. */
  readonly message: string;
  /** The apps it happens in. */
  readonly apps: readonly string[];
}

/**
 * Returns warnings about authenticator apps that refuse an enrolment, or silently make something else of it. The
 * defaults give no warning.
 *
 * @param options - `secret`, `issuer` and `account`: required; and the other options of {@link formatOtpauthUri}
 * @returns the warnings; none if every app does the same
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`, for anything that
 *   {@link formatOtpauthUri} refuses
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
  const own = readOptions('options', options, [...formatOptionNames, 'secret']);
  const { secret, ...uriOptions } = own;
  formatOtpauthUri(secret, uriOptions);
  const { type = 'totp', counter = 0, issuer, account } = own;
  const parameters = resolveParameters(own);
  const enrolment = { ...parameters, type, counter, issuer, account, byteLength: secret.byteLength };
  return rules.flatMap((rule) => {
    const apps = appFacts
      .filter((facts) => rule.concerns(ownOnly(facts), enrolment))
      .flatMap(({ names }) => names);
    return apps.length === 0
      ? []
      : [{ code: rule.code, message: `${apps.join(', ')}: ${rule.happens}`, apps }];
  });
}

/** A checked enrolment with its defaults in place. */
interface Enrolment extends ResolvedParameters {
  readonly type: 'totp' | 'hotp';
  readonly counter: number;
  readonly issuer: string;
  readonly account: string;
  readonly byteLength: number;
}

interface Rule {
  readonly code: WarningCode;
  readonly happens: string;
  readonly concerns: (facts: AppFacts, enrolment: Enrolment) => boolean;
}

const rules: readonly Rule[] = [
  {
    code: 'algorithm_ignored',
    happens: 'computes SHA-1 whatever the URI says',
    concerns: (facts, { algorithm }) => algorithmSupport(facts, algorithm) === 'ignored',
  },
  {
    code: 'digits_ignored',
    happens: 'shows 6 digits whatever the URI says',
    concerns: (facts, { digits }) => digitsSupport(facts, digits) === 'ignored',
  },
  {
    code: 'period_ignored',
    happens: 'counts another period than the URI says',
    concerns: (facts, { type, period }) => type === 'totp' && periodSupport(facts, period) === 'ignored',
  },
  {
    code: 'period_refused',
    happens: 'refuses the QR code',
    concerns: (facts, { type, period }) => type === 'totp' && periodSupport(facts, period) === 'refused',
  },
  {
    code: 'hotp_as_totp',
    happens: 'makes time-based codes of it, or has no counters',
    concerns: ({ hotp }, { type }) => type === 'hotp' && (hotp === 'ignored' || hotp === 'none'),
  },
  {
    code: 'counter_large',
    happens: 'counts in 32 bits, and refuses the QR code',
    concerns: ({ maxCounter = Infinity }, { counter }) => counter > maxCounter,
  },
  {
    code: 'secret_short',
    happens: 'warns of a secret below 128 bits',
    concerns: ({ minSecretBytes = 0 }, { byteLength }) => byteLength < minSecretBytes,
  },
  {
    code: 'secret_length',
    happens:
      'wants the unused bits of the last Base32 digit zero: lengths of 20, 25, 35 or 40 bytes have none',
    concerns: ({ tailBits }, { byteLength }) => tailBits === 'refused' && byteLength % 5 !== 0,
  },
  {
    code: 'issuer_long',
    happens: 'cuts the issuer after 30 characters',
    concerns: ({ maxIssuerLength = Infinity }, { issuer }) => issuer.length > maxIssuerLength,
  },
  {
    code: 'account_long',
    happens: 'cuts the account after 50 characters',
    concerns: ({ maxAccountLength = Infinity }, { account }) => account.length > maxAccountLength,
  },
  {
    code: 'label_long',
    happens: 'refuses labels over 64 bytes',
    concerns: ({ maxLabelBytes = Infinity }, { issuer, account }) =>
      utf8(`${issuer}:${account}`).length > maxLabelBytes,
  },
  {
    code: 'label_characters',
    happens: 'decodes ? & # % + = twice',
    concerns: ({ decodesTwice = false }, { issuer, account }) =>
      decodesTwice && /[?&#%+=]/.test(issuer + account),
  },
];

function algorithmSupport(facts: AppFacts, algorithm: Algorithm): Support | undefined {
  return algorithm === 'SHA1' ? undefined : facts[algorithm];
}

function digitsSupport({ digits7, digits8 }: AppFacts, digits: Digits): Support | undefined {
  return { 6: undefined, 7: digits7, 8: digits8 }[digits];
}

function periodSupport({ periods = { others: 'yes' } }: AppFacts, period: number): Support {
  const { only = [period], from = period, to = period, others } = ownOnly(periods);
  return only.includes(period) && period >= from && period <= to ? 'yes' : others;
}

/**
 * What is known of authenticator apps: `checkCompatibility` warns by this table, and the tables of the compatibility guide,
 * which names the sources, and of the README are tested against it.
 */

/** What an app makes of something: it honours it, ignores it silently, or refuses the QR code. */
export type Support = 'yes' | 'ignored' | 'refused' | 'unknown';

/** The periods, in seconds, that an app counts, by a list or by their bounds, and what it makes of others. */
export interface PeriodFacts {
  readonly only?: readonly number[];
  readonly from?: number;
  readonly to?: number;
  readonly others: Support;
}

/** The facts of one app, or of several that share their code. An app honours whatever is left out. */
export interface AppFacts {
  readonly names: readonly string[];
  /** Where the issuer comes from that the app shows. */
  readonly issuerFrom: string;
  readonly SHA256?: Support;
  readonly SHA512?: Support;
  readonly digits7?: Support;
  readonly digits8?: Support;
  readonly periods?: PeriodFacts;
  /** Counter-based codes. Ignored: it makes time-based codes of them. None: it has no counters. */
  readonly hotp?: Support | 'none';
  /** Larger counters are refused. */
  readonly maxCounter?: number;
  /** Secrets that end in `=`. */
  readonly paddedSecret?: Support;
  /** Secrets with non-zero bits behind the last byte. */
  readonly tailBits?: Support;
  /** Shorter secrets bring up a warning. */
  readonly minSecretBytes?: number;
  /** Longer issuers are cut. */
  readonly maxIssuerLength?: number;
  /** Longer accounts are cut. */
  readonly maxAccountLength?: number;
  /** Labels of more bytes in UTF-8 are refused. */
  readonly maxLabelBytes?: number;
  /** The URI is percent-decoded before it is split, so that an encoded `&` or `?` separates. */
  readonly decodesTwice?: boolean;
}

const thirtySecondsAlways: PeriodFacts = { only: [30], others: 'ignored' };
const unknownPeriods: PeriodFacts = { only: [30], others: 'unknown' };

/** The apps, in the order of the guide. */
export const appFacts: readonly AppFacts[] = [
  { names: ['Aegis'], issuerFrom: 'label, else parameter' },
  {
    names: ['Google Authenticator for Android'],
    issuerFrom: 'parameter',
    SHA512: 'unknown',
    digits7: 'unknown',
    periods: thirtySecondsAlways,
    maxCounter: 2_147_483_647,
    paddedSecret: 'unknown',
    tailBits: 'unknown',
  },
  {
    names: ['Google Authenticator for iOS'],
    issuerFrom: 'label',
    paddedSecret: 'refused',
    tailBits: 'refused',
  },
  {
    names: ['Microsoft Authenticator'],
    issuerFrom: 'both',
    SHA256: 'ignored',
    SHA512: 'ignored',
    digits7: 'ignored',
    digits8: 'ignored',
    periods: thirtySecondsAlways,
    hotp: 'ignored',
    paddedSecret: 'unknown',
    tailBits: 'unknown',
  },
  {
    names: ['Authy'],
    issuerFrom: 'both',
    SHA256: 'ignored',
    SHA512: 'ignored',
    digits7: 'unknown',
    digits8: 'unknown',
    periods: thirtySecondsAlways,
    hotp: 'none',
    paddedSecret: 'unknown',
    tailBits: 'unknown',
  },
  {
    names: ['Duo Mobile'],
    issuerFrom: 'unknown',
    SHA256: 'ignored',
    SHA512: 'unknown',
    digits7: 'unknown',
    digits8: 'unknown',
    periods: unknownPeriods,
    hotp: 'unknown',
    paddedSecret: 'unknown',
    tailBits: 'unknown',
  },
  {
    names: ['Apple Passwords'],
    issuerFrom: 'both',
    SHA256: 'unknown',
    SHA512: 'unknown',
    digits7: 'unknown',
    digits8: 'unknown',
    periods: unknownPeriods,
    hotp: 'none',
    paddedSecret: 'unknown',
    tailBits: 'unknown',
  },
  {
    names: ['FreeOTP'],
    issuerFrom: 'label, else parameter',
    periods: { from: 5, others: 'refused' },
    paddedSecret: 'refused',
    minSecretBytes: 16,
  },
  { names: ['FreeOTP+'], issuerFrom: 'parameter, else label' },
  {
    names: ['2FAS for Android', 'Anexia Authenticator for Android'],
    issuerFrom: 'parameter',
    maxIssuerLength: 30,
    maxAccountLength: 50,
    decodesTwice: true,
  },
  {
    names: ['2FAS for iOS', 'Anexia Authenticator for iOS'],
    issuerFrom: 'parameter',
    periods: { only: [10, 30, 60, 90], others: 'refused' },
    maxIssuerLength: 30,
    maxAccountLength: 50,
    decodesTwice: true,
  },
  { names: ['Bitwarden'], issuerFrom: 'parameter, else label', hotp: 'ignored' },
  { names: ['KeePassXC'], issuerFrom: 'neither', hotp: 'ignored' },
  {
    names: ['KeePassXC before 2.7.5'],
    issuerFrom: 'neither',
    periods: { to: 60, others: 'ignored' },
    hotp: 'ignored',
  },
  { names: ['Ente Auth'], issuerFrom: 'parameter, else label', tailBits: 'unknown' },
  {
    names: ['Yubico Authenticator'],
    issuerFrom: 'label',
    paddedSecret: 'unknown',
    tailBits: 'unknown',
    maxLabelBytes: 64,
  },
];
