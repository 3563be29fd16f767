/**
 * QR codes of otpauth URIs for a page or a terminal, drawn here and sent nowhere.
 *
 * @module countersign/qr
 */
export { qrSvg, type QrSvgOptions, qrTerminal, type QrTerminalOptions } from './qr-code.js';
