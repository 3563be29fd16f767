import { assertInteger, assertOptions, assertString, failType } from '../internal/asserts.js';
import { hasControl } from '../internal/characters.js';
import { qrMatrix, type QrMatrix } from './qr-matrix.js';

/** Options of {@link qrSvg}. */
export interface QrSvgOptions {
  /** Width and height of one module in CSS pixels, 1 to 32; default 4. Phones want at least 4. */
  readonly moduleSize?: number | undefined;
  /** What a screen reader says; not empty, no control characters; default 'QR code'. */
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
 * @param uri - an otpauth URI, at most 2331 printable ASCII characters: what `formatOtpauthUri` returns
 * @param options - `moduleSize` in pixels (1 to 32, default 4) and `label` for screen readers (default 'QR code')
 * @returns one `<svg>` element without an XML prolog
 * @throws CountersignError: `ERR_INVALID_URI`, `ERR_OUT_OF_RANGE`, `ERR_INVALID_ARGUMENT`,
 * `ERR_UNKNOWN_OPTION`; the message never has the URI in it
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
  assertOptions('options', options, ['moduleSize', 'label']);
  const { moduleSize = 4, label = 'QR code' } = options;
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

/** The quiet zone makes each row begin with a light run, so a row is pairs of a move and a stroke. */
function rowStrokes(row: readonly boolean[], y: number): string {
  const bits = row.map(Number).join('');
  const pairs = Array.from(bits.matchAll(/(0+)(1+)/g), ([, light = '', dark = '']) => {
    return `m${light.length} 0h${dark.length}`;
  });
  return `M0 ${y}.5${pairs.join('')}`;
}

/** XML has no way to write a control character, a lone surrogate or a non-character, escaped or not. */
function assertLabel(label: unknown): asserts label is string {
  assertString('label', label);
  if (label === '' || hasControl(label) || /[\uFFFE\uFFFF]/.test(label)) {
    failType('label', 'text with no control characters, and not empty', label);
  }
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
