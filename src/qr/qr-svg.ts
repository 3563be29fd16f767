import { assertInteger, assertString, failValue, readOptions } from '../internal/asserts.js';
import { hasControl } from '../internal/characters.js';
import { qrMatrix, type QrMatrix } from './qr-matrix.js';

/** Options of {@link qrSvg}. */
export interface QrSvgOptions {
  /** Width and height of one module in CSS pixels: an integer from 1 to 32; 4 by default, which is the least that phones read well. */
  readonly moduleSize?: number | undefined;
  /** The text that a screen reader says: not empty, without control characters; 'QR code' by default. */
  readonly label?: string | undefined;
}

/**
 * Draws the QR code of an otpauth URI as an SVG element: black on white, also on a dark page, with the quiet
 * zone that scanners need.
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
