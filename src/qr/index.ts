/**
 * QR codes of otpauth URIs, drawn here and sent nowhere.
 *
 * @module countersign/qr
 */
/**
 * The QR code of an otpauth URI, for a page or a terminal.
 *
 * @packageDocumentation
 */
export { qrSvg, type QrSvgOptions } from './qr-svg.js';
export { qrTerminal, type QrTerminalOptions } from './qr-terminal.js';
