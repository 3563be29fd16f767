import { assertAddress, assertName, assertString, readOptions } from '../internal/asserts.js';

/** The customer and the purpose of a token. */
export interface TokenTarget {
  /**
   * The customer: from 1 to 512 characters. Pass the primary key that your database returned, never what was typed:
   * another spelling is another account.
   */
  readonly subject: string;
  /** What the token is for, such as `'login'`: from 1 to 512 characters. It cannot be used for another purpose. */
  readonly purpose: string;
}

/** Arguments of {@link EmailTokens.issue}. */
export interface IssueRequest extends TokenTarget {
  /** The address stored with the customer; null for an unknown one, who gets the same answer as a known one. */
  readonly to: string | null;
  /** The language of the mail, such as `'de'` or `'en-GB'`; English by default. */
  readonly locale?: string | undefined;
  /**
   * Any value: it is passed on to `render`, `send` and the events. The built-in mails read `timeZone` from it, such as
   * `'Europe/Berlin'`.
   */
  readonly context?: unknown;
}

/** Arguments of {@link EmailTokens.redeem}. */
export interface RedeemRequest extends TokenTarget {
  /** What `issue` returned, kept in the session of the person who is logging in. */
  readonly challenge: unknown;
  /** What the person typed, whatever that is. */
  readonly code: unknown;
}

/** What {@link EmailTokens.issue} resolves to. */
export type IssueResult =
  | {
      readonly ok: true;
      /** Says that this session asked for the token: at most 200 characters, good for `ttlSeconds`. */
      readonly challenge: string;
      /** Whether a mail was sent now. If not, one that is on its way, or in the mailbox, serves this request too. */
      readonly sent: boolean;
      /** Present if the code has 25 letters and digits, good for 24 hours: the account takes no short code. */
      readonly long?: true;
      /** When the code expires. */
      readonly expiresAt: Date;
      /** When another mail may be sent. */
      readonly resendAt: Date;
    }
  | {
      readonly ok: false;
      /**
       * `cooldown`: another mail was sent just now, for another address or purpose. `limit`: too many mails. `locked`:
       * too many failures, and the long code was sent and used.
       */
      readonly reason: 'cooldown' | 'limit' | 'locked';
      readonly retryAt: Date;
    };

/** Why {@link EmailTokens.redeem} refused a code. */
export type RedeemRefusalReason =
  | 'malformed'
  | 'mismatch'
  | 'superseded'
  | 'replayed'
  | 'unknown'
  | 'expired'
  | 'exhausted'
  | 'delayed'
  | 'locked';

/** What {@link EmailTokens.redeem} resolves to. */
export type RedeemResult =
  | {
      readonly ok: true;
      readonly subject: string;
      readonly purpose: string;
      /** The address that the code was sent to, which is now proved. */
      readonly to: string;
    }
  | {
      readonly ok: false;
      /**
       * `malformed`: it cannot be a code; nothing was counted. `mismatch`: wrong, counted. `superseded`: the code of an
       * older mail, not counted. `replayed`: used already, not counted. `unknown`: no token for this challenge.
       * `expired`. `exhausted`: the token takes no more guesses. `delayed`: too soon after failures, not evaluated.
       * `locked`: too many failures.
       */
      readonly reason: RedeemRefusalReason;
      /** How many more wrong codes the token takes. */
      readonly attemptsLeft?: number;
      /** When the next code is evaluated. */
      readonly retryAt?: Date;
    };

/** Something that happened to an account's tokens, for an audit log: no event holds a code. */
export type EmailTokenEvent = EmailTokenEventDetails & {
  /** The customer. */
  readonly subject: string;
  /** The purpose of the token. */
  readonly purpose: string;
  /** When it happened. */
  readonly at: Date;
  /** What the application passed as `context`; missing where it passed none. */
  readonly context?: unknown;
  /** Present after `issue` with `to: null`: such an event says nothing about the customer's own tokens. */
  readonly decoy?: true;
};

/** The details of each type of {@link EmailTokenEvent}; the names are stable. */
export type EmailTokenEventDetails =
  /** A fresh token. */
  | { readonly type: 'issued'; readonly expiresAt: Date; readonly long?: true }
  /** A request was answered with the token there was. */
  | { readonly type: 'joined'; readonly expiresAt: Date; readonly long?: true }
  | { readonly type: 'sent' }
  | { readonly type: 'send_failed' }
  | { readonly type: 'redeemed' }
  | {
      readonly type: 'rejected';
      readonly action: 'issue' | 'redeem';
      readonly reason: string;
      /** Failures in the rolling window; present if the code was evaluated and counted. */
      readonly failures?: number;
    }
  | { readonly type: 'locked'; readonly until: Date }
  | { readonly type: 'unlocked' }
  | { readonly type: 'revoked' }
  | { readonly type: 'erased' };

/** Receives events; what it throws or rejects with is ignored, since a log that fails must not undo a login. */
export type OnEmailTokenEvent = (event: EmailTokenEvent) => unknown;

/** Six-digit tokens by e-mail: made by {@link createEmailTokens}. */
export interface EmailTokens {
  /**
   * Issues a token and sends it, or joins the one that is on its way: anyone who asks twice gets in with the newest mail.
   *
   * @param request - the customer, the purpose and the address; `to: null` does the same work, sends nothing and leaves
   *   the customer's own tokens alone
   * @returns the challenge to redeem with, or why there is no mail yet
   * @throws {@link CountersignError} `ERR_SEND_FAILED` if the mail was not rendered or not accepted (it leaves no token
   *   that was not there before, and costs no cooldown), `ERR_STORE_FAILED`, `ERR_STORE_CONTENTION`,
   *   `ERR_RECORD_UNREADABLE`, `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
   * @example
   * ```ts
   * import { createEmailTokens, memoryStore } from 'countersign';
   *
   * const tokens = createEmailTokens({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   send: async ({ code }) => void code,
   * });
   * const request = { subject: '12345', purpose: 'login', to: 'customer@example.com' };
   * const first = await tokens.issue(request);
   * const again = await tokens.issue(request); // a double click
   * console.log(first.ok && first.sent, again.ok && again.sent); // true false
   * ```
   */
  issue(request: IssueRequest): Promise<IssueResult>;
  /**
   * Redeems a token with the code from the mail: at most once, whatever the concurrency.
   *
   * @param request - the customer, the purpose, the challenge, and what the person typed
   * @returns the customer and the address that is proved, or why the code was refused; never throws because of
   *   `challenge` or `code`
   * @throws {@link CountersignError} `ERR_STORE_FAILED`, `ERR_STORE_CONTENTION`, `ERR_RECORD_UNREADABLE`,
   *   `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
   * @example
   * ```ts
   * import { createEmailTokens, memoryStore } from 'countersign';
   *
   * const mails: string[] = [];
   * const tokens = createEmailTokens({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   send: async ({ code }) => void mails.push(code),
   * });
   * const target = { subject: '12345', purpose: 'login' };
   * const issued = await tokens.issue({ ...target, to: 'customer@example.com' });
   * const challenge = issued.ok ? issued.challenge : null;
   * const result = await tokens.redeem({ ...target, challenge, code: mails[0] });
   * console.log(result.ok && result.to); // customer@example.com
   * ```
   */
  redeem(request: RedeemRequest): Promise<RedeemResult>;
  /**
   * Ends the live token and voids every challenge issued so far: call it when an address or a password changes.
   *
   * @param target - the customer and the purpose
   * @throws {@link CountersignError} as `issue`, except `ERR_SEND_FAILED`
   * @example
   * ```ts
   * import { createEmailTokens, memoryStore } from 'countersign';
   *
   * const tokens = createEmailTokens({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   send: async ({ code }) => void code,
   * });
   * await tokens.revoke({ subject: '12345', purpose: 'login' });
   * ```
   */
  revoke(target: TokenTarget): Promise<void>;
  /**
   * Forgets the failures and the mail quota. Operators call it once they have verified who is asking.
   *
   * @param target - the customer and the purpose
   * @throws {@link CountersignError} as `issue`, except `ERR_SEND_FAILED`
   * @example
   * ```ts
   * import { createEmailTokens, memoryStore } from 'countersign';
   *
   * const tokens = createEmailTokens({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   send: async ({ code }) => void code,
   * });
   * await tokens.unlock({ subject: '12345', purpose: 'login' });
   * ```
   */
  unlock(target: TokenTarget): Promise<void>;
  /**
   * Removes everything about a subject and purpose, damaged records too: call it when an account is deleted. Challenges
   * issued so far stay void.
   *
   * @param target - the customer and the purpose
   * @throws {@link CountersignError} `ERR_STORE_FAILED`, `ERR_STORE_CONTENTION`, `ERR_INVALID_ARGUMENT`,
   *   `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
   * @example
   * ```ts
   * import { createEmailTokens, memoryStore } from 'countersign';
   *
   * const tokens = createEmailTokens({
   *   store: memoryStore(),
   *   keys: crypto.getRandomValues(new Uint8Array(32)),
   *   send: async ({ code }) => void code,
   * });
   * await tokens.erase({ subject: '12345', purpose: 'login' });
   * ```
   */
  erase(target: TokenTarget): Promise<void>;
}

/** Reads the arguments of `issue`. */
export function readIssueRequest(request: IssueRequest): IssueRequest {
  const own = readTarget(request, ['to', 'locale', 'context']);
  if (own.to !== null) assertAddress('to', own.to);
  if (own.locale !== undefined) assertString('locale', own.locale);
  return own;
}

/** Reads the arguments of `redeem`; challenge and code may be anything. */
export function readRedeemRequest(request: RedeemRequest): RedeemRequest {
  return readTarget(request, ['challenge', 'code']);
}

/** Reads arguments that name a subject and a purpose. */
export function readTarget<Request extends TokenTarget>(
  request: Request,
  others: readonly string[] = [],
): Request {
  const own = readOptions('request', request, ['subject', 'purpose', ...others]);
  assertName('subject', own.subject);
  assertName('purpose', own.purpose);
  return own;
}
