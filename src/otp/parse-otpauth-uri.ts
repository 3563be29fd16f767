import { assertString } from '../internal/asserts.js';
import { hasControl } from '../internal/characters.js';
import { CountersignError } from '../internal/errors.js';
import { type Algorithm, type Digits, MAX_COUNTER, MAX_PERIOD } from './parameters.js';
import { type ImportBase32Options, Secret } from './secret.js';

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

const MAX_URI_LENGTH = 4096;

function split(uri: string): { type: 'totp' | 'hotp'; label: string; query: string } {
  if (uri.length > MAX_URI_LENGTH) fail(`is longer than ${MAX_URI_LENGTH} characters`);
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
