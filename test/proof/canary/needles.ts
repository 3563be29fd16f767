/** Every spelling in which a secret could stand in a text, and the search for them. */
import { encodeBase32 } from '../../../src/otp/base32.js';

/** What a needle is: a channel may be allowed some kinds and not others. */
export type Kind =
  | 'key'
  | 'secret'
  | 'uri'
  | 'mailed code'
  | 'app code'
  | 'recovery code'
  | 'cookie'
  | 'ticket'
  | 'address'
  | 'user id';

/** One spelling of one secret. */
export interface Needle {
  readonly kind: Kind;
  readonly encoding: string;
  readonly matches: (text: string) => boolean;
}

/** A secret as text or bytes. */
export interface Canary {
  readonly kind: Kind;
  readonly value: string | Uint8Array;
}

/** The spellings of a secret. */
export function needlesOf({ kind, value }: Canary): Needle[] {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const spellings = [
    ...(typeof value === 'string' ? spellingsOfText(value) : []),
    ...spellingsOfBytes(bytes),
  ];
  const unlike = new Map(
    spellings.filter(([, text]) => text.length >= 6).map(([encoding, text]) => [text, encoding]),
  );
  return [...unlike]
    .map(([text, encoding]) => [encoding, text] as const)
    .map(([encoding, text]) => ({ kind, encoding, matches: matcher(text) }));
}

/** Everything that a log could make of a value, and of the errors below it. */
export function printed(value: unknown, inspect: (value: unknown) => string): string {
  const json = JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
  const below = value instanceof Error ? `${value.stack ?? ''}\n${printed(value.cause, inspect)}` : '';
  const shown = inspect(value);
  // Bytes are shown in columns, over several lines.
  return `${shown}\n${shown.replaceAll(/\s+/g, ' ')}\n${json}\n${below}`;
}

type Spelling = readonly [encoding: string, text: string];

function spellingsOfText(text: string): Spelling[] {
  const bare = text.replaceAll(/[\s-]/g, '');
  const withSpace = text.replace(/^(\d{3})(\d{3})$/, '$1 $2');
  return [
    ['utf8', text],
    ['utf8, percent-encoded', encodeURIComponent(text)],
    ['utf8, as JSON', JSON.stringify(text).slice(1, -1)],
    ['without separators', bare],
    ['without separators, lower case', bare.toLowerCase()],
    ['digits, in groups', withSpace],
  ];
}

function spellingsOfBytes(bytes: Uint8Array): Spelling[] {
  const buffer = Buffer.from(bytes);
  const shifts = bytes.length >= 12 ? [0, 1, 2] : [0];
  return [
    ['hex', buffer.toString('hex')],
    ['hex, upper case', buffer.toString('hex').toUpperCase()],
    ['hex, in pairs', buffer.toString('hex').replaceAll(/..(?=.)/g, '$& ')],
    ['base32', encodeBase32(bytes)],
    ['base32, lower case', encodeBase32(bytes).toLowerCase()],
    ['decimal', buffer.join(', ')],
    ['decimal, close', buffer.join(',')],
    ['decimal, as an object in JSON', JSON.stringify(Uint8Array.from(bytes)).slice(1, -1)],
    ...shifts.flatMap((shift): Spelling[] => [
      [`base64, ${shift} bytes in`, innerBase64(buffer, shift, 'base64')],
      [`base64url, ${shift} bytes in`, innerBase64(buffer, shift, 'base64url')],
    ]),
  ];
}

/** The part of a base64 text that depends on these bytes alone, when so many bytes stand before them. */
function innerBase64(bytes: Buffer, shift: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString(encoding)
    .replaceAll('=', '');
  const whole = Math.floor(((shift + bytes.length) * 8) / 6);
  return text.slice(Math.ceil((shift * 8) / 6), whole);
}

/** A run of digits counts where it stands alone: six of the thirteen digits of an instant are no code. */
function matcher(text: string): (text: string) => boolean {
  if (!/^\d+$/.test(text)) return (hay) => hay.includes(text);
  const alone = new RegExp(`(?<![\\d.])${text}(?!\\d)`);
  return (hay) => hay.includes(text) && alone.test(hay);
}
