import { readRecordText } from '../internal/record-text.js';
import type { LiveToken, TokenState } from './token-state.js';

/** The text of a state as a store holds it: short, since a store may hold millions. */
export function formatState({ token, sentAt, failures }: TokenState): string {
  return JSON.stringify([VERSION, token && formatToken(token), sentAt, failures.at, failures.inARow]);
}

/** Reads {@link formatState}'s text back; throws `ERR_RECORD_UNREADABLE` if it is anything else. */
export function parseState(text: string): TokenState {
  const [token, sentAt, failedAt, inARow] = readRecordText(text, VERSION) as [
    StoredToken | null,
    number[],
    number[],
    number,
  ];
  return { token: token && parseToken(token), sentAt, failures: { at: failedAt, inARow } };
}

const VERSION = 1;

type StoredToken = [
  challenge: string,
  digest: string,
  to: string | null,
  issuedAt: number,
  expiresAt: number,
  attempts: number,
];

function formatToken({ challenge, digest, to, issuedAt, expiresAt, attempts }: LiveToken): StoredToken {
  return [challenge, digest, to, issuedAt, expiresAt, attempts];
}

function parseToken([challenge, digest, to, issuedAt, expiresAt, attempts]: StoredToken): LiveToken {
  return { challenge, digest, to, issuedAt, expiresAt, attempts };
}
