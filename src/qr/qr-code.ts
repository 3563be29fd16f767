import { encode } from 'uqr';
import {
  assertInteger,
  assertOptionalBoolean,
  assertString,
  failValue,
  readOptions,
} from '../internal/asserts.js';
import { hasControl } from '../internal/characters.js';
import { CountersignError } from '../internal/errors.js';

/** Options of {@link qrSvg}. */
export interface QrSvgOptions {
  /** Width and height of one module in CSS pixels: an integer from 1 to 32; 4 by default, which is the least that phones read well. */
  readonly moduleSize?: number | undefined;
  /** The text that a screen reader says: not empty, without control characters; 'QR code' by default. */
  readonly label?: string | undefined;
}

/**
 * Draws the QR code of an otpauth URI as an SVG element: black on white, even on a dark page, with the quiet zone that
 * scanners need.
 *
 * The picture holds the secret: serve it with `Cache-Control: no-store`, keep no copy, and let no other service
 * draw it. It has no script, style, id or link, so it can stand in a page, or in an `<img>` under a strict
 * content security policy that allows `data:` images.
 *
 * @param uri - an otpauth URI of at most 2,331 printable ASCII characters: what `formatOtpauthUri` returns
 * @param options - `moduleSize`: CSS pixels, 1 to 32, 4 by default; `label`: for screen readers, 'QR code' by default
 * @returns one `<svg>` element without an XML prolog
 * @throws CountersignError: `ERR_INVALID_URI`, `ERR_OUT_OF_RANGE`, `ERR_INVALID_ARGUMENT`,
 *   `ERR_UNKNOWN_OPTION`; no message holds any part of the URI
 * @see ISO/IEC 18004 (QR code), https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 * @example
 * ```ts
 * import { formatOtpauthUri, Secret } from 'countersign';
 * import { qrSvg } from 'countersign/qr';
 *
 * const uri = formatOtpauthUri(Secret.generate(), { issuer: 'Example', account: 'ada@example.com' });
 * const svg = qrSvg(uri, { label: 'QR code for your authenticator app' });
 * const image = `<img alt="QR code" src="data:image/svg+xml,${encodeURIComponent(svg)}">`;
 * console.log(image.length > 0); // true
 * ```
 */
export function qrSvg(uri: string, options: QrSvgOptions = {}): string {
  const { moduleSize = 4, label = 'QR code' } = readOptions('options', options, ['moduleSize', 'label']);
  assertInteger('moduleSize', moduleSize, 1, 32);
  assertLabel(label);
  const matrix = qrMatrix(uri);
  const modules = matrix.length;
  const pixels = modules * moduleSize;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${modules} ${modules}" width="${pixels}" ` +
    `height="${pixels}" shape-rendering="crispEdges" role="img" aria-label="${escapeXml(label)}">` +
    `<path fill="#fff" d="M0 0h${modules}v${modules}H0z"/>` +
    `<path stroke="#000" d="${strokes(matrix)}"/></svg>`
  );
}

/** A stroke one module wide for each run of dark modules: half the bytes of filled rectangles. */
function strokes(matrix: QrMatrix): string {
  return matrix.map(rowStrokes).join('');
}

/** Each row begins with light modules, those of the quiet zone, so it is pairs of a move and a stroke. */
function rowStrokes(row: readonly boolean[], y: number): string {
  const bits = row.map(Number).join('');
  const pairs = Array.from(bits.matchAll(/(0+)(1+)/g), ([, light = '', dark = '']) => {
    return `m${light.length} 0h${dark.length}`;
  });
  return `M0 ${y}.5${pairs.join('')}`;
}

function assertLabel(label: unknown): asserts label is string {
  assertString('label', label);
  if (label === '') failValue('label', 'text that is not empty');
  // XML has no way to write these, escaped or not.
  if (hasControl(label) || /[\uFFFE\uFFFF]/.test(label)) {
    failValue('label', 'text without control characters, halves of surrogate pairs, U+FFFE and U+FFFF');
  }
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Options of {@link qrTerminal}. */
export interface QrTerminalOptions {
  /** Whether to set black on white by ANSI colours: true by default; false makes bare characters, for dark terminals only. */
  readonly ansi?: boolean | undefined;
}

/**
 * Draws the QR code of an otpauth URI with half-block characters, two modules above each other in a cell.
 *
 * With `ansi`, each line sets black on white and resets at its end, so that the code scans on dark and light
 * terminals. Without it the light modules are the ones drawn, in the terminal's own text colour: right for light
 * text on a dark background. On a light one it is a negative, which many phones cannot read.
 *
 * A URI of 125 characters needs 57 columns and 29 lines; a narrower terminal wraps the lines and nothing scans.
 *
 * @param uri - an otpauth URI of at most 2,331 printable ASCII characters: what `formatOtpauthUri` returns
 * @param options - `ansi`: whether to set colours; true by default
 * @returns lines joined by a line feed, none behind the last
 * @throws CountersignError: `ERR_INVALID_URI`, `ERR_OUT_OF_RANGE`, `ERR_INVALID_ARGUMENT`,
 *   `ERR_UNKNOWN_OPTION`; no message holds any part of the URI
 * @see ISO/IEC 18004 (QR code), ECMA-48 8.3.117 (select graphic rendition)
 * @example
 * ```ts
 * import { formatOtpauthUri, Secret } from 'countersign';
 * import { qrTerminal } from 'countersign/qr';
 *
 * const uri = formatOtpauthUri(Secret.generate(), { issuer: 'Example', account: 'ada@example.com' });
 * console.log(qrTerminal(uri));
 * ```
 */
export function qrTerminal(uri: string, options: QrTerminalOptions = {}): string {
  const { ansi = true } = readOptions('options', options, ['ansi']);
  assertOptionalBoolean('ansi', ansi);
  const matrix = qrMatrix(uri);
  if (!ansi) return cellLines(matrix, false).join('\n');
  return cellLines(matrix, true)
    .map((line) => `${blackOnWhite}${line}${reset}`)
    .join('\n');
}

// Colours 16 and 231 are a fixed black and white; the first sixteen depend on the user's theme.
const blackOnWhite = '\x1b[38;5;16;48;5;231m';
const reset = '\x1b[0m';

/** Draws the modules that equal `ink`, and leaves the others to the background. */
function cellLines(matrix: QrMatrix, ink: boolean): string[] {
  const lines: string[] = [];
  for (let y = 0; y < matrix.length; y += 2) {
    lines.push(cellLine(matrix[y], matrix[y + 1], ink));
  }
  return lines;
}

/** The number of rows is odd: below the last one everything counts as light, like the quiet zone. */
function cellLine(upper: readonly boolean[] = [], lower: readonly boolean[] = [], ink: boolean): string {
  return upper.map((dark, x) => glyph(dark === ink, (lower[x] ?? false) === ink)).join('');
}

function glyph(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}

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
