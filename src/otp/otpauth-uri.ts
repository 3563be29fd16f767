import { assertInteger, assertString, failRange, failValue, readOptions } from '../internal/asserts.js';
import { hasControl } from '../internal/characters.js';
import { CountersignError } from '../internal/errors.js';
import {
  type Algorithm,
  type Digits,
  MAX_COUNTER,
  MAX_PERIOD,
  resolveParameters,
  type TotpParameters,
} from './parameters.js';
import { assertSecret, type ImportBase32Options, Secret } from './secret.js';

/** The name of a secret, as an authenticator app shows it. */
export interface Label {
  /** The service: 1 to 200 characters, not blank, without colons or control characters. */
  readonly issuer: string;
  /**
   * The customer at that service, for example a customer number: 1 to 200 characters, not blank, without colons,
   * control characters or a leading space.
   */
  readonly account: string;
}

/** Options of {@link formatOtpauthUri}. */
export interface FormatOtpauthUriOptions extends Label, TotpParameters {
  /** `'totp'` (the default) or `'hotp'`. */
  readonly type?: 'totp' | 'hotp' | undefined;
  /** The first counter of a `'hotp'` secret: an integer from 0 to 2^53 - 1; 0 by default. */
  readonly counter?: number | undefined;
  /** The https address of a picture, in ASCII; FreeOTP shows it, other apps ignore it. */
  readonly image?: string | undefined;
}

/**
 * Formats the otpauth URI that an authenticator app scans, in the form that every app reads: issuer in both
 * places, `secret` first, pure ASCII, and the parameters either all or, when they are the defaults, not at all.
 *
 * @param secret - the secret to hand over: the URI contains it
 * @param options - `issuer` and `account`: required, see {@link Label}; `type`: 'totp' by default; `counter`: 0 by
 *   default, for 'hotp' only; `image`; `algorithm`: 'SHA1' by default; `digits`: 6 by default; `period`: seconds, 30 by
 *   default, for 'totp' only; `t0` only as 0, since a URI cannot carry another
 * @returns the URI, at most 2,331 characters: what a QR code holds
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
 * @see The source of each rule: https://github.com/google/google-authenticator/wiki/Key-Uri-Format and the parsers
 *   of the apps named in the compatibility guide
 * @example
 * ```ts
 * import { formatOtpauthUri, Secret } from 'countersign';
 *
 * const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(formatOtpauthUri(secret, { issuer: 'Example Hosting', account: '12345' }));
 * // otpauth://totp/Example%20Hosting:12345?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example%20Hosting
 * ```
 */
export function formatOtpauthUri(secret: Secret, options: FormatOtpauthUriOptions): string {
  assertSecret(secret);
  const own = readOptions('options', options, formatOptionNames);
  const { type = 'totp', image } = own;
  assertType(type);
  assertLabel(own);
  const issuer = percentEncode(own.issuer);
  const query = [`secret=${secret.toBase32()}`, `issuer=${issuer}`, ...parameterFields(type, own)];
  if (image !== undefined) query.push(`image=${percentEncode(checkedImage(image))}`);
  const uri = `otpauth://${type}/${issuer}:${percentEncode(own.account)}?${query.join('&')}`;
  if (uri.length > MAX_URI_LENGTH) failLong();
  return uri;
}

/** Asserts that every app can tell issuer and account apart. */
export function assertLabel({ issuer, account }: { issuer: unknown; account: unknown }): void {
  assertLabelPart('issuer', issuer);
  assertLabelPart('account', account);
  // The key URI format lets apps skip spaces behind the colon.
  if (account.startsWith(' ')) failValue('account', 'text without a leading space, which apps drop');
}

/** The names of the options of {@link formatOtpauthUri}. */
export const formatOptionNames: readonly string[] = [
  'algorithm',
  'digits',
  'period',
  't0',
  'type',
  'issuer',
  'account',
  'counter',
  'image',
];

const MAX_LABEL_LENGTH = 200;
/** The bytes that the largest QR code, version 40, holds at level M (ISO/IEC 18004, table 7). */
const MAX_URI_LENGTH = 2331;

function assertType(type: unknown): void {
  if (type !== 'totp' && type !== 'hotp') failValue('type', "'totp' or 'hotp'");
}

function assertLabelPart(name: string, value: unknown): asserts value is string {
  assertString(name, value);
  if (value.length > MAX_LABEL_LENGTH) failRange(name, `at most ${MAX_LABEL_LENGTH} characters long`);
  if (!/\S/.test(value)) failValue(name, 'text that is not blank');
  if (value.includes(':'))
    failValue(name, 'text without a colon, which separates issuer and account in the URI');
  if (hasControl(value)) failValue(name, 'text without control characters and halves of surrogate pairs');
}

/**
 * Writes all parameters as soon as one differs from its default: some apps take missing ones from somewhere other than
 * the standard. Always writes the counter: Google Authenticator for iOS and Aegis refuse a hotp URI without one.
 */
function parameterFields(type: 'totp' | 'hotp', options: FormatOtpauthUriOptions): string[] {
  const { algorithm, digits, period, t0 } = resolveParameters(options);
  const { counter = 0 } = options;
  assertInteger('counter', counter, 0, MAX_COUNTER);
  assertApplicable(type, options, t0);
  const isDefault = algorithm === 'SHA1' && digits === 6 && period === 30;
  const shape = isDefault ? [] : [`algorithm=${algorithm}`, `digits=${digits}`];
  if (type === 'hotp') return [...shape, `counter=${counter}`];
  return isDefault ? shape : [...shape, `period=${period}`];
}

function assertApplicable(type: 'totp' | 'hotp', options: FormatOtpauthUriOptions, t0: number): void {
  if (type === 'totp' && options.counter !== undefined)
    failValue('counter', "left out unless type is 'hotp'");
  if (type === 'hotp' && options.period !== undefined) failValue('period', "left out if type is 'hotp'");
  if (t0 > 0) failValue('t0', '0 or left out: an otpauth URI cannot say it');
}

function failLong(): never {
  const expected = `at most ${MAX_URI_LENGTH} characters long, which a QR code holds: shorten issuer, account or image`;
  return failRange('the otpauth URI', expected);
}

function checkedImage(image: unknown): string {
  assertString('image', image);
  if (!/^https:\/\/[\x21-\x7e]+$/.test(image)) failValue('image', 'an https address in ASCII');
  return image;
}

/** RFC 3986 with nothing left to interpretation: `encodeURIComponent` leaves `! ' ( ) *`, and a `+` is a plus to some apps. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The parts of every otpauth URI. */
export interface ParsedOtpauthUriBase {
  /** The shared secret. */
  readonly secret: Secret;
  /** The service: the `issuer` parameter or, without it, the label's first part; null if neither is there. */
  readonly issuer: string | null;
  /** The label's first part, which can differ from the parameter; null if the label has none. */
  readonly labelIssuer: string | null;
  /** The customer at that service: the label's second part. */
  readonly account: string;
  /** The hash under the HMAC. */
  readonly algorithm: Algorithm;
  /** Digits of a code. */
  readonly digits: Digits;
  /** The address of a picture, as it stood; null if there is none. */
  readonly image: string | null;
}

/** A parsed URI of type totp. */
export interface ParsedTotpUri extends ParsedOtpauthUriBase {
  readonly type: 'totp';
  /** Seconds per time step. */
  readonly period: number;
}

/** A parsed URI of type hotp. */
export interface ParsedHotpUri extends ParsedOtpauthUriBase {
  readonly type: 'hotp';
  /** The first counter. */
  readonly counter: number;
}

/**
 * Parses an otpauth URI. It is tolerant where apps are tolerant, and strict wherever a guess could make a wrong key.
 *
 * It takes any case of scheme, type and parameter names; a label without issuer; `%3A`; spaces behind the colon; lower
 * case, padding, spaces and dashes in the secret; hashes spelt as in `SHA-256` and as in Java; `+` as a space. It refuses repeated
 * parameters, since apps disagree on which one counts, numbers out of range, and `encoder`, which Steam's codes have.
 *
 * @param uri - the URI, at most 4,096 characters
 * @param options - `allowShort`: take secrets below 16 bytes; `allowTailBits`: drop non-zero bits behind the secret's last
 *   byte; both false by default, see {@link ImportBase32Options}
 * @returns its parts, told apart by `type`
 * @throws {@link CountersignError} `ERR_INVALID_URI`, `ERR_INVALID_BASE32`, `ERR_SECRET_TOO_SHORT`,
 *   `ERR_OUT_OF_RANGE`, `ERR_INVALID_ARGUMENT`, `ERR_UNKNOWN_OPTION`; no message holds any part of the URI
 * @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 * @example
 * ```ts
 * import { parseOtpauthUri } from 'countersign';
 *
 * const uri = 'otpauth://totp/Example:12345?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example';
 * const { type, issuer, account, digits } = parseOtpauthUri(uri);
 * console.log(type, issuer, account, digits); // totp Example 12345 6
 * ```
 */
export function parseOtpauthUri(
  uri: string,
  options: ImportBase32Options = {},
): ParsedTotpUri | ParsedHotpUri {
  assertString('uri', uri);
  const { type, label, query } = split(uri);
  const fields = readQuery(query);
  // Steam's codes have letters, and apps have no common form for them.
  if (fields.has('encoder')) fail('has the parameter encoder, which only Steam uses');
  const issuer = nonEmpty(fields.get('issuer'));
  const { labelIssuer, account } = readLabel(label, issuer);
  const base = {
    secret: Secret.read('the secret of the otpauth URI', required(fields, 'secret'), options),
    issuer: issuer ?? labelIssuer,
    labelIssuer,
    account,
    algorithm: readAlgorithm(fields.get('algorithm')),
    digits: readDigits(fields.get('digits')),
    image: fields.get('image') ?? null,
  };
  if (type === 'totp') {
    return { type, ...base, period: readInteger('period', fields.get('period') ?? '30', 1, MAX_PERIOD) };
  }
  return { type, ...base, counter: readInteger('counter', required(fields, 'counter'), 0, MAX_COUNTER) };
}

/** Longer than any app writes. */
const MAX_READ_LENGTH = 4096;

function split(uri: string): { type: 'totp' | 'hotp'; label: string; query: string } {
  if (uri.length > MAX_READ_LENGTH) fail(`is longer than ${MAX_READ_LENGTH} characters`);
  if (hasControl(uri)) fail('has a line break or another control character');
  const parts = /^otpauth:\/\/(totp|hotp)\/([^?#]*)\?([^#]*)$/i.exec(uri);
  if (parts === null)
    fail('does not have the form otpauth://totp/label?secret=… or otpauth://hotp/label?secret=…');
  const [, type = '', label = '', query = ''] = parts;
  return { type: type.toLowerCase() === 'totp' ? 'totp' : 'hotp', label, query };
}

function readQuery(query: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const pair of query.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const key = name.toLowerCase();
    if (fields.has(key)) fail('repeats a parameter');
    if (key !== '') fields.set(key, percentDecode(rest.join('=').replaceAll('+', ' ')));
  }
  return fields;
}

/**
 * Splits the label behind the issuer that the parameter names, else at the first colon. That is after decoding, as apps do:
 * a `%3A` separates too.
 */
function readLabel(encoded: string, issuer: string | null): { labelIssuer: string | null; account: string } {
  const label = percentDecode(encoded);
  const isPrefix = issuer !== null && label.startsWith(`${issuer}:`);
  const colon = isPrefix ? issuer.length : label.indexOf(':');
  const account = colon < 0 ? label : label.slice(colon + 1).replace(/^ +/, '');
  if (account.trim() === '') fail('has no account in its label');
  return { labelIssuer: colon > 0 ? label.slice(0, colon) : null, account };
}

function readAlgorithm(text = 'SHA1'): Algorithm {
  // Not `toUpperCase`, which would turn U+017F into S.
  const [, size] = /^(?:hmac-?)?sha-?(1|256|512)$/i.exec(text) ?? [];
  if (size === '1') return 'SHA1';
  if (size === '256') return 'SHA256';
  if (size === '512') return 'SHA512';
  return fail('has an algorithm other than SHA1, SHA256 and SHA512');
}

function readDigits(text = '6'): Digits {
  const digits = readInteger('number of digits', text, 6, 8);
  return digits === 6 || digits === 7 ? digits : 8;
}

function readInteger(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) fail(`has a ${name} that is not an integer from ${min} to ${max}`);
  return value;
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function required(fields: ReadonlyMap<string, string>, name: string): string {
  return fields.get(name) ?? fail(`has no ${name}`);
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Without its cause, which could carry the text.
    return fail('has a broken percent-encoding');
  }
}

function fail(what: string): never {
  throw new CountersignError('ERR_INVALID_URI', `the otpauth URI ${what}`);
}
