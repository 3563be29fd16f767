import { equalBytes, fromBase64Url, toBase64Url } from '../internal/bytes.js';
import { deriveMacKeys, type KeySet, type MacKey } from '../internal/keys.js';
import { randomBytes } from '../internal/random.js';

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
 * What a ticket was given for: a mailed token, a login of the two-factor flow, or a recovery code that was used. A ticket
 * of one kind is refused as another: a token for a new address may have been asked for without a password.
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
