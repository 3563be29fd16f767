import { readOptions } from '../internal/asserts.js';
import { utf8 } from '../internal/bytes.js';
import { type AppFacts, appFacts, type Support } from './app-facts.js';
import { formatOptionNames, formatOtpauthUri, type FormatOtpauthUriOptions } from './format-otpauth-uri.js';
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
 * Tells which authenticator apps refuse an enrolment, or silently make something else of it. The defaults give no warning.
 *
 * @param options - `secret`, `issuer` and `account`: required; and the other options of {@link formatOtpauthUri}
 * @returns the warnings; none if every app does the same
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`, for whatever
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
    const apps = appFacts.filter((facts) => rule.concerns(facts, enrolment)).flatMap(({ names }) => names);
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
  const { only = [period], from = period, to = period, others } = periods;
  return only.includes(period) && period >= from && period <= to ? 'yes' : others;
}
