import { isSeparator } from '../internal/characters.js';
import { CountersignError } from '../internal/errors.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Encodes bytes as Base32 in upper case without padding (RFC 4648 section 6). */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((buffer >>> bits) & 31);
    }
    buffer &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet.charAt(buffer << (5 - bits));
  return text;
}

/**
 * Decodes Base32 as people type and paste it: upper or lower case, with spaces and dashes, with or without padding.
 *
 * Everything else is refused: a decoder that guesses at 0, 1, 8 and 9 silently makes a wrong key. Non-zero bits behind
 * the last byte are refused too, since Google Authenticator for iOS refuses them.
 *
 * @param name - what to call the text in errors, which give an index and never the text
 * @param text - the text
 * @param allowTailBits - whether to drop non-zero bits behind the last byte
 * @returns the bytes
 * @throws {@link CountersignError} `ERR_INVALID_BASE32`
 */
export function decodeBase32(name: string, text: string, allowTailBits = false): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let length = 0;
  let digits = 0;
  let buffer = 0;
  let bits = 0;
  let index = 0;
  for (; index < text.length; index++) {
    const value = valueOf(text.charCodeAt(index));
    if (value < 0) {
      if (text[index] === '=') break;
      index += separatorLength(name, text, index) - 1;
      continue;
    }
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    digits++;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (buffer >>> bits) & 0xff;
    }
  }
  assertPadding(name, text, index, digits);
  if (!allowTailBits && (buffer & ((1 << bits) - 1)) !== 0)
    fail(name, 'non-zero tail bits, which allowTailBits drops');
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

/** What may stand behind so many digits of the last group of eight; a group cannot have 1, 3 or 6. */
const paddings = ['', undefined, '======', undefined, '====', '===', undefined, '='];

function assertPadding(name: string, text: string, index: number, digits: number): void {
  const padding = paddings[digits % 8];
  if (padding === undefined) fail(name, 'an impossible length');
  if (index === text.length) return;
  const rest = Array.from(text.slice(index)).filter((character) => !isSeparator(character));
  if (rest.join('') !== padding) fail(name, `wrong padding at index ${index}`);
}

/** How many code units the separator at an index takes. */
function separatorLength(name: string, text: string, index: number): number {
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  if (!isSeparator(character)) fail(name, `a wrong character at index ${index}`);
  return character.length;
}

/** 0 to 31, or -1. By code unit: `toUpperCase` would turn U+017F into S and U+0131 into I. */
function valueOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return unit - 97;
  if (unit >= 65 && unit <= 90) return unit - 65;
  if (unit >= 50 && unit <= 55) return unit - 24;
  return -1;
}

function fail(name: string, what: string): never {
  throw new CountersignError('ERR_INVALID_BASE32', `${name} is not Base32: it has ${what}`);
}
