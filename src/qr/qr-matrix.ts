import { encode } from 'uqr';
import { assertString } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';

/** The rows of a QR code from top to bottom, true for a dark module, the light quiet zone included. */
export type QrMatrix = readonly (readonly boolean[])[];

/**
 * The QR code of an otpauth URI: error correction level M inside a quiet zone of 4 modules (ISO/IEC 18004).
 *
 * Other text is refused, so that a bare secret or a web address never becomes a code to scan by mistake.
 */
export function qrMatrix(uri: string): QrMatrix {
  assertOtpauthUri(uri);
  return encode(uri, { ecc: 'M', border: 4 }).data;
}

/** The bytes that the largest symbol, version 40, holds at level M (ISO/IEC 18004, table 7). */
const MAX_LENGTH = 2331;

function assertOtpauthUri(uri: unknown): void {
  assertString('uri', uri);
  if (uri.length > MAX_LENGTH) fail('ERR_OUT_OF_RANGE', `have at most ${MAX_LENGTH} characters`);
  if (!/^otpauth:\/\//i.test(uri)) fail('ERR_INVALID_URI', 'begin with otpauth://');
  // RFC 3986 leaves nothing else, and readers disagree about the character set of other bytes.
  if (!/^[\x21-\x7e]*$/.test(uri)) fail('ERR_INVALID_URI', 'be printable ASCII, the rest percent-encoded');
}

function fail(code: 'ERR_OUT_OF_RANGE' | 'ERR_INVALID_URI', expected: string): never {
  throw new CountersignError(code, `uri must ${expected}`);
}
