/** A mail as `send` receives it. */
export interface OutboxMail {
  readonly to: string;
  readonly code: string;
  readonly subject: string;
  readonly purpose: string;
  readonly expiresAt: Date;
  readonly message: {
    readonly subject: string;
    readonly text: string;
    readonly html: string;
    readonly headers: Readonly<Record<string, string>>;
  };
}

/** A mail service that keeps what it is given. */
export interface Outbox {
  /** The `send` option of `createEmailTokens` and `createTwoFactor`; may be passed on by itself. */
  send: (mail: OutboxMail) => Promise<void>;
  /** The mails accepted, oldest first. */
  readonly mails: readonly OutboxMail[];
  /** Makes the next `send` reject, as a mail service does that is down; the mail is not kept. */
  refuseNext: () => void;
}

/**
 * A mail service for tests.
 *
 * @returns an empty outbox
 * @example
 * ```ts
 * import { outbox } from 'countersign/testing';
 *
 * const { send, mails } = outbox();
 * // … issue a token with this `send`, then:
 * console.log(mails.at(-1)?.code);
 * ```
 */
export function outbox(): Outbox {
  const mails: OutboxMail[] = [];
  let refusals = 0;
  return {
    mails,
    refuseNext: () => {
      refusals++;
    },
    send: (mail) => {
      if (refusals === 0) {
        mails.push(mail);
        return Promise.resolve();
      }
      refusals--;
      return Promise.reject(new Error('the outbox was told to refuse this mail'));
    },
  };
}
