/**
 * What is known of authenticator apps: `checkCompatibility` warns by this table, and the tables of the compatibility guide,
 * which names the sources, and of the README are tested against it.
 */

/** What an app makes of something: it honours it, ignores it without a word, or refuses the QR code. */
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
