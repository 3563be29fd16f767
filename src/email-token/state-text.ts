import { readRecordText } from '../internal/record-text.js';
import type { LiveToken, TokenState } from './token-state.js';

/** The text of a state as a store holds it: a list in JSON, short, since a store may hold millions. */
export function formatState({ token, sentAt, failures }: TokenState): string {
  // Written out, because `JSON.stringify` was a tenth of all that issuing a token computes.
  return `[${VERSION},${token ? formatToken(token) : 'null'},[${sentAt.join()}],[${failures.at.join()}],${failures.inARow}]`;
}

/** Reads {@link formatState}'s text back; throws `ERR_RECORD_UNREADABLE` if it is anything else. */
export function parseState(text: string): TokenState {
  const [, token, sentAt, failedAt, inARow] = readRecordText(text, VERSION) as [
    number,
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

/** Of the texts only the address can hold what has to be escaped: the others are base64url. */
function formatToken({ challenge, digest, to, issuedAt, expiresAt, attempts }: LiveToken): string {
  return `["${challenge}","${digest}",${JSON.stringify(to)},${issuedAt},${expiresAt},${attempts}]`;
}

function parseToken([challenge, digest, to, issuedAt, expiresAt, attempts]: StoredToken): LiveToken {
  return { challenge, digest, to, issuedAt, expiresAt, attempts };
}
