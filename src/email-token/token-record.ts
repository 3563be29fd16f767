import { fields, instant, integer, list, nullable, oneOf, type Reader, text } from '../store/record.js';
import { type LiveToken, MAX_PAST, type PastToken, type TokenState } from './token-state.js';

const MAX_NAME = 512;
const MAX_ADDRESS = 320;
/** Short texts that the library makes itself: ids, names of keys, bindings, salts, digests. */
export const shortText: Reader<string> = (value) => text(64)(value);
const MAX_FAILURES = 100;
const MAX_SENDS = 200;
const MAX_COUNT = 1_000_000;

const liveToken: Reader<LiveToken> = (value) =>
  fields<LiveToken>({
    id: shortText,
    key: shortText,
    purpose: text(MAX_NAME),
    to: nullable(text(MAX_ADDRESS)),
    issuedAt: instant,
    expiresAt: instant,
    attempts: integer(0, MAX_COUNT),
    mails: integer(0, MAX_COUNT),
  })(value);

const pastToken: Reader<PastToken> = (value) =>
  fields<PastToken>({
    bound: shortText,
    key: shortText,
    expiresAt: instant,
    end: oneOf('superseded', 'redeemed'),
  })(value);

/** Reads the fields that every record with mailed tokens has. */
export const tokenFields: Reader<TokenState> = (value) =>
  fields<TokenState>({
    token: nullable(liveToken),
    sending: nullable(liveToken),
    long: nullable(liveToken),
    longSentAt: nullable(instant),
    past: list(pastToken, MAX_PAST),
    sentAt: list(instant, MAX_SENDS),
    failures: fields({ at: list(instant, MAX_FAILURES), inARow: integer(0, MAX_COUNT) }),
    voidBefore: nullable(instant),
  })(value);
