import { equalBytes, fromBase64Url, toBase64Url, utf8 } from '../internal/bytes.js';
import { deriveMacKeys, type KeySet, type MacKey } from '../internal/keys.js';
import { randomBytes } from '../internal/random.js';
import { normalizeTyped } from '../otp/code.js';
import type { Digits } from '../otp/parameters.js';

/** What a ticket stands for. */
export interface TicketClaims {
  readonly subject: string;
  readonly purpose: string;
  /** Whether it belongs to a null address, and so to the record beside the customer's. */
  readonly isNull: boolean;
}

/** A ticket that is genuine; whether it is still good is up to the record and the clock. */
export interface Ticket {
  readonly isNull: boolean;
  /** When it was issued, in ms. */
  readonly at: number;
}

/**
 * Makes and reads tickets: the challenges that say "the password was right", for one subject and one purpose.
 *
 * A ticket is a nonce, an instant and a MAC. It needs no row in the store, so a join costs no write and no number of
 * open logins fills a record. Whether it belongs to a null address stands in the MAC's input only, so nobody can read
 * it, and both are tried each time.
 */
export interface Tickets {
  readonly issue: (claims: TicketClaims, at: number) => string;
  /** Null for anything that is no ticket for this subject and purpose. */
  readonly read: (ticket: unknown, about: Pick<TicketClaims, 'subject' | 'purpose'>) => Ticket | null;
}

/**
 * What a ticket was given for: a mailed token, a login of the two-factor flow, or a recovery code that was used. A
 * ticket of one kind is never accepted as another: a token for a new address may have been asked for without a
 * password.
 */
export type TicketKind = 'token' | 'challenge' | 'proof';

/** Makes the tickets of one kind from an application's keys. */
export function ticketsOf(keys: KeySet, kind: TicketKind): Tickets {
  const macKeys = deriveMacKeys(keys, `ticket ${kind}`);
  return {
    issue: (claims, at) => {
      const head = Uint8Array.of(...instantBytes(at), ...randomBytes(NONCE_BYTES));
      return toBase64Url(Uint8Array.of(...head, ...macOf(macKeys[0], head, claims)));
    },
    read: (ticket, about) => {
      const bytes = readTicket(ticket);
      return bytes && verify(macKeys, bytes, about);
    },
  };
}

const INSTANT_BYTES = 6;
const NONCE_BYTES = 16;
const MAC_BYTES = 16;
const HEAD_BYTES = INSTANT_BYTES + NONCE_BYTES;
/** 38 bytes in base64url. */
const TICKET_FORM = /^[\w-]{51}$/;

/** A ticket has one spelling: two bits of its last character mean nothing, and are zero. */
function readTicket(ticket: unknown): Uint8Array | null {
  if (typeof ticket !== 'string' || !TICKET_FORM.test(ticket)) return null;
  const bytes = fromBase64Url('challenge', ticket);
  return toBase64Url(bytes) === ticket ? bytes : null;
}

/** Computes both MACs under every key, whatever matched, so that time tells nothing about a ticket. */
function verify(
  macKeys: readonly MacKey[],
  bytes: Uint8Array,
  about: Pick<TicketClaims, 'subject' | 'purpose'>,
): Ticket | null {
  const head = bytes.slice(0, HEAD_BYTES);
  const mac = bytes.slice(HEAD_BYTES);
  const isFor = (isNull: boolean): boolean =>
    macKeys.filter((key) => equalBytes(macOf(key, head, { ...about, isNull }), mac)).length > 0;
  const [isReal, isNull] = [isFor(false), isFor(true)];
  return isReal || isNull ? { isNull, at: readInstant(head) } : null;
}

function macOf({ mac }: MacKey, head: Uint8Array, { subject, purpose, isNull }: TicketClaims): Uint8Array {
  return mac([toBase64Url(head), subject, purpose, isNull ? 'null' : 'real']).slice(0, MAC_BYTES);
}

/** 48 bits of milliseconds reach the year 10889. */
function instantBytes(at: number): number[] {
  return Array.from(
    { length: INSTANT_BYTES },
    (_, index) => Math.floor(at / 256 ** (INSTANT_BYTES - 1 - index)) % 256,
  );
}

function readInstant(head: Uint8Array): number {
  return head.slice(0, INSTANT_BYTES).reduce((value, byte) => value * 256 + byte, 0);
}

/** What the code of a token is derived from. */
export interface CodeSource {
  /** 128 random bits. */
  readonly id: string;
  /** Short name of the key under which the code is derived. */
  readonly key: string;
  readonly purpose: string;
  /** The recipient; null for a customer who does not exist. */
  readonly to: string | null;
}

/** A token's id bound to its recipient: what is left of a token that ended, so that its address can go. */
export interface Binding {
  /** 128 bits of a MAC, which reveal neither the code nor the address. */
  readonly bound: string;
  /** Short name of the key. */
  readonly key: string;
}

/** The two forms of a mailed code: a few digits, or 25 letters and digits for an account that takes no short code. */
export type CodeForm = 'digits' | 'letters';

/** Derives the codes of one subject's tokens. Everything is computed from the token and a key, and nothing is stored. */
export interface MailedCodes {
  /** The key for new tokens. */
  readonly newKey: string;
  /** Tells whether a key is still there. */
  readonly knows: (key: string) => boolean;
  /** The binding of a token; null if its key is gone. */
  readonly bind: (token: CodeSource) => Binding | null;
  /** The code of a token; null if its key is gone. */
  readonly codeOf: (token: CodeSource, form: CodeForm) => string | null;
  /** Tells whether a typed code is the token's. */
  readonly isCodeOf: (token: CodeSource, typed: TypedCode) => boolean;
  /** Tells whether a typed code was the code of a token that ended, for that purpose. */
  readonly isPastCode: (past: Binding, purpose: string, typed: TypedCode) => boolean;
}

/** A typed code in its canonical form, without separators. */
export interface TypedCode {
  readonly form: CodeForm;
  readonly text: string;
}

/** Nothing that is mistaken for something else on paper: none of 0 O, 1 I L, 2 Z, 5 S, 8 B, and no U beside V. */
export const LETTERS = '34679ACDEFGHJKMNPQRTVWXY';
/** 25 of 24 characters: log2(24^25) is 114.6 bits, above the 112 of NIST SP 800-63B-4 section 3.1.2.2. */
export const LETTERS_LENGTH = 25;

/** Makes the codes of each subject from an application's keys. */
export function mailedCodes(keys: KeySet, digits: Digits): (subject: string) => MailedCodes {
  const macKeys = deriveMacKeys(keys, 'mailed code');
  const [{ name: newKey }] = macKeys;
  const keyOf = (name: string): MacKey | undefined => macKeys.find((key) => key.name === name);
  return (subject) => {
    const bind = ({ id, key, to }: CodeSource): Binding | null => {
      const mac = keyOf(key)?.mac(['binding', subject, id, to ?? '']);
      return mac === undefined ? null : { bound: toBase64Url(mac.slice(0, BINDING_BYTES)), key };
    };
    const codeOfBinding = ({ bound, key }: Binding, purpose: string, form: CodeForm): string | null => {
      const mac = keyOf(key)?.mac(['code', form, String(digits), purpose, subject, bound]);
      if (mac === undefined) return null;
      return form === 'digits' ? toDigits(mac, digits) : toLetters(mac);
    };
    const codeOf = (token: CodeSource, form: CodeForm): string | null => {
      const binding = bind(token);
      return binding && codeOfBinding(binding, token.purpose, form);
    };
    return {
      newKey,
      knows: (key) => keyOf(key) !== undefined,
      bind,
      codeOf,
      isCodeOf: (token, typed) => equalCodes(codeOf(token, typed.form), typed.text),
      isPastCode: (past, purpose, typed) => equalCodes(codeOfBinding(past, purpose, typed.form), typed.text),
    };
  };
}

/** A recovery code and a long mailed code as people read them: five groups of five. */
export function formatLetters(code: string): string {
  return code.match(/.{5}/g)?.join('-') ?? code;
}

/** Reads a typed code: as many digits as one of `lengths`, or 25 characters; null if it is neither. */
export function readTypedCode(code: unknown, lengths: readonly number[]): TypedCode | null {
  const text = normalizeTyped(code)?.toUpperCase() ?? '';
  if (/^[0-9]+$/.test(text) && lengths.includes(text.length)) return { form: 'digits', text };
  return isLetters(text) ? { form: 'letters', text } : null;
}

const BINDING_BYTES = 16;
/** 128 bits modulo 10^8 at most: the most likely code is likelier than the others by one in 2^101. */
const CODE_BYTES = 16;

function isLetters(text: string): boolean {
  return text.length === LETTERS_LENGTH && Array.from(text).every((letter) => LETTERS.includes(letter));
}

function toDigits(mac: Uint8Array, digits: Digits): string {
  let value = 0;
  for (const byte of mac.slice(0, CODE_BYTES)) value = (value * 256 + byte) % 10 ** digits;
  return String(value).padStart(digits, '0');
}

function toLetters(mac: Uint8Array): string {
  let value = mac.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = '';
  while (text.length < LETTERS_LENGTH) {
    text += LETTERS.charAt(Number(value % 24n));
    value /= 24n;
  }
  return text;
}

/** Compares in a time that depends on the lengths alone. */
function equalCodes(code: string | null, typed: string): boolean {
  return code !== null && equalBytes(utf8(code), utf8(typed));
}
