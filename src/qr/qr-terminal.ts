import { assertOptionalBoolean, readOptions } from '../internal/asserts.js';
import { qrMatrix, type QrMatrix } from './qr-matrix.js';

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
